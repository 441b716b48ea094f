"""The tests are the owner of the tables; each request and each command is the server's role.

So every test shows as well that the server's rights are enough (ADR 0036). The role is changed
within the connection of the test, past Django: no query is counted.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from psycopg import sql

from hmis.roles import become_owner

IN_ERROR = psycopg.pq.TransactionStatus.INERROR


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    become_owner()  # once pytest-django has read the settings


@pytest.fixture(scope="session", autouse=True)
def _requests_and_commands_are_the_server() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", as_server(BaseHandler.get_response))
        patch.setattr(BaseCommand, "execute", unless_owner(BaseCommand.execute))
        yield


def as_server(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def called(*args: Any, **options: Any) -> Any:
        with server_role():
            return call(*args, **options)

    return called


def unless_owner(execute: Callable[..., Any]) -> Callable[..., Any]:
    restricted = as_server(execute)

    @wraps(execute)
    def executed(self: BaseCommand, *args: Any, **options: Any) -> Any:
        ours = type(self).__module__.partition(".")[0] not in {"django", "pgtrigger"}
        call = restricted if ours and not getattr(self, "runs_as_owner", False) else execute
        return call(self, *args, **options)

    return executed


@contextmanager
def server_role() -> Iterator[None]:
    """Be the server's role while it lasts, where this connection is the owner's."""
    role = settings.DATABASE_SERVER_ROLE
    is_owner = connection.settings_dict["USER"] != role
    if not is_owner or getattr(connection.connection, "is_server", False):
        yield
        return
    set_role(sql.SQL("SET ROLE {}").format(sql.Identifier(role)), is_server=True)
    database = connection.connection
    try:
        yield
    finally:
        set_role(sql.SQL("RESET ROLE"), is_server=False)
        if database is not connection.connection:  # a fault gave it back to the pool as it was
            set_role(sql.SQL("RESET ROLE"), is_server=False, database=database)


def set_role(statement: sql.Composable, *, is_server: bool, database: Any = None) -> None:
    # A test without a database, or of one that does not answer, has no role either.
    with suppress(RuntimeError, DatabaseError, psycopg.Error):
        if database is None:
            connection.ensure_connection()
            database = connection.connection
        database.is_server = is_server
        if database.info.transaction_status != IN_ERROR:  # else the rollback resets it
            database.execute(statement)
