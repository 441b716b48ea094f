"""A production server does not start half set up."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from hmis.static_files import STYLESHEET, STYLESHEETS
from hmis.templatetags.shell import stylesheets

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


def test_checks_for_deployment_find_nothing(tmp_path):
    done = django("manage.py", "check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_static_files_are_collected_under_names_that_change_with_them(tmp_path):
    root = tmp_path / "static"
    done = django(
        "manage.py", "collectstatic", "--no-input", "-v0", tmp_path=tmp_path, STATIC_ROOT=str(root)
    )
    assert done.returncode == 0, done.stderr
    names = json.loads((root / "staticfiles.json").read_text())["paths"]
    for name in (
        "hmis/css/base.css",
        "hmis/js/forms.js",
        "hmis/icons.svg",
        "bootstrap/css/bootstrap.min.css",
    ):
        assert names[name] != name
        assert (root / names[name]).exists()
    # The rules of all files are one, in their order, with what they point to under its new name.
    sheet = (root / names[STYLESHEET]).read_text()
    places = [
        sheet.index((root / names[name]).read_text().splitlines()[-1]) for name in STYLESHEETS[1:]
    ]
    assert places == sorted(places)
    assert Path(names["hmis/fonts/inter-latin.woff2"]).name in sheet
    assert "sourceMappingURL" not in sheet
    assert (root / f"{names[STYLESHEET]}.gz").stat().st_size < len(sheet) / 4
    code = "import django; django.setup(); from hmis.templatetags.shell import stylesheets as all_;"
    links = django("-c", f"{code} print(all_())", tmp_path=tmp_path, STATIC_ROOT=str(root)).stdout
    assert re.findall('href="(.+?)"', links) == [f"/static/{names[STYLESHEET]}"]
    # A module imports the others by those names, and so does a page that asks for them first.
    imported = {
        name
        for path in (root / "hmis/js").glob("*.js")
        if path.name in {Path(hashed).name for hashed in names.values()}
        for name in re.findall(r"""import .*?["']\./(.+?)["']""", path.read_text())
    }
    assert Path(names["hmis/js/dom.js"]).name in imported
    assert imported <= {Path(hashed).name for hashed in names.values()}
    # The page for our own errors rests on no list of names.
    bare = (ROOT / "templates/shell/bare.html").read_text()
    plain = re.findall(r'="/static/(hmis/.+?)"', bare)
    assert "hmis/css/base.css" in plain
    assert all((root / name).exists() for name in plain)


def test_demonstration_serves_the_stylesheets_where_they_lie(settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    links = re.findall('href="/static/(.+?)"', stylesheets())
    assert links == list(STYLESHEETS)
    assert all(finders.find(name) for name in links)


def test_templates_name_only_static_files_that_exist():
    named = {
        part.partition("'")[0]
        for path in (ROOT / "templates").rglob("*.html")
        for part in path.read_text().split("{% static '")[1:]
    }
    assert named
    assert not [name for name in named if not finders.find(name)]
