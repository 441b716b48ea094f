"""What the server's role may do in the database: what the models need, and no more (ADR 0036)."""

from typing import LiteralString

import pgtrigger
import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg import sql

EVERY_RIGHT = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
ORDINARY = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
READ_ONLY = frozenset({"SELECT"})
# What migrate writes, and the server reads; events carry their context themselves, so that
# pghistory's table of contexts stays empty (PGHISTORY_CONTEXT_FIELD).
OF_MIGRATE = {"django_migrations", "django_content_type", "auth_permission", "pghistory_context"}


def rights_of(model: type[models.Model]) -> frozenset[str]:
    """The server's rights on the table of a model: all four, without what a trigger refuses.

    One that refuses it of some columns or rows, as `ReadOnly` does, leaves the right.
    """
    refused: set[str] = set()
    for trigger in getattr(model._meta, "triggers", []):
        is_of_all = type(trigger) is pgtrigger.Protect and not trigger.condition
        if is_of_all:
            refused |= set(str(trigger.operation).split(" OR "))
    return ORDINARY - refused


def wanted() -> dict[str, frozenset[str]]:
    """The server's rights by table. A table that is not here is none of the server's business."""
    found = {
        model._meta.db_table: rights_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return found | dict.fromkeys(cache_tables(), ORDINARY) | dict.fromkeys(OF_MIGRATE, READ_ONLY)


def cache_tables() -> set[str]:
    """The tables that createcachetable makes: none where the cache is in Redis."""
    caches = (cache for cache in settings.CACHES.values() if "DatabaseCache" in cache["BACKEND"])
    return {str(cache["LOCATION"]) for cache in caches}


OF_RELATIONS = """
    SELECT c.relname, c.relkind, array_agg(wanted) FILTER (WHERE
        CASE WHEN c.relkind = 'S'
             THEN wanted IN ('SELECT', 'USAGE', 'UPDATE')
                  AND has_sequence_privilege(role.oid, c.oid, wanted)
             WHEN wanted = 'USAGE' THEN false
             ELSE has_table_privilege(role.oid, c.oid, wanted)
                  OR wanted IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                     AND has_any_column_privilege(role.oid, c.oid, wanted) END)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_roles role ON role.rolname = %s,
           unnest(%s::text[] || ARRAY['USAGE']) wanted
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                        AND d.objid = c.oid AND d.deptype = 'e')
     GROUP BY 1, 2 ORDER BY 1
"""
OF_THE_ROLE = """
    SELECT rolsuper AS "is a superuser", rolcreatedb AS "may create databases",
           rolcreaterole AS "may create roles", rolreplication AS "may replicate",
           rolbypassrls AS "bypasses row security",
           has_database_privilege(oid, current_database(), 'CREATE') AS "may create schemas",
           has_schema_privilege(oid, current_schema(), 'CREATE') AS "may create tables",
           EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = current_schema()
                      AND pg_has_role(pg_roles.oid, c.relowner, 'MEMBER')) AS "owns tables",
           EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                    WHERE n.nspname = current_schema()
                      AND pg_has_role(pg_roles.oid, p.proowner, 'MEMBER')) AS "owns functions",
           (SELECT pg_has_role(pg_roles.oid, datdba, 'MEMBER') FROM pg_database
             WHERE datname = current_database()) AS "owns the database",
           EXISTS (SELECT FROM pg_roles wide WHERE pg_has_role(pg_roles.oid, wide.oid, 'MEMBER')
                    AND wide.rolname IN ('pg_read_all_data', 'pg_write_all_data',
                        'pg_read_server_files', 'pg_write_server_files',
                        'pg_execute_server_program', 'pg_signal_backend', 'pg_maintain'))
               AS "is a member of a role of the whole server",
           EXISTS (SELECT FROM pg_default_acl, aclexplode(defaclacl) given
                    WHERE defaclobjtype IN ('r', 'S') AND given.grantee IN (0, pg_roles.oid)
                      AND given.grantee <> defaclrole) AS "is given rights on future tables"
      FROM pg_roles WHERE rolname = %s
"""
OF_PLACES = """
    SELECT 'SCHEMA', current_schema(), 'USAGE', has_schema_privilege(%s, current_schema(), 'USAGE')
    UNION ALL SELECT 'DATABASE', current_database(), wanted,
           has_database_privilege(%s, current_database(), wanted)
      FROM unnest(ARRAY['CONNECT', 'TEMPORARY']) wanted
"""


class RightsError(Exception):
    """The rights cannot be set; the message is for whoever administers the database."""


class Difference:
    """What the database gives a role beside what it should have.

    statements: SQL that makes it right, for the owner. missing, surplus: in words, one a table.
    """

    def __init__(self) -> None:
        self.statements: list[sql.Composed] = []
        self.missing: list[str] = []
        self.surplus: list[str] = []

    def add(self, statement: LiteralString, names: list[str], what: sql.Composed, role: str):
        listed = sql.SQL(", ").join(map(sql.SQL, names))
        self.statements.append(sql.SQL(statement).format(listed, what, sql.Identifier(role)))


def difference(database: psycopg.Connection, role: str) -> Difference:
    """Compare the rights of a role with `wanted`, in the schema that the connection uses."""
    found, should = Difference(), wanted()
    found.surplus += role_surplus(database, role)
    for what, name, right, has in database.execute(OF_PLACES, [role, role]).fetchall():
        if not has:
            found.missing.append(f"{right} on {name}")
            place = sql.SQL(f"{what} {{}}").format(sql.Identifier(name))
            found.add("GRANT {} ON {} TO {}", [right], place, role)
    rows = database.execute(OF_RELATIONS, [role, list(EVERY_RIGHT)]).fetchall()
    for name, kind, has in rows:
        rights = frozenset({"SELECT", "USAGE"}) if kind == "S" else should.get(name, frozenset())
        what = sql.SQL("SEQUENCE {}" if kind == "S" else "TABLE {}").format(sql.Identifier(name))
        if more := sorted(set(has or []) - rights):
            found.surplus.append(f"{', '.join(more)} on {name}")
            found.add("REVOKE {} ON {} FROM {}, PUBLIC", more, what, role)
        if less := sorted(rights - set(has or [])):
            found.missing.append(f"{', '.join(less)} on {name}")
            found.add("GRANT {} ON {} TO {}", less, what, role)
    return found


def absent_tables(database: psycopg.Connection) -> list[str]:
    """The tables of `wanted` that the schema of the connection does not have."""
    rows = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    return sorted(wanted().keys() - {name for (name,) in rows})


def role_surplus(database: psycopg.Connection, role: str) -> list[str]:
    """What a role is or owns beside its rights on tables, in words."""
    cursor = database.execute(OF_THE_ROLE, [role])
    names = [column.name for column in cursor.description or []]
    values = cursor.fetchone()
    if values is None:
        raise RightsError(f"There is no role {role}. The administrator makes it: CREATE ROLE ...")
    return [name for name, is_so in zip(names, values, strict=True) if is_so]


def grant(role: str) -> Difference:
    """Give a role what it should have, as the owner and in one transaction; return what changed.

    Raises RightsError where the role has rights that the owner cannot take from it.
    """
    connection.ensure_connection()
    database = connection.connection
    with database.transaction():
        # Of two that grant at once the second one finds nothing left to do.
        database.execute("SELECT pg_advisory_xact_lock(hashtextextended('hmis.rights', 0))")
        before = difference(database, role)
        for statement in before.statements:
            database.execute(statement)
        left = difference(database, role)
        if left.surplus or left.missing:
            raise RightsError(in_words(role, left))
    return before


def in_words(role: str, found: Difference) -> str:
    """One sentence that says what a role has beside what it should have."""
    more = [f"has too much ({'; '.join(found.surplus)})"] if found.surplus else []
    less = [f"lacks {'; '.join(found.missing)}"] if found.missing else []
    return f"The database role {role} {' and '.join(more + less)}."
