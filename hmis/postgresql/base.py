"""The engine of settings.DATABASES; Django wants this module's name."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from hmis.postgresql import timeouts
from hmis.postgresql.pool import Pool


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with our pool and with the time-outs of this process on every connection."""

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
        return True
