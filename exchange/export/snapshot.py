"""One state of the database, read for as long as an export takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import QuerySet

from records.replica import PRIMARY, REPLICA, follows


class Snapshot:
    """A transaction on the primary or the replica that sees the database as it was at its begin."""

    def __init__(self, alias: str, *, is_own: bool):
        self.connection = connections[alias]
        self.alias = alias
        self._is_own = is_own

    def only_read(self) -> None:
        """From here on nothing can be written in this transaction."""
        if self._is_own:
            with self.connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # they are checked by locks
                cursor.execute("SET TRANSACTION READ ONLY")

    def copied(self, rows: QuerySet[Any]) -> Iterator[Any]:
        """The rows as lines of CSV, each with its line feed; NULL is an empty field."""
        try:
            statement, values = rows.query.sql_with_params()
        except EmptyResultSet:
            return
        with self.connection.wrap_database_errors, self.connection.cursor() as cursor:
            copy = f"COPY ({statement}) TO STDOUT (FORMAT csv)"
            with cursor.copy(copy, values) as lines:
                yield from lines


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Hold one state of the database: REPEATABLE READ, on the replica where there is one.

    Within a transaction of the caller it is that one, as it is.
    """
    if connections[PRIMARY].in_atomic_block:
        yield Snapshot(PRIMARY, is_own=False)
        return
    alias = REPLICA if follows() else PRIMARY
    with transaction.atomic(using=alias, durable=True):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET LOCAL jit = off")  # compiling takes longer than it saves
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield Snapshot(alias, is_own=True)
