"""Many rows at once by COPY, and their history in one statement a table."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED
from django.utils import timezone

from records.history import EVENT, OF_NEW_ROWS

# What the database has for a constraint other than PRIMARY KEY, UNIQUE, FOREIGN KEY and CHECK.
EXCLUSION = """
SELECT c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
WHERE c.conrelid = %s::regclass AND c.contype = 'x'
"""
PLAIN_INDEX = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = %s::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
TRIGGERS = """
SELECT tgname FROM pg_trigger
WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgname ~ %s
"""
DERIVES = "keeps_name_forms"  # a trigger whose table no COPY of ours fills
# Who wrote, of a request: pghistory's words for it, and ours
OF_REQUEST = r"COALESCE\(NULLIF\(CURRENT_SETTING\('pghistory\.context_{}'[^:]*::{}"
BY = "jsonb_build_object('user', NEW.created_by_id, 'organization', NEW.organization_id)"


def copy_rows(model: type[models.Model], names: str, rows: Iterable[tuple]) -> None:
    """COPY rows that give these attributes; the others get their field's default.

    Args:
        names: attribute names, such as "id client_id entry_date".
        rows: plain values in that order, as the database has them: an SSN is encrypted already.
    """
    given = names.split()
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = [fields[name].column for name in given]
    constants = []
    for name, field in fields.items():
        is_set_by_database = field.generated or field.db_default is not NOT_PROVIDED
        if name not in given and not (field.null or field.primary_key or is_set_by_database):
            columns.append(field.column)
            constants.append(_default(field))
    quoted = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {model._meta.db_table} ({quoted}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, *constants))
        if "id" in given and isinstance(fields["id"], models.AutoField):
            sequence = "pg_get_serial_sequence(%s, 'id')"
            newest = f"SELECT setval({sequence}, max(id)) FROM {model._meta.db_table}"
            cursor.execute(f"{newest} HAVING max(id) IS NOT NULL", [model._meta.db_table])


def _default(field: models.Field) -> Any:
    if isinstance(field, models.DateTimeField):
        return timezone.now()  # auto_now
    return field.get_db_prep_save(field.get_default(), connection)


@contextmanager
def unhindered(tables: Iterable[str]) -> Iterator[None]:
    """Without plain indexes, exclusion constraints, foreign keys and triggers while it lasts.

    Only for a superuser: what is copied is not checked. `tests/bench/test_state.py` copies a few
    clients with everything in force.
    """
    again = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(EXCLUSION, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
                again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
            cursor.execute(PLAIN_INDEX, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")
                again.append(definition)
            cursor.execute(TRIGGERS, [table, DERIVES])
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{name}"')
                again.append(f'ALTER TABLE {table} ENABLE TRIGGER "{name}"')
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for statement in again:
            cursor.execute(statement)
        cursor.execute("RESET maintenance_work_mem")


def write_history(model: type[models.Model]) -> None:
    """Write the event of each row's insertion, by the words of the trigger that would have."""
    trigger = next((one for one in model._meta.triggers if one.name == OF_NEW_ROWS), None)
    if trigger is None:
        return
    event = EVENT.fullmatch(trigger.get_func(model).func)
    assert event, model._meta.label
    into, values = event.groups()
    names = {field.attname for field in model._meta.concrete_fields}
    by = BY if {"created_by_id", "organization_id"} <= names else "NULL"
    values = re.sub(OF_REQUEST.format("metadata", "JSONB"), by, values)
    values = re.sub(OF_REQUEST.format("id", "UUID"), "gen_random_uuid()", values)
    if "date_created" in names:
        values = values.replace("NOW()", "NEW.date_created")
    with connection.cursor() as cursor:
        cursor.execute(f"{into} SELECT {values} FROM {model._meta.db_table} AS new")


def has_history(model: type[models.Model]) -> bool:
    return any(one.name == OF_NEW_ROWS for one in getattr(model._meta, "triggers", ()))
