"""The database of the tests is made once in a run of several workers; the others copy it.

The tables of a new database take ten seconds of the processor. What a worker finds from an earlier
run it uses as it is (`--reuse-db`).
"""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from psycopg import sql

from hmis.pool import disconnect
from tests.databases import drop_database


@contextmanager
def made_once(worker: dict[str, Any]) -> Iterator[None]:
    """While it lasts, Django makes the database of a run's first worker, and copies it for others.

    worker: what pytest-xdist tells a worker; empty where there are none.
    """
    if worker.get("workercount", 1) < 2:
        yield
        return
    model = f"test_{connection.settings_dict['NAME']}_{worker['testrunuid'][:12]}"
    with pytest.MonkeyPatch.context() as patch:
        create = BaseDatabaseCreation.create_test_db
        patch.setattr(BaseDatabaseCreation, "create_test_db", as_copy(create, model))
        yield
    with server() as link:  # a worker without a database by now would make the tables again
        drop_database(link, model)
    lock_of(model).unlink(missing_ok=True)


def as_copy(create: Any, model: str) -> Any:
    """Django's making of the database, from a copy where another worker has left one."""

    @wraps(create)
    def created(creation: Any, *args: Any, keepdb: bool = False, **options: Any) -> str:
        if not keepdb:  # `--create-db`
            return create(creation, *args, keepdb=False, **options)
        name = creation._get_test_db_name()
        with one_at_a_time(model), server() as link:
            is_new = not exists(link, name)
            if is_new and exists(link, model):
                copy(link, model, name)
                is_new = False
            made = create(creation, *args, keepdb=True, **options)
            if is_new:
                disconnect()
                copy(link, name, model)
        return made

    return created


@contextmanager
def one_at_a_time(model: str) -> Iterator[None]:
    with lock_of(model).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lock_of(model: str) -> Path:
    return Path(tempfile.gettempdir()) / f"{model}.lock"


def server() -> psycopg.Connection:
    names = ("USER", "PASSWORD", "HOST", "PORT")
    facts = {name.lower(): connection.settings_dict[name] for name in names}
    return psycopg.connect(**facts, dbname="postgres", autocommit=True)


def exists(link: psycopg.Connection, name: str) -> bool:
    return bool(link.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount)


def copy(link: psycopg.Connection, model: str, name: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    link.execute(statement.format(sql.Identifier(name), sql.Identifier(model)))
