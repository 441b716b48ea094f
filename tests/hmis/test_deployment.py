"""A production server does not start half set up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.consent.sealing import keys

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "HMIS_DEMO": "0",
    "DEBUG": "0",
    "HTTPS": "1",
    "ALLOWED_HOSTS": "hmis.example",
    "SITE_URL": "https://hmis.example/",
    "BEHIND_PROXY": "1",
    "DEFAULT_FROM_EMAIL": "hmis@hmis.example",
    "HELP_DESK_EMAIL": "help@hmis.example",
    "DATABASE_URL": "postgresql://hmis@127.0.0.1:1/hmis",
    "SECRET_KEY": "e5xW9rJ2uQ7mZk4TnBvYc8LsHd3PfGa6iNoRtUwXyAjKqMzCbVhDgFpSlEr1O0I",
    "SSN_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "SSN_HASH_KEY": "jUq4WvRz7nXpTbYm2LcKdHs9GfPaEo6iNtUwQyAjKrM",
}
SECRETS = ["SECRET_KEY", "SSN_ENCRYPTION_KEYS", "SSN_HASH_KEY"]
SHOWN = [
    *("DEBUG", "MFA_REQUIRED", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE"),
    *("CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_HTTPONLY"),
]


def django(*args: str, tmp_path: Path, **changed: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python with the settings of a production server and nothing else."""
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = PRODUCTION | {"HMIS_ENV_FILE": "", "HMIS_DATA_DIR": str(tmp_path)} | changed
    environment = system | {name: value for name, value in given.items() if value is not None}
    environment["DJANGO_SETTINGS_MODULE"] = "hmis.settings"
    return subprocess.run(
        [sys.executable, *args],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("secret", SECRETS)
def test_server_refuses_to_start_without_its_secrets(tmp_path, secret):
    done = django("-c", "import hmis.wsgi", tmp_path=tmp_path, **{secret: None})
    assert done.returncode
    assert secret in done.stderr
    assert not list(tmp_path.iterdir())  # no keys are made up


@pytest.mark.parametrize("secret", SECRETS)
def test_server_refuses_to_start_with_a_blank_secret(tmp_path, secret):
    done = django("-c", "import hmis.wsgi", tmp_path=tmp_path, **{secret: ""})
    assert done.returncode
    assert secret in done.stderr


def test_server_starts_with_its_secrets_safely(tmp_path):
    code = (
        "import django, json; django.setup(); from django.conf import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {SHOWN}}}))"
    )
    done = django("-c", code, tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr
    values = json.loads(done.stdout)
    assert values.pop("DEBUG") is False
    assert values.pop("SECURE_HSTS_SECONDS") > 0
    assert set(values.values()) == {True}


CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")


def test_checks_for_deployment_find_nothing(tmp_path):
    made = keys.pair()
    files = {"key": tmp_path / "key.pem", "certificate": tmp_path / "certificate.pem"}
    for name, path in files.items():
        path.touch(mode=0o600)
        path.write_text(getattr(made, name))
    seal = {f"RELEASE_SEAL_{name.upper()}_FILE": str(path) for name, path in files.items()}
    done = django(*CHECK, tmp_path=tmp_path, **seal)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_checks_for_deployment_name_that_releases_have_no_seal(tmp_path):
    done = django(*CHECK, tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr  # an agency may sign on paper alone
    assert "hmis.I030" in done.stderr
    assert "docs/consent-seal.md" in done.stderr


def test_command_without_the_database_says_so_in_one_line(tmp_path):
    done = django("manage.py", "send_mail", tmp_path=tmp_path)
    assert done.returncode == 1
    first, *rest = done.stderr.splitlines()
    assert first.startswith("The database does not answer: connection failed: ")
    assert "refused" in first
    assert not [line for line in rest if not line.startswith("\t")]  # PostgreSQL's own question
