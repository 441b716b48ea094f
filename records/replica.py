"""The names of the databases, and whether the replica can be read (docs/scaling.md)."""

from django.db import DatabaseError, connections

PRIMARY, REPLICA = "default", "replica"


def follows() -> bool:
    """Whether a replica answers, and either receives from its primary or is one by now."""
    if REPLICA not in connections.databases:
        return False
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(
                "SELECT NOT pg_is_in_recovery() OR EXISTS (SELECT FROM pg_stat_wal_receiver)"
            )
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        return False
