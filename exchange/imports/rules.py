"""The constraints of our tables, asked of the typed rows before they are written.

What may be broken is marked (`records.breaks`). Of another rule the columns that may be blank are
left blank; what still breaks it is refused, with the sentence that a page says too.
"""

from typing import Any

from django.db import connection, models
from django.db.models import CheckConstraint, UniqueConstraint

from exchange.files import FILES, File
from exchange.imports.keys import OUT
from exchange.imports.values import columns_there, kept_columns, typed
from exchange.imports.work import Work
from exchange.violations import Kind as Finding
from records.breaks import fields_in, mark_of


def apply_rules(work: Work, file: File, *, apart: frozenset[str] = frozenset()) -> None:
    """Mark, repair or refuse; `apart` are the names of constraints that are seen to elsewhere.

    One about columns that the file's rows do not have is not asked: they stay as they are.
    """
    there = columns_there(file)
    for constraint in file.model._meta.constraints:
        if constraint.name in apart:
            continue
        if isinstance(constraint, CheckConstraint):
            _check(work, file, constraint, there)
        elif isinstance(constraint, UniqueConstraint) and constraint.fields:
            _once(work, file, constraint, there)


def _check(work: Work, file: File, constraint: CheckConstraint, there: set[str]) -> None:
    fields: list[Any] = [
        file.model._meta.get_field(name) for name in fields_in(constraint) if name != "breaks"
    ]
    if not {one.column for one in fields} <= there:
        return
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    rule: Any = constraint
    wrong = f"NOT ({rule._get_check_sql(file.model, editor)})"
    if mark := mark_of(constraint):
        _mark(work, file, mark, wrong, str(constraint.violation_error_message))
        return
    if not work.value(f"SELECT EXISTS (SELECT FROM {typed(file.name)} WHERE {wrong})"):
        return
    message = str(constraint.violation_error_message)
    if blank := {one.column: _blank(one) for one in fields if _may_be_blank(one)}:
        finding = Finding(
            file.name, "", "rule", f"{message} {', '.join(sorted(blank))}: left blank."
        )
        work.note(typed(file.name), wrong, finding)
        kept = kept_columns(work, file, "_unread")
        if file.name == "Enrollment":
            kept |= kept_columns(work, FILES["Exit"], "_unread")
        values = ", ".join(
            f"{column} = CASE WHEN NOT _new AND {kept.get(column, 'false')} THEN {column}"
            f" ELSE {value} END"
            for column, value in blank.items()
        )
        work.sql(f"UPDATE {typed(file.name)} SET {values} WHERE {wrong}")
    work.refuse(typed(file.name), wrong, Finding(file.name, "", "rule refused", f"{message} {OUT}"))


def _may_be_blank(field: models.Field) -> bool:
    return not field.is_relation and (field.null or field.empty_strings_allowed)


def _blank(field: models.Field) -> str:
    return "NULL" if field.null else "''"


def _once(work: Work, file: File, constraint: UniqueConstraint, there: set[str]) -> None:
    """The later of rows that only one of may be, in the file or here."""
    fields: list[Any] = [file.model._meta.get_field(name) for name in constraint.fields]
    columns = [one.column for one in fields]
    if not set(columns) <= there:
        return
    table, model = typed(file.name), file.model._meta.db_table
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    rule: Any = constraint
    condition = rule._get_condition_sql(file.model, editor) or "true"
    same = " AND ".join(f"o.{column} = t.{column}" for column in columns)
    rank = f"row_number() OVER (PARTITION BY {', '.join(columns)} ORDER BY _new, _row)"
    later = f"""
        _row IN (SELECT _row FROM (
            SELECT _row, {rank} AS nth FROM {table} WHERE {condition}) x WHERE nth > 1)
        OR ({condition}) AND EXISTS (
            SELECT FROM (SELECT * FROM {model} WHERE {condition}) o WHERE {same}
            AND NOT EXISTS (SELECT FROM {table} i WHERE i._id = o.id))
    """
    message = str(constraint.violation_error_message)
    if mark := mark_of(constraint):
        _mark(work, file, mark, later, message)
    else:
        work.refuse(table, later, Finding(file.name, "", "duplicate", f"{message} {OUT}"))


def _mark(work: Work, file: File, mark: str, wrong: str, message: str) -> None:
    table = typed(file.name)
    marked = work.sql(f"UPDATE {table} t SET breaks = t.breaks || '{mark}'::varchar WHERE {wrong}")
    if marked:
        sentence = f"{message} The row was taken as it is."
        work.note(
            table,
            f"t.breaks @> ARRAY['{mark}']::varchar[]",
            Finding(file.name, "", "kept", sentence),
        )
