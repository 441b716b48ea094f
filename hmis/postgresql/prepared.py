"""Statements whose plan the server keeps, beside Django's own, which it does not (ADR 42)."""

import re
from typing import Any, Self

import psycopg
from psycopg import sql

PLACEHOLDER = re.compile(r"\$([0-9]+)")

RUNS_BEFORE = 1  # what ran once on a connection is prepared there
# All pages together: psycopg's 100 would drop each statement before a page asks for it again.
MOST_PREPARED = 500


class PreparedCursor(psycopg.RawCursor[Any]):
    """Binds parameters in the server, under `$1`; not for tables that have a history (ADR 4).

    The connection counts statements while this runs, so that it never keeps Django's, in which
    values stand.
    """

    runs_before: int | None = RUNS_BEFORE  # None: it is not prepared
    name = "prepared"  # pghistory sends nothing in front of what runs on a cursor with a name

    def merged(self, query: str, params: Any) -> str:
        """The statement as one could type it."""
        values = [sql.Literal(value).as_string(self) for value in params]
        return PLACEHOLDER.sub(lambda found: values[int(found[1]) - 1], query)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        self.connection.prepare_threshold = self.runs_before
        try:
            return super().execute(query, params, **options)
        except psycopg.errors.FeatureNotSupported:
            # A migration changed a column under the plan. In a transaction, the rollback clears it.
            if self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                raise
            self.connection.execute("DEALLOCATE ALL")
            return super().execute(query, params, **options)
        finally:
            self.connection.prepare_threshold = None
