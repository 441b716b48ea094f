"""Where the settings come from: the environment, which wins, and `.env`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hmis import demo_keys, environment
from hmis.environment import ConfigurationError

ROOT = Path(__file__).parents[2]
KEYS = """\
SECRET_KEY=e5xW9rJ2uQ7mZk4TnBvYc8LsHd3PfGa6iNoRtUwXyAjKqMzCbVhDgFpSlEr1O0I
SSN_ENCRYPTION_KEYS=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
SSN_HASH_KEY=jUq4WvRz7nXpTbYm2LcKdHs9GfPaEo6iNtUwQyAjKrM
"""
PRODUCTION = f"""\
{KEYS}
HMIS_DEMO=false
DATABASE_URL=postgresql://hmis:s3cr-t@127.0.0.1:1/of_the_file
ALLOWED_HOSTS=portal.example
SITE_URL=https://portal.example/
"""
SHOW = (
    "import json; from django.conf import settings as s; print(json.dumps({"
    "'database': s.DATABASES['default']['NAME'], 'demo': s.DEMO, 'https': s.HTTPS,"
    "'mfa': s.MFA_REQUIRED, 'media': s.MEDIA_ROOT, 'static': s.STATIC_ROOT, 'site': s.SITE_NAME}))"
)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.env"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=plain", "plain"),
        ("A = blanks around", "blanks around"),
        ("export A=exported", "exported"),
        ("A='single # quoted'", "single # quoted"),
        ("A=\"double 'quoted'\"", "double 'quoted'"),
        ("A=key#with-hash", "key#with-hash"),
        ("A=value # a comment", "value"),
        ("A=", ""),
        ("A= # only a comment", ""),
        ("A=${HOME}$HOME$$", "${HOME}$HOME$$"),
        ("A=first\nA=last", "last"),
        ("\ufeffA=from a Windows editor\r\n", "from a Windows editor"),
        ("A=base64==", "base64=="),
    ],
)
def test_values_are_read_as_they_are_written(tmp_path, line, value):
    assert environment.read(write(tmp_path, line)) == {"A": value}


@pytest.mark.parametrize(
    ("text", "line"),
    [("A=1\n\nB='open\n", 3), ("A=1\nSECRET\n", 2), ('A="closed" hunter2\n', 1)],
)
def test_line_that_cannot_be_understood_is_named_by_number_alone(tmp_path, text, line):
    with pytest.raises(ConfigurationError, match=f"line {line},") as error:
        environment.read(write(tmp_path, text))
    assert "hunter2" not in str(error.value)
    assert "'open" not in str(error.value)
    assert "SECRET" not in str(error.value)


def test_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "settings.env"
    path.write_bytes(b"A=\xff\xfe")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        environment.read(path)


def test_folder_or_missing_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            environment.read(path)


def test_file_of_another_account_is_a_sentence(tmp_path):
    path = write(tmp_path, "A=1")
    path.chmod(0)
    account = os.geteuid()
    if account == 0:  # who may read everything
        os.seteuid(65534)
    try:
        with pytest.raises(ConfigurationError, match=r"cannot be read \(Permission denied\)"):
            environment.read(path)
    finally:
        os.seteuid(account)


def test_variables_of_the_process_win_even_when_blank(tmp_path, monkeypatch):
    monkeypatch.setenv("HMIS_ENV_FILE", str(write(tmp_path, "A_SETTING=file\nB_SETTING=file\n")))
    monkeypatch.setenv("A_SETTING", "")
    monkeypatch.delenv("B_SETTING", raising=False)
    environment.load()
    assert (os.environ["A_SETTING"], os.environ["B_SETTING"]) == ("", "file")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """The folder of a checkout, without any settings yet."""
    monkeypatch.setattr(environment, "BASE_DIR", tmp_path)
    for name in ("HMIS_ENV_FILE", "HMIS_DEMO", "DATABASE_URL"):
        monkeypatch.setenv(name, "")  # so that what a test loads is taken back after it
        monkeypatch.delenv(name)
    return tmp_path


def test_checkout_without_settings_is_a_demonstration(checkout):
    environment.load()
    assert environment.needs_embedded_database()
    assert os.environ["HMIS_DEMO"] == "true"


@pytest.mark.parametrize("text", ["", "HMIS_DEMO=false\n", "HMIS_DEMO=\n", "HMIS_DEMO= No\n"])
def test_no_database_takes_the_place_of_one_that_was_meant(checkout, text):
    (checkout / ".env").write_text(text)
    environment.load()
    with pytest.raises(ConfigurationError, match="no DATABASE_URL"):
        environment.needs_embedded_database()


def test_file_may_ask_for_a_demonstration(checkout):
    (checkout / ".env").write_text("HMIS_DEMO=true\nDATABASE_URL=\n")
    environment.load()
    assert environment.needs_embedded_database()


def test_file_of_a_folder_above_is_not_read(checkout, monkeypatch):
    (checkout / ".env").write_text("DATABASE_URL=postgresql://above/above\n")
    monkeypatch.setattr(environment, "BASE_DIR", checkout / "below")
    environment.load()
    assert "DATABASE_URL" not in os.environ


def test_keys_of_the_settings_win_over_those_of_the_demonstration(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    monkeypatch.setenv("SSN_HASH_KEY", "")  # as in .env.example
    monkeypatch.setenv("SSN_ENCRYPTION_KEYS", "given")
    demo_keys.load(tmp_path / "keys.env")
    assert os.environ["SECRET_KEY"] == "given"
    assert len(os.environ["SSN_HASH_KEY"]) > 20


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://hmis:pa#ss@db/hmis",
        "postgresql://hmis:pa/ss@db/hmis",
        "postgresql://hmis:pa@ss:x@db:port/hmis",
        "postgresql://hmis:secret@db/",
        "mysql://hmis:secret@db/hmis",
        "db.example.org",
    ],
)
def test_address_of_a_database_that_cannot_be_used_is_a_sentence(monkeypatch, address):
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(ConfigurationError, match="DATABASE_URL cannot be understood") as error:
        environment.database(environment.Env())
    assert address not in str(error.value)


# With real processes, in a copy of this checkout: the developers' packages are installed.


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("checkout") / "hmis"
    others = shutil.ignore_patterns(".*", "artefacts", "staticfiles", "media", "tests")
    shutil.copytree(ROOT, folder, ignore=others)
    return folder


def run(copy: Path, *command: str, cwd: Path | None = None, **given: str):
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd or copy,
        env=system | given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def shown(copy: Path, cwd: Path | None = None, **given: str) -> dict:
    done = run(copy, str(copy / "manage.py"), "shell", "-v0", "-c", SHOW, cwd=cwd, **given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_dotenv_in_a_checkout_gives_the_production_settings(copy, tmp_path):
    (copy / ".env").write_text(PRODUCTION + "MEDIA_ROOT=files/media\nSITE_NAME='The #1 Portal'\n")
    said = shown(copy, cwd=tmp_path)
    assert said == {
        "database": "of_the_file",
        "demo": False,
        "https": True,
        "mfa": True,
        "media": str(copy / "files/media"),
        "static": str(copy / "staticfiles"),
        "site": "The #1 Portal",
    }
    assert not (copy / ".hmis").exists()

    said = shown(copy, DATABASE_URL="postgresql://127.0.0.1:1/of_the_process")
    assert (said["database"], said["demo"]) == ("of_the_process", False)


def test_web_server_and_manage_py_read_the_same_settings(copy):
    (copy / ".env").write_text(PRODUCTION)
    (copy / "staticfiles").mkdir()
    (copy / "staticfiles/staticfiles.json").write_text("{}")
    done = run(copy, "-c", f"import hmis.wsgi; {SHOW}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == shown(copy)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (KEYS + "HMIS_DEMO=false\n", "There is no DATABASE_URL"),
        (PRODUCTION.replace("s3cr-t@", "s3/cr-t@"), "DATABASE_URL cannot be understood"),
        (PRODUCTION + "SECRET_KEY='\n", "line 9, cannot be understood"),
        (PRODUCTION + "DATABASE_POOL_SIZE=many\n", "DATABASE_POOL_SIZE"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_no_traceback(copy, text, sentence):
    (copy / ".env").write_text(text)
    done = run(copy, "manage.py", "migrate")
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (copy / ".hmis").exists()

    server = run(copy, "-c", "import hmis.wsgi")
    assert server.returncode
    assert sentence in server.stderr.splitlines()[-1]


def test_without_embedded_database_a_sentence_says_what_to_set(copy):
    (copy / ".env").unlink(missing_ok=True)
    hide = "import sys, runpy; sys.modules['psutil'] = None; sys.argv = ['manage.py', 'migrate'];"
    done = run(copy, "-c", hide + "runpy.run_path('manage.py', run_name='__main__')")
    assert done.returncode == 1
    assert "Set DATABASE_URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1


# --- Secrets in files of their own


@pytest.fixture
def no_secrets(monkeypatch):
    for name in environment.SECRETS:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("HMIS_ENV_FILE", "")
    return monkeypatch


@pytest.mark.parametrize("name", environment.SECRETS)
def test_every_secret_may_stand_in_a_file(no_secrets, tmp_path, name):
    path = tmp_path / "secret"
    path.write_text("a-secret=with/signs \n")
    no_secrets.setenv(f"{name}_FILE", str(path))
    environment.load()
    environment.load()  # manage.py and the settings
    assert os.environ[name] == "a-secret=with/signs"


@pytest.mark.parametrize("name", environment.SECRETS)
def test_credential_of_systemd_is_the_secret_of_its_name(no_secrets, tmp_path, name):
    (tmp_path / name).write_text("of systemd")
    (tmp_path / "LOG_LEVEL").write_text("DEBUG")  # no secret
    no_secrets.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    no_secrets.delenv("LOG_LEVEL", raising=False)
    environment.load()
    assert os.environ[name] == "of systemd"
    assert "LOG_LEVEL" not in os.environ


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, r"cannot be read \(No such file"),
        (b"", "has to hold the value in one line"),
        (b"one\ntwo-of-a-secret", "has to hold the value in one line"),
        (b"\xff\xfe", "no text in UTF-8"),
    ],
)
def test_file_that_holds_no_secret_is_refused(no_secrets, tmp_path, content, sentence):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    no_secrets.setenv("SECRET_KEY_FILE", str(path))
    with pytest.raises(ConfigurationError, match=sentence) as error:
        environment.load()
    assert "two-of-a-secret" not in str(error.value)


def test_secret_that_is_given_twice_is_refused(no_secrets, tmp_path):
    (tmp_path / "secret").write_text("of-the-file")
    no_secrets.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))
    no_secrets.setenv("SECRET_KEY", "of-the-process")
    with pytest.raises(ConfigurationError, match="SECRET_KEY is given twice") as error:
        environment.load()
    assert "of-the" not in str(error.value)


def test_settings_read_secrets_from_files(tmp_path):
    lines = PRODUCTION.splitlines()
    for name in ("SECRET_KEY", "SSN_HASH_KEY", "SSN_ENCRYPTION_KEYS"):
        (line,) = [one for one in lines if one.startswith(f"{name}=")]
        lines.remove(line)
        (tmp_path / name).write_text(line.partition("=")[2])
        lines.append(f"{name}_FILE={tmp_path / name}")
    write(tmp_path, "\n".join(lines))
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); " + SHOW],
        cwd=ROOT,
        env=system
        | {
            "HMIS_ENV_FILE": str(tmp_path / "settings.env"),
            "DJANGO_SETTINGS_MODULE": "hmis.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["database"] == "of_the_file"
