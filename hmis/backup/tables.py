"""What is in a database: rows and a hash of every table, and the state of its schema."""

from typing import Any

import psycopg
from psycopg import sql

OF_OURS = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                          AND d.deptype = 'e')
     ORDER BY 1, 2
"""
# The sum does not depend on the order of rows. No hash of PostgreSQL's own: they may change with
# its version, and md5 is not there everywhere.
COUNT = """
    SELECT count(*), coalesce(sum((
        'x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 15)
    )::bit(60)::bigint::numeric), 0)::text FROM {} t
"""


def names(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """Schema and name of each table, without those of extensions."""
    return connection.execute(OF_OURS).fetchall()


def counts(connection: psycopg.Connection) -> dict[str, list[Any]]:
    """Of each table the number of rows and the sum of their hashes."""
    return {
        f"{schema}.{name}": list(
            connection.execute(sql.SQL(COUNT).format(sql.Identifier(schema, name))).fetchone() or ()
        )
        for schema, name in names(connection)
    }


def migrations(connection: psycopg.Connection) -> list[str]:
    """What was migrated, as `app.name`."""
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return [name for (name,) in rows.fetchall()]
