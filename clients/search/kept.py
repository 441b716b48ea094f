"""Statements of several sources, put together once for each shape of search (docs/adr/0042).

Building some twenty queries takes ten times what PostgreSQL needs for their answer. So they are
built with `Given` in the places of what was typed, and each search puts its own values there.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db import connections
from django.db.models import BooleanField, CharField, DateField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left

from agencies.models import User
from clients.querysets import INDEXED_LETTERS
from records import clock
from records.statements.compiling import PROBE_NOW
from records.statements.parameters import Constant
from records.statements.parameters import Slot as ASlot
from records.statements.plan import numbered

MOST_KEPT = 500  # statements; what is beyond is put together on each search
STAND_INS = 1_900_000_000  # the IDs of a user that stands in; no organization has one
TODAY = "today"  # the value that each search has: releases of information are of a day
Sql = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Slot:
    """The place of a value of the search, by its name; of the user's values by their number."""

    name: str | int


class Given(RawSQL):
    """A value of the search in a queryset."""

    def __init__(self, name: str, sql: str = "%s::text", output_field: Any = None):
        super().__init__(sql, (Slot(name),), output_field or CharField())

    def as_sql(self, compiler, connection):
        return self.sql, self.params


def given_day(name: str) -> Given:
    return Given(name, "%s::date", DateField())


class _Equals(Func):
    template, arg_joiner, output_field = "%(expressions)s", " = ", BooleanField()


def any_of(column: str, name: str, kind: str = "text") -> Q:
    """The column holds any of a list: the statement is the same however long that is."""
    return Q(_Equals(F(column), Given(name, f"ANY(%s::{kind}[])")))


def begins(column: str, name: str) -> Q:
    """A range of the index; `name` and `name`_end are values of the search."""
    return Q(**{f"{column}__gte": Given(name), f"{column}__lt": Given(f"{name}_end")})


def last_begins(rows: QuerySet, name: str, letters: int) -> QuerySet:
    """One to three letters by equality, so that an index goes on with the first name."""
    column = f"last{min(letters, INDEXED_LETTERS)}"
    left = Left("last_key", min(letters, INDEXED_LETTERS))
    return rows.alias(**{column: left}).filter(**{column: Given(f"{name}_letters")})


def beginning(name: str, key: str) -> dict[str, str]:
    """The values that `begins` and `last_begins` have places for."""
    return {name: key, f"{name}_end": _end(key), f"{name}_letters": key[:INDEXED_LETTERS]}


def _end(key: str) -> str:
    """What no text that begins with `key` reaches, in the order of code points."""
    if not key:
        return ""
    after = ord(key[-1]) + 1
    return key[:-1] + chr(0xE000 if after == 0xD800 else after)  # no half of a surrogate pair


def sql_of(rows: QuerySet) -> Sql:
    return rows.query.sql_with_params()


@dataclass(frozen=True)
class Statement:
    """SQL with a numbered parameter for each slot; PostgreSQL keeps its plan."""

    sql: str
    slots: list[Slot]

    @classmethod
    def of(cls, parts: list[Sql], database: str) -> Self:
        """Unite the parts; what is the same in every search stands in the SQL."""
        sql = " UNION ALL ".join(f"({part})" for part, _ in parts)
        params = [value for _, values in parts for value in values]
        slots = [one for one in params if isinstance(one, Slot)]
        places = [
            ASlot(at, None) if isinstance(one, Slot) else Constant(one)
            for at, one in enumerate(params)
        ]
        return cls(numbered(sql, places, connections[database]), slots)

    def rows(
        self,
        database: str,
        values: dict[str, Any],
        user_values: list[int],
        *,
        keeps_plan: bool = True,
    ) -> list[tuple]:
        """Run it; with keeps_plan=False PostgreSQL plans for these very values."""
        values = {**values, TODAY: clock.today()}
        params = [
            values[one.name] if isinstance(one.name, str) else user_values[one.name]
            for one in self.slots
        ]
        connection: Any = connections[database]
        with connection.prepared_cursor(keeps_plan=keeps_plan) as cursor:
            cursor.execute(self.sql, params)
            return cursor.fetchall()


KEPT: dict[Hashable, Statement | None] = {}


def statement(
    shape: Hashable, user: User, database: str, sources: Callable[[User], Iterable[Sql]]
) -> Statement | None:
    """One statement for what the sources bring; None where nothing is to be asked.

    Who may see whom stays in the statement: a user of the same roles stands in while it is built,
    and its IDs are slots for those of the user who searches; another day for that of the search.

    sources: builds them for a user; it may hang on nothing but `shape`.
    """
    key = (shape, user.statement_shape())
    if key not in KEPT:
        ids = user.statement_values()
        stand_ins = {STAND_INS + at: Slot(at) for at in range(len(ids))}
        with clock.stopped_at(PROBE_NOW):
            parts = list(sources(user.statement_stand_in(list(stand_ins))))
            slots = stand_ins | {clock.today(): Slot(TODAY)}
        built = None
        if parts:
            built = Statement.of(
                [
                    (sql, tuple(slots[one] if _is_given(one) else one for one in params))
                    for sql, params in parts
                ],
                database,
            )
        if len(KEPT) >= MOST_KEPT:
            return built
        KEPT[key] = built
    return KEPT[key]


def _is_given(param: Any) -> bool:
    """Whether it is an ID of the user who stands in, or the day: no other day stands in the SQL."""
    return type(param) is date or (isinstance(param, int) and param >= STAND_INS)


BORN = {
    "day": given_day("dob"),
    "year": Given("year", "%s::integer"),
    "month": Given("month", "%s::integer"),
    "earliest": given_day("earliest"),
    "latest": given_day("latest"),
}
NO = RawSQL("false", (), BooleanField())
BLANK = RawSQL("''::text", (), CharField())
