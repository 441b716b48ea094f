"""A compiled statement: SQL with numbered parameters, and how its rows become what they are."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, models
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from psycopg import sql as psycopg_sql

from records import clock
from records.statements.parameters import Constant, NotCompilableError, Slot

PLACEHOLDER = re.compile("(%%|%s)")
Build = Callable[[Iterable[Any]], list[Any]]


@dataclass(frozen=True)
class Plan:
    """What is kept of a statement; nothing in it changes, so that all threads share it."""

    alias: str
    sql: str
    slots: list[Slot]
    converters: list[tuple[int, tuple[list[Callable[..., Any]], Any]]]
    build: Build
    locks: bool
    width: int | None  # how many columns are the row's; the others only order it
    needs_clock: bool

    @classmethod
    def of(
        cls,
        queryset: models.QuerySet,
        compiler: SQLCompiler,
        sql: str,
        parameters: list[Slot | Constant],
        value_count: int,
    ) -> "Plan":
        """Keep what was compiled. What does not change stands in the SQL: planned for it.

        Args:
            value_count: of the arguments; what is beyond is the moment and the day of the call.
        """
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise NotCompilableError("What is prefetched is a statement of its own.")
        fields = [one[0] for one in compiler.select[: compiler.col_count]]
        slots = [one for one in parameters if isinstance(one, Slot)]
        return cls(
            alias=queryset.db,
            sql=numbered(sql, parameters, compiler.connection),
            slots=slots,
            converters=list(compiler.get_converters(fields).items()),
            build=builder(queryset, compiler),
            locks=queryset.query.select_for_update,
            width=compiler.col_count if compiler.has_extra_select else None,
            needs_clock=any(slot.value >= value_count for slot in slots),
        )

    def rows(self, values: list[Any]) -> list[Any]:
        """Run it with these values, and return its rows as the queryset would."""
        connection: Any = connections[self.alias]
        if self.locks and connection.get_autocommit():
            raise TransactionManagementError("A lock needs a transaction.")
        if self.needs_clock:
            values = [*values, clock.now(), clock.today()]
        params = [
            values[slot.value] if slot.wrap is None else slot.wrap(values[slot.value])
            for slot in self.slots
        ]
        with connection.prepared_cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        if self.width:
            rows = [row[: self.width] for row in rows]
        if self.converters:
            rows = [self._converted(list(row), connection) for row in rows]
        return self.build(rows)

    def _converted(self, row: list[Any], connection: Any) -> list[Any]:
        for place, (convert, expression) in self.converters:
            for one in convert:
                row[place] = one(row[place], expression, connection)
        return row


def numbered(sql: str, parameters: list[Slot | Constant], connection: Any) -> str:
    """The SQL with PostgreSQL's own placeholders for slots, and constants in their places."""
    with connection.cursor() as cursor:  # a literal is written for a connection
        context = cursor.connection
    parts, number = [], 0
    remaining = iter(parameters)
    for part in PLACEHOLDER.split(sql):
        if part == "%s":
            parameter = next(remaining)
            if isinstance(parameter, Slot):
                number += 1
                parts.append(f"${number}")
            else:
                parts.append(psycopg_sql.Literal(parameter.value).as_string(context))
        else:
            parts.append("%" if part == "%%" else part)
    return "".join(parts)


def builder(queryset: models.QuerySet, compiler: SQLCompiler) -> Build:
    """The function that makes rows into what the queryset yields."""
    kind = queryset._iterable_class
    if kind is ModelIterable:
        return model_builder(compiler, queryset.db)
    if kind is ValuesListIterable:
        return lambda rows: list(map(tuple, rows))
    if kind is FlatValuesListIterable:
        return lambda rows: [row[0] for row in rows]
    if kind is ValuesIterable:
        query = queryset.query
        names = list(query.selected or (*query.values_select, *query.annotation_select))
        return lambda rows: [dict(zip(names, row, strict=True)) for row in rows]
    raise NotCompilableError(f"Rows of {kind.__name__} are not built here.")


def model_builder(compiler: SQLCompiler, alias: str) -> Build:
    """Instances with their related ones and annotations, as Django's ModelIterable makes them."""
    info: dict[str, Any] = compiler.klass_info
    model = info["model"]
    begin, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = frozenset(one[0].target.attname for one in compiler.select[begin:end])
    related = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]
    _look_up_in_sets(related)
    annotations = list((compiler.annotation_col_map or {}).items())

    def build(rows: Iterable[Any]) -> list[Any]:
        instances = []
        for row in rows:
            instance = model.from_db(alias, names, row[begin:end])
            for one in related:
                one.populate(row, instance)
            for name, place in annotations:
                setattr(instance, name, row[place])
            instances.append(instance)
        return instances

    return build


def _look_up_in_sets(related: list[Any]) -> None:
    """Make the loaded columns of related rows sets.

    Where columns are deferred, Django looks up every column of the table in them.
    """
    for one in related:
        one.init_list = frozenset(one.init_list)
        _look_up_in_sets(one.related_populators)
