"""New rows inserted, changed ones updated, the rest left alone; and the keys of all of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from exchange.files import File
from exchange.imports.at_once import triggers_done
from exchange.imports.keys import place_of
from exchange.imports.rights import may_update
from exchange.imports.values import Plan, columns_there, content_of, literal, typed
from exchange.imports.work import Work
from exchange.violations import Kind as Finding
from records.history import with_events

NEWER = "It was changed here after the file says that it was. It was left as it is here."
# Whose a row is, who may see it, and how it began stays.
FIXED = {"organization_id", "visibility", "created_by_id", "date_created"}


def compared(name: str) -> str:
    return f"c_{name.lower()}"


def compare(work: Work, file: File, plan: Plan) -> None:
    """Note which rows that are here already differ from the file, and may be changed by it."""
    table, model = typed(file.name), file.model._meta.db_table
    columns = content_of(file, plan)
    ours = ", ".join(f"m.{column}" for column in columns)
    theirs = ", ".join(f"n.{column}" for column in columns)
    deleted = "(m.date_deleted IS NULL) <> (n.date_deleted IS NULL)"
    work.table(
        compared(file.name),
        f"""
        SELECT n._row, n._id, date_trunc('second', m.date_updated) > n._updated AS is_newer_here
        FROM {table} n JOIN {model} m ON m.id = n._id
        WHERE NOT n._new AND ({may_update(work, file.name)})
            AND (ROW({ours}) IS DISTINCT FROM ROW({theirs}) OR {deleted})
        """,
    )
    work.note(compared(file.name), "t.is_newer_here", Finding(file.name, "", "kept", NEWER))
    work.sql(f"DELETE FROM {compared(file.name)} WHERE is_newer_here")


def write(work: Work, file: File, plan: Plan) -> None:
    """Insert and update, and count."""
    compare(work, file, plan)
    counts = work.counts[file.name]
    counts.new = insert(work, file)
    counts.changed = update(work, file)
    known = work.value(f"SELECT count(*) FROM {typed(file.name)} WHERE NOT _new")
    counts.unchanged = known - counts.changed


def insert(work: Work, file: File) -> int:
    names = columns_of(file)
    values: dict[str, Any] = dict.fromkeys(names)
    fields: Iterable[Any] = file.model._meta.concrete_fields
    for field in fields:
        if field.column not in names and not field.primary_key and not field.has_db_default():
            values[field.column] = literal(None if field.null else field.get_default())
    rows = f"""
        INSERT INTO {file.model._meta.db_table} (id, {", ".join(values)})
        SELECT _id, {", ".join(value or name for name, value in values.items())}
        FROM {typed(file.name)} WHERE _new ORDER BY _row
    """
    with triggers_done(work, file.model, typed(file.name)):
        return work.sql(with_events(file.model, rows))


def update(work: Work, file: File, values: Mapping[str, str] | None = None) -> int:
    """Change the rows that differ; `values` are set instead of the file's."""
    model = file.model._meta
    fixed = FIXED | {file.key.target.column}
    columns = [name for name in columns_of(file) if name not in fixed]
    changes = {name: f"n.{name}" for name in columns} | dict(values or {})
    if any(field.column == "version" for field in model.concrete_fields):
        changes["version"] = "m.version + 1"
    changed = ", ".join(f"{name} = {value}" for name, value in changes.items())
    return work.sql(
        f"UPDATE {model.db_table} m SET {changed} FROM {typed(file.name)} n"
        f" JOIN {compared(file.name)} c ON c._id = n._id WHERE m.id = n._id"
    )


def columns_of(file: File) -> list[str]:
    """The model's columns that the typed table has."""
    there = columns_there(file)
    fields: Iterable[Any] = file.model._meta.concrete_fields
    return [field.column for field in fields if field.column in there]


def keep_keys(work: Work, name: str, table: str) -> None:
    """Remember the source's keys, and what it says beyond the standard.

    Our own keys need not be, but where the row has another one here: it was not found by its own.
    """
    here, key = place_of(name)
    other = f"NOT EXISTS (SELECT FROM {here} m WHERE m.id = n._id AND m.{key} = n._key)"
    only = f"WHERE n.others IS NOT NULL OR {other}" if work.is_own else ""
    work.sql(
        f"""
        INSERT INTO exchange_sourcekey AS k (system_id, file, key, row_id, others)
        SELECT %s, %s, n._key, n._id, n.others::jsonb FROM {table} n {only}
        ON CONFLICT (system_id, file, key)
            DO UPDATE SET row_id = EXCLUDED.row_id, others = EXCLUDED.others
        WHERE (k.row_id, k.others) IS DISTINCT FROM (EXCLUDED.row_id, EXCLUDED.others)
        """,
        [work.system.pk, name],
    )
