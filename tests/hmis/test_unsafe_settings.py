"""Nothing starts with settings that are unsafe, and a sentence says which."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.utils import timezone

from hmis import checks
from hmis.environment import ConfigurationError
from hmis.unsafe_settings import log_refusal, refuse

ROOT = Path(__file__).parents[2]
KEY = "e5xW9rJ2uQ7mZk4TnBvYc8LsHd3PfGa6iNoRtUwXyAjKqMzCbVhDgFpSlEr1O0I"
FERNET = Fernet.generate_key().decode()
PRODUCTION = {
    "DEMO": False,
    "DEBUG": False,
    "HTTPS": True,
    "ALLOW_PLAIN_HTTP": False,
    "SECRET_KEY": KEY,
    "SECRET_KEY_FALLBACKS": [],
    "SSN_HASH_KEY": KEY[::-1],
    "SSN_ENCRYPTION_KEYS": [FERNET],
    "DATABASES": {
        "default": {
            "HOST": "db.city.gov",
            "USER": "hmis",
            "PASSWORD": "q8Zr-41",
            "OPTIONS": {"sslmode": "verify-full"},
        }
    },
    "ALLOWED_HOSTS": ["hmis.city.gov"],
    "CSRF_TRUSTED_ORIGINS": [],
    "SITE_URL": "https://hmis.city.gov/",
    "EMAIL_HOST": "mail.city.gov",
    "EMAIL_USE_TLS": True,
    "REDIS_URL": "rediss://redis.city.gov/0",
    "S3_ENDPOINT_URL": "https://s3.city.gov",
    "CLAMAV_ADDRESS": "tls:clamav.city.gov:3311",
    "TLS_CA_FILE": "",
    "ALLOW_WITHOUT_TLS": [],
    "DEFAULT_FROM_EMAIL": "HMIS <hmis@city.gov>",
    "HELP_DESK_EMAIL": "help@city.gov",
    "TIME_ZONE": "America/New_York",
    "IDLE_TIMEOUT": 1800,
    "IDLE_WARNING": 120,
}
DEMO = PRODUCTION | {
    "DEMO": True,
    "HTTPS": False,
    "DEBUG": True,
    "SITE_URL": "",
    "DATABASES": {"default": {"HOST": "127.0.0.1", "PASSWORD": "password"}},
    "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]", "portal.localhost"],
}


def database(**changed: str) -> dict:
    return {"DATABASES": {"default": PRODUCTION["DATABASES"]["default"] | changed}}


@pytest.mark.parametrize("given", [PRODUCTION, DEMO])
def test_sound_settings_are_accepted(given):
    refuse(given, {})
    refuse(given, {"S3_BUCKET": "files", "SIGNED_DOWNLOADS": "true"})
    store = {"S3_ACCESS_KEY_ID": "a", "S3_SECRET_ACCESS_KEY": "b", "S3_ENDPOINT_URL": "https://s3"}
    refuse(given, store | {"S3_BUCKET": "files"})


@pytest.mark.parametrize(
    "changed",
    [
        {"HTTPS": False, "ALLOW_PLAIN_HTTP": True, "SITE_URL": "http://hmis.city.gov/"},
        {"ALLOWED_HOSTS": [".city.gov"]},
        {"SECRET_KEY_FALLBACKS": [KEY.swapcase()]},
        {"SSN_ENCRYPTION_KEYS": [Fernet.generate_key().decode(), FERNET]},
        database(HOST="", PASSWORD="", OPTIONS={}),  # a socket, where the account counts
        database(OPTIONS={}) | {"ALLOW_WITHOUT_TLS": ["database"]},
        {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True},
        {"EMAIL_USE_TLS": False, "EMAIL_HOST": "127.0.0.1"},
        {"EMAIL_USE_TLS": False, "ALLOW_WITHOUT_TLS": ["mail"]},
        {"REDIS_URL": "redis://127.0.0.1/0", "S3_ENDPOINT_URL": "http://[::1]:9000"},
        {"REDIS_URL": "", "S3_ENDPOINT_URL": "", "CLAMAV_ADDRESS": ""},
        {"CLAMAV_ADDRESS": "unix:/run/clamav/clamd.ctl"},
        {"CLAMAV_ADDRESS": "127.0.0.1:3310"},
    ],
)
def test_unusual_but_sound_settings_are_accepted(changed):
    refuse(PRODUCTION | changed, {})


def test_refused_start_is_in_the_log_without_a_value(caplog):
    log_refusal.cache_clear()
    with pytest.raises(ConfigurationError):
        refuse(PRODUCTION | {"DEBUG": True, "SECRET_KEY": "Vasconcelos"}, {})
    assert [(one.name, one.levelname) for one in caplog.records] == [("hmis.security", "CRITICAL")]
    assert "Vasconcelos" not in caplog.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"DEBUG": True}, "DEBUG shows settings"),
        ({"HTTPS": False}, "HTTPS=false sends passwords"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is too short or no random one"),
        ({"SECRET_KEY": "django-insecure-" + KEY}, "SECRET_KEY is too short or no random one"),
        (
            {"SECRET_KEY_FALLBACKS": [KEY.lower(), "old"]},
            r"SECRET_KEY_FALLBACKS \(2\) is too short",
        ),
        ({"SSN_HASH_KEY": "changeme" * 8}, "SSN_HASH_KEY is too short or no random one"),
        ({"SSN_HASH_KEY": KEY}, "SECRET_KEY and SSN_HASH_KEY are the same"),
        ({"SSN_HASH_KEY": FERNET}, r"SSN_HASH_KEY and SSN_ENCRYPTION_KEYS \(1\) are the same"),
        ({"SSN_ENCRYPTION_KEYS": [FERNET, FERNET]}, r"SSN_ENCRYPTION_KEYS \(1\) and .* the same"),
        ({"SSN_ENCRYPTION_KEYS": [FERNET, "no key"]}, r"SSN_ENCRYPTION_KEYS \(2\) is no key"),
        ({"SSN_ENCRYPTION_KEYS": ["A" * 43 + "="]}, r"SSN_ENCRYPTION_KEYS \(1\) is no key"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": [" "]}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": ["*"]}, r"ALLOWED_HOSTS=\*"),
        ({"SITE_URL": ""}, "no SITE_URL"),
        ({"SITE_URL": "hmis.city.gov"}, "SITE_URL is no address"),
        ({"SITE_URL": "http://hmis.city.gov/"}, "SITE_URL has to begin with https"),
        ({"SITE_URL": "https://other.city.gov/"}, "other.city.gov, which is not among"),
        (database(HOST="db.example.org"), "DATABASE_URL still has"),
        (database(PASSWORD="password"), "password in DATABASE_URL"),
        (database(PASSWORD="hmis"), "password in DATABASE_URL"),
        ({"ALLOWED_HOSTS": ["hmis.example.org"]}, "ALLOWED_HOSTS still has"),
        ({"SITE_URL": "https://hmis.example.org/"}, "SITE_URL still has"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://hmis.example.org"]}, "CSRF_TRUSTED_ORIGINS still has"),
        ({"EMAIL_HOST": "mail.example.org"}, "EMAIL_URL still has"),
        ({"DEFAULT_FROM_EMAIL": "HMIS <hmis@example.com>"}, "DEFAULT_FROM_EMAIL still has"),
        ({"HELP_DESK_EMAIL": "help@example.org"}, "HELP_DESK_EMAIL still has"),
        (database(OPTIONS={}), "DATABASE_URL names a server elsewhere, and does not verify"),
        (database(OPTIONS={"sslmode": "require"}), "sslmode=verify-full"),
        (
            {"DATABASES": PRODUCTION["DATABASES"] | {"replica": {"HOST": "db2.city.gov"}}},
            "DATABASE_REPLICA_URL names a server elsewhere",
        ),
        ({"EMAIL_USE_TLS": False}, r"in the clear \(EMAIL_URL\)"),
        ({"REDIS_URL": "redis://:x@redis.city.gov/0"}, r"in the clear \(REDIS_URL\)"),
        ({"S3_ENDPOINT_URL": "http://10.0.0.7:9000"}, r"in the clear \(S3_ENDPOINT_URL\)"),
        ({"CLAMAV_ADDRESS": "10.0.0.8:3310"}, r"in the clear \(CLAMAV_ADDRESS\)"),
        ({"CLAMAV_ADDRESS": "localhost"}, "CLAMAV_ADDRESS cannot be understood"),
        ({"CLAMAV_ADDRESS": "tls:clamav.city.gov"}, "CLAMAV_ADDRESS cannot be understood"),
        ({"CLAMAV_ADDRESS": "unix:"}, "CLAMAV_ADDRESS cannot be understood"),
        ({"TLS_CA_FILE": "/nonexistent/ca.pem"}, "ca.pem.* cannot be read .No such file"),
        ({"TLS_CA_FILE": __file__}, "has no certificates in PEM"),
        ({"ALLOW_WITHOUT_TLS": ["mail", "all"]}, "ALLOW_WITHOUT_TLS names all"),
        ({"TIME_ZONE": "America/Newyork"}, "TIME_ZONE=America/Newyork is no name"),
        ({"TIME_ZONE": "../etc"}, "TIME_ZONE=../etc is no name"),
        ({"IDLE_TIMEOUT": 60}, "IDLE_WARNING_SECONDS"),
    ],
)
def test_unsafe_production_is_refused(changed, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        refuse(PRODUCTION | changed, {})


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (database(HOST="db.city.gov"), r"names a server elsewhere \(db.city.gov\)"),
        (database(HOST="10.0.0.5"), "names a server elsewhere"),
        ({"ALLOWED_HOSTS": ["localhost", "hmis.city.gov"]}, "opens it under hmis.city.gov"),
        ({"ALLOWED_HOSTS": ["*"]}, r"opens it under \*"),
        ({"TIME_ZONE": "nowhere"}, "TIME_ZONE"),
    ],
)
def test_demonstration_is_for_this_machine_alone(changed, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        refuse(DEMO | changed, {})


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"S3_ENDPOINT_URL": "https://s3.city.gov"}, "S3_ENDPOINT_URL without S3_BUCKET"),
        ({"S3_BUCKET": "files", "S3_ACCESS_KEY_ID": "a"}, "only S3_ACCESS_KEY_ID"),
        ({"S3_BUCKET": "files", "S3_SECRET_ACCESS_KEY": "b"}, "only S3_SECRET_ACCESS_KEY"),
        ({"SIGNED_DOWNLOADS": "true"}, "SIGNED_DOWNLOADS needs an S3 store"),
    ],
)
@pytest.mark.parametrize("given", [PRODUCTION, DEMO])
def test_file_store_that_is_half_set_up_is_refused(given, environment, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        refuse(given, environment)


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(ConfigurationError) as error:
        refuse(PRODUCTION | {"DEBUG": True, "SITE_URL": "", "SECRET_KEY": "x"}, {})
    assert len(str(error.value).splitlines()) == 3


def test_example_as_it_is_starts_nothing(tmp_path):
    """Neither manage.py nor a web server; and what is wrong is not a traceback of ours."""
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    keys = {"SECRET_KEY": KEY, "SSN_HASH_KEY": KEY[::-1], "SSN_ENCRYPTION_KEYS": FERNET}
    environment = system | keys | {"HMIS_ENV_FILE": str(ROOT / ".env.example")}
    for command in (["manage.py", "check"], ["-c", "import hmis.wsgi"]):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode
        assert "ALLOWED_HOSTS still has the value of an example" in done.stderr
        assert done.stderr.count("settings are unsafe") == 1
        assert "The password in DATABASE_URL is the one of an example" in done.stderr
        if command[0] == "manage.py":
            assert "Traceback" not in done.stderr


# What Django and the database have to be asked.


def test_web_server_refuses_a_folder_that_it_cannot_write_to(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = str(tmp_path / "file")
    with pytest.raises(ConfigurationError, match=r"MEDIA_ROOT .* cannot be written to"):
        checks.refuse_to_serve()
    settings.MEDIA_ROOT = str(tmp_path / "made/later")
    checks.refuse_to_serve()
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "missing")
    with pytest.raises(ConfigurationError, match=r"UPLOAD_TEMP_DIR .* cannot be written to"):
        checks.refuse_to_serve()


def test_web_server_of_a_production_wants_its_static_files(settings, tmp_path):
    settings.DEMO = False
    settings.STATIC_ROOT = str(tmp_path)
    with pytest.raises(ConfigurationError, match="collectstatic"):
        checks.refuse_to_serve()
    (tmp_path / "staticfiles.json").write_text("{}")
    checks.refuse_to_serve()


@pytest.fixture
def sound(settings, tmp_path, monkeypatch):
    settings.HTTPS = settings.MFA_REQUIRED = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.DEFAULT_FROM_EMAIL, settings.HELP_DESK_EMAIL = "a@city.gov", "b@city.gov"
    (tmp_path / "settings.env").write_text("")
    (tmp_path / "settings.env").chmod(0o640)
    monkeypatch.setenv("HMIS_ENV_FILE", str(tmp_path / "settings.env"))
    return settings


def warned() -> list[str]:
    return [message.id for message in checks.settings_are_fit_for_production()]


def test_sound_production_has_no_warning(sound):
    assert warned() == []


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("SECURE_PROXY_SSL_HEADER", None, "hmis.W001"),
        ("MFA_REQUIRED", False, "hmis.W002"),
        ("DEFAULT_FROM_EMAIL", "hmis@localhost", "hmis.W003"),
        ("HELP_DESK_EMAIL", "helpdesk@localhost", "hmis.W003"),
    ],
)
def test_setting_that_is_wrong_in_most_places_warns(sound, name, value, number):
    setattr(sound, name, value)
    assert warned() == [number]


def test_settings_that_everybody_may_read_warn(sound, tmp_path):
    (tmp_path / "settings.env").chmod(0o644)
    assert warned() == ["hmis.W004"]


def test_connection_that_may_be_in_the_clear_warns(sound):
    sound.ALLOW_WITHOUT_TLS = ["mail"]
    assert warned() == ["hmis.W005"]


def test_owner_in_the_settings_of_the_web_server_warns(sound, tmp_path):
    (tmp_path / "settings.env").write_text("DATABASE_OWNER_URL=postgresql://hmis@127.0.0.1/hmis\n")
    assert warned() == ["hmis.W009"]


def of_database() -> list[str]:
    return [message.id for message in checks.database_is_fit(["default"])]


@pytest.mark.django_db
def test_database_of_the_tests_is_fit():
    assert checks.database_is_fit(["default"]) == []
    assert checks.database_is_fit(None) == []


@pytest.mark.django_db
def test_connections_are_counted_with_the_numbers(settings):
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        limit = int(cursor.fetchone()[0])
    settings.WEB_MACHINES, settings.WEB_WORKERS = limit, 4
    (message,) = checks.database_is_fit(["default"])
    assert message.id == "hmis.E006"
    size = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    assert f"{limit} machines" in message.msg
    assert f"make {limit * 4 * size + 10}" in message.msg
    with pytest.raises(SystemCheckError, match="WEB_MACHINES"):
        call_command("check", databases=["default"])


@pytest.mark.django_db
def test_clock_that_is_wrong_warns():
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert of_database() == ["hmis.W007"]


@pytest.mark.parametrize(
    ("fact", "value", "number"),
    [
        ("encoding", "SQL_ASCII", "hmis.E003"),
        ("missing_extensions", ["unaccent"], "hmis.E004"),
        ("may_create", False, "hmis.E005"),
        ("superuser", True, "hmis.W006"),
        ("role_limit", 12, "hmis.E006"),
        ("database_limit", 5, "hmis.E006"),
    ],
)
@pytest.mark.django_db
def test_database_that_is_not_fit_is_named(settings, monkeypatch, fact, value, number):
    settings.DEMO = False
    real = checks.database_facts()
    assert fact in real
    monkeypatch.setattr(checks, "database_facts", lambda: real | {fact: value})
    assert of_database() == [number]


@pytest.mark.django_db
def test_missing_table_of_the_cache_warns_once_the_database_was_migrated(settings):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hmis_cache RENAME TO other")
    (message,) = checks.database_is_fit(["default"])
    assert message.id == "hmis.W010"
    assert "hmis_cache" in message.msg
    assert "createcachetable" in message.msg
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert of_database() == []


@pytest.mark.django_db
def test_database_that_was_never_migrated_needs_no_table_of_the_cache_yet():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hmis_cache RENAME TO other")
        cursor.execute("ALTER TABLE django_migrations RENAME TO another")
    assert of_database() == []
