"""Cells as the values of our columns, in SQL: one typed table for each file."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, models

from exchange.files import NOT_COLLECTED, File, Kind, Place
from exchange.imports.keys import OUT, resolved
from exchange.imports.work import Work
from exchange.violations import Kind as Finding
from hud.choices import RelationshipToHoH
from records.breaks import MayBreak, fields_in
from records.model_fields import HashedKeyField

SELF = RelationshipToHoH.SELF.value
ONLY_COC = """
    SELECT min(coc_code) FROM agencies_projectcoc coc
    WHERE coc.project_id = here.project_id AND coc.date_deleted IS NULL
    HAVING min(coc_code) = max(coc_code)
"""
NEW_KEY = "replace(gen_random_uuid()::text, '-', '')"
# Columns that say when and by whom: they alone make no row a changed one.
STAMPS = {"DateCreated", "DateUpdated", "DateDeleted", "UserID"}
# What each of these says something about: it stays with it.
ABOUT = {
    "NameDataQuality": ("FirstName", "LastName"),
    "SSNDataQuality": ("SSN",),
    "DOBDataQuality": ("DOB",),
}


@dataclass
class Plan:
    """How a file's rows become rows of its model.

    Args:
        values: expressions of columns that are no column of the file, or not as it is there.
        joins: what they need, beside the resolved row `r`.
        content: those of them that are compared.
        only: a condition of the rows that are written.
    """

    values: dict[str, str] = field(default_factory=dict)
    joins: str = ""
    content: tuple[str, ...] = ()
    only: str = "true"


def typed(name: str) -> str:
    return f"n_{name.lower()}"


def columns_there(file: File) -> set[str]:
    """The columns of the typed table."""
    query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    with connection.cursor() as cursor:
        cursor.execute(query, [typed(file.name)])
        return {name for (name,) in cursor.fetchall()}


def type_of(column: models.Field) -> str:
    return str(column.db_type(connection))


def fields_of(file: File) -> list[tuple[Place, Any]]:
    """The places that are a column of the file's own model."""
    found = []
    for place in file:
        if place.kind is Kind.EXPORT or place.path.count("__") > 1:
            continue
        own: Any = file.model._meta.get_field(place.own_field)
        if "__" not in place.path or place.kind in (Kind.REFERENCE, Kind.HOUSEHOLD):
            found.append((place, own))
    return found


def content_of(file: File, plan: Plan) -> list[str]:
    """The columns by which a row that is here already is compared with that of the file."""
    of_file = (
        own.column
        for place, own in fields_of(file)
        if place.name not in STAMPS and place.kind is not Kind.KEY
    )
    return list(dict.fromkeys([*of_file, *plan.content]))


def refuse_blank(work: Work, file: File) -> None:
    """Rows without what our row cannot be without."""
    for place, own in fields_of(file):
        is_plain = place.kind in (Kind.INTEGER, Kind.DATE, Kind.MONEY, Kind.TIME)
        if is_plain and place.name not in STAMPS and not own.null and not own.has_default():
            finding = Finding(file.name, place.name, "blank", f"{place.name} is blank. {OUT}")
            work.refuse(resolved(file.name), f'"{place.name}" IS NULL', finding)


def make_typed(work: Work, file: File, plan: Plan) -> None:
    """The typed table: `_row`, `key`, `others`, `_id`, `_new`, and the model's columns."""
    model, key = file.model._meta, file.key.target.column
    values = {
        own.column: kept_blank(work, place, own, value_of(work, place, own))
        for place, own in fields_of(file)
    }
    values[key] = f"CASE WHEN taken.id IS NULL THEN r.key ELSE {NEW_KEY} END::varchar(32)"
    names = {one.column for one in model.concrete_fields}
    if "created_by_id" in names:
        values["created_by_id"] = values["updated_by_id"]
    if issubclass(file.model, MayBreak):
        values["breaks"] = "'{}'::varchar(63)[]"
    values["_updated"] = values["date_updated"]
    values |= {"_unread": "r._unread"} | plan.values
    for column, condition in kept_columns(work, file, "r._unread").items():
        kept = f"NOT r._new AND ({condition})"
        values[column] = f"CASE WHEN {kept} THEN here.{column} ELSE {values[column]} END"
    if "deleted_by_id" in names:
        who = f"CASE WHEN {values['date_deleted']} IS NOT NULL THEN {values['updated_by_id']} END"
        values["deleted_by_id"] = who
    values |= _others(file, values)
    selected = ", ".join(f"{value} AS {column}" for column, value in values.items())
    work.table(
        typed(file.name),
        f"""
        SELECT r._row, r.key AS _key, r.others, r._id, r._new, {selected}
        FROM {resolved(file.name)} r LEFT JOIN {model.db_table} taken
            ON {same_key(file.model, key, "taken", "r.key")}
        LEFT JOIN {model.db_table} here ON here.id = r._id AND NOT r._new
        {plan.joins} WHERE {plan.only}
        """,
    )


