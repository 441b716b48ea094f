"""Gives the tests a database of their own, before pytest-django reads the settings.

With DATABASE_URL in the environment the tests use that server instead.
"""

import fcntl
import hashlib
import os
import signal
import sys
from itertools import count
from pathlib import Path
from typing import IO

import psycopg
import pytest
from psycopg import sql

from hmis import embedded

ROOT = Path(__file__).parents[2]
DATA_DIR = Path(os.environ.get("HMIS_DATA_DIR") or ROOT / ".hmis")


def claim_run() -> tuple[int, IO[str]]:
    """Return a number that no other run in this checkout has now, and the lock that says so."""
    for number in count(1):
        lock = (DATA_DIR / f"test-run-{number}.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return number, lock
    raise AssertionError


def schema_digest() -> str:
    """Return what tells one set of migrations from another, so that --reuse-db may be trusted."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def drop_outdated(url: str, prefix: str, current: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database"
            " WHERE starts_with(datname, %s) AND NOT starts_with(datname, %s)",
            [f"test_{prefix}", f"test_{current}"],
        )
        for (name,) in names.fetchall():
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def pytest_configure(config: pytest.Config) -> None:
    # `timeout` and CI systems end a run politely; without this, the server would stay behind.
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)


# Images of containers often set it; each of a hundred processes would compile the portal again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ.setdefault("HMIS_ENV_FILE", "")  # a .env of this checkout is none of the tests' business
os.environ.setdefault("HMIS_DEMO", "1")  # keys of its own, no second factor, plain HTTP
if not os.environ.get("DATABASE_URL"):  # the workers of pytest-xdist inherit it
    try:
        url = embedded.start(DATA_DIR / "test-postgres", durable=False)
    except embedded.EmbeddedDatabaseError as error:
        raise pytest.UsageError(str(error)) from error
    run, run_lock = claim_run()
    database = f"hmis_{run}_{schema_digest()}"
    drop_outdated(url, f"hmis_{run}_", database)
    # As in production: what the tests start, web servers and commands, is the role that owns
    # nothing, and the tests themselves are the owner (tests/plugins/server_role.py).
    server = embedded.server_url(DATA_DIR / "test-postgres")
    os.environ["DATABASE_URL"] = f"{server.rpartition('/')[0]}/{database}"
    os.environ["DATABASE_OWNER_URL"] = f"{url.rpartition('/')[0]}/{database}"
