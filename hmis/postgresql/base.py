"""The engine of settings.DATABASES; Django wants this module's name."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django.db.backends.utils import CursorWrapper

from hmis.postgresql import timeouts
from hmis.postgresql.pool import Pool
from hmis.postgresql.prepared import MOST_PREPARED, RUNS_BEFORE, PreparedCursor


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str | None:
        """For lists of what was asked, in tests and with DEBUG: with the values, as Django's."""
        if isinstance(cursor, PreparedCursor):
            return cursor.merged(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with our pool and with the time-outs of this process on every connection."""

    ops_class = DatabaseOperations

    def prepared_cursor(self, *, keeps_plan: bool = True) -> CursorWrapper:
        """A cursor for statements with numbered parameters (docs/adr/0042).

        Args:
            keeps_plan: whether PostgreSQL shall keep the plan, or make one for each call's values.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = PreparedCursor(self.connection)
            cursor.runs_before = RUNS_BEFORE if keeps_plan else None
            loader: Any = cursor.adapters.get_loader(base.TIMESTAMPTZ_OID, psycopg.pq.Format.TEXT)
            if self.timezone != loader.timezone:
                register_tzloader(self.timezone, cursor)
        return self._prepare_cursor(cursor)

    @property
    def pool(self) -> Pool | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == base.NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            pool = Pool(
                kwargs=self.get_connection_params() | {"autocommit": True},
                configure=self._configure_connection,
                timeout=timeouts.of_pool(),
                **options,
            )
            self._connection_pools.setdefault(self.alias, pool)
        return self._connection_pools[self.alias]

    def _configure_connection(self, connection: psycopg.Connection) -> Any:
        super()._configure_connection(connection)
        timeouts.put_on(connection)
        connection.prepared_max = MOST_PREPARED
        return True