def same_key(model: type[models.Model], column: str, alias: str, key: str) -> str:
    """The condition that a row of the model has this key, as an index finds it."""
    same = f"{alias}.{column} = {key}"
    if isinstance(model._meta.get_field(column), HashedKeyField):
        same += f" AND hashtextextended({alias}.{column}, 0) = hashtextextended({key}, 0)"
    return same


def left_alone(work: Work, file: File, name: str, unread: str) -> str:
    """The condition that the file says nothing of a column, so that ours is kept; empty if never.

    Args:
        unread: the expression of the names of the cells that were left out.
    """
    names = {name, *ABOUT.get(name, ())}
    if names.intersection(work.missing.get(file.name, ())):
        return "true"
    found = sorted(names & work.unread.get(file.name, set()))
    quoted = ", ".join(f"'{one}'" for one in found)
    return f"coalesce({unread} && ARRAY[{quoted}], false)" if found else ""


def kept_columns(work: Work, file: File, unread: str) -> dict[str, str]:
    """The columns that may have to stay as they are here, each with the condition."""
    return {
        own.column: condition
        for place, own in fields_of(file)
        if place.name not in STAMPS - {"DateDeleted"} and place.kind is not Kind.KEY
        if (condition := left_alone(work, file, place.name, unread))
    }


def _others(file: File, values: dict[str, str]) -> dict[str, str]:
    """Columns that no file has and that rules are about: as they are here, or by default."""
    model = file.model._meta
    names = {name for one in model.constraints for name in fields_in(one)} - {"breaks"}
    fields: list[Any] = [model.get_field(name) for name in names]
    return {
        own.column: f"CASE WHEN r._new THEN {literal(own.get_default())} ELSE here.{own.column} END"
        for own in fields
        if own.column not in values
        and not (own.primary_key or own.has_db_default() or own.is_relation)
    }


def value_of(work: Work, place: Place, own: models.Field, row: str = "r") -> str:
    """The value of a cell as the column has it."""
    cell, kind = f'{row}."{place.name}"', place.kind
    if kind is Kind.REFERENCE:
        if place.refers_to == "User":
            return f"coalesce({row}._user, {work.by.pk})"
        return f'{row}."_{place.name}"'
    if place.name in ("DateCreated", "DateUpdated"):
        cell = f'coalesce({cell}, {row}."DateUpdated", {row}."DateCreated")'
        return f"coalesce({moment(cell)}, now())"
    expression = {
        Kind.FLAG: f"({cell} = '1')",
        Kind.TIME: moment(cell),
        Kind.HOUSEHOLD: f"{row}._household",
    }.get(kind, f"{cell}::{type_of(own)}")
    if own.null or kind is Kind.HOUSEHOLD:
        return expression
    if isinstance(own, (models.CharField, models.TextField)):
        return f"coalesce({expression}, '')"
    return (
        f"coalesce({expression}, {literal(own.get_default())})" if own.has_default() else expression
    )


def kept_blank(work: Work, place: Place, own: models.Field, value: str, row: str = "r") -> str:
    """Of a file that was exported here: what is blank here stays so, where the export filled it."""
    if not work.is_own:
        return value
    if place.needs_answer:
        filled = f"here.{own.column} IS NULL AND {row}.\"{place.name}\" = '{NOT_COLLECTED}'"
        return f"CASE WHEN {filled} THEN NULL ELSE {value} END"
    if place.name == "EnrollmentCoC":
        is_member = f"r.\"RelationshipToHoH\" <> '{SELF}'"
        filled = f"here.{own.column} = '' AND ({is_member} OR r.\"EnrollmentCoC\" = ({ONLY_COC}))"
        return f"CASE WHEN {filled} THEN '' ELSE {value} END"
    return value


def moment(cell: str) -> str:
    """A date and time of the agency's time zone."""
    return f"({cell}::timestamp AT TIME ZONE '{settings.TIME_ZONE}')"


def literal(value: Any) -> str:
    """A default of a column in SQL."""
    operations: Any = connection.ops
    return str(operations.compose_sql("%s", [value]))
