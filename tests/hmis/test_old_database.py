"""A database of migrations that are gone gets one sentence that says what to do, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from hmis import embedded, old_database
from tests.databases import drop_database
from tests.server_process import environment

ROOT = Path(__file__).parents[2]
SENTENCE = "was made by an older version, and this one cannot take it over"
COMMANDS = {
    "migrate": ["manage.py", "migrate"],
    "serve": ["manage.py", "serve", "--port", "0"],
    "server": [
        "-m",
        "gunicorn",
        "hmis.wsgi",
        "--config",
        "python:hmis.server.config",
        "--bind",
        "localhost:0",
    ],
}


@pytest.fixture(scope="module")
def old_url(django_db_setup, django_db_blocker):
    """The address of a database in which nothing but the names of old migrations stands."""
    facts = connection.settings_dict
    name = f"{facts['NAME']}_old"
    owner = {key.lower(): facts[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    with psycopg.connect(**owner, dbname=facts["NAME"], autocommit=True) as server:
        drop_database(server, name)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with psycopg.connect(**owner, dbname=name) as database:
                database.execute(
                    "CREATE TABLE django_migrations (app text, name text);"
                    "INSERT INTO django_migrations VALUES ('clients', '0026_emergency_access')"
                )
                database.execute("GRANT SELECT ON django_migrations TO PUBLIC")
            yield environment()["DATABASE_URL"].replace(facts["NAME"], name), name
        finally:
            drop_database(server, name)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_old_database_is_refused_in_one_sentence(old_url, command):
    url, name = old_url
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | environment() | {"DATABASE_URL": url, "DATABASE_OWNER_URL": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode
    last = done.stderr.strip().splitlines()[-1]
    assert f"The database {name} {SENTENCE}: make a new one, and name it in DATABASE_URL." in last
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_database_of_the_demonstration_is_named_by_its_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HMIS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(embedded, "is_used", lambda: True)
    with connection.cursor() as cursor:
        assert old_database.refusal(connection.connection) == ""
        # As the first migration of most packages was called until they began again.
        cursor.execute(
            "UPDATE django_migrations SET name = '0001_initial' WHERE name = '0001_tables'"
        )
    sentence = old_database.refusal(connection.connection)
    assert (
        sentence == f"The database in {tmp_path} {SENTENCE}: delete that folder and run this again."
    )


@pytest.mark.django_db
def test_database_that_a_newer_version_has_migrated_is_served():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('cas', '0002_newer', now())"
        )
    assert old_database.refusal(connection.connection) == ""
