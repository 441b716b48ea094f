"""Databases that tests make beside their own."""

import psycopg
from psycopg import sql

OURS = """
    SELECT pg_terminate_backend(pid, 5000)
    FROM pg_stat_activity
    WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def drop_database(server: psycopg.Connection, name: str) -> None:
    """Drop a database, if it is there, and end who is connected.

    Not `WITH (FORCE)`: this would end autovacuum too, which only a superuser may. Without it,
    PostgreSQL itself asks autovacuum to leave.
    """
    server.execute(OURS, [name])
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
