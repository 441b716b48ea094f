"""The statement of a function that returns a queryset of one shape (ADR 42)."""

import logging
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import EmptyResultSet, ObjectDoesNotExist
from django.db import models, router
from django.utils import timezone

from records import clock
from records.statements.arguments import Arguments, Probes, fixed_shape, parsed
from records.statements.parameters import NotCompilableError, parameters
from records.statements.plan import Plan

logger = logging.getLogger(__name__)
SETTINGS = ("BREAK_GLASS",)  # those that a queryset of ours reads
MOST_SHAPES = 200  # of one statement; what is beyond is compiled on each call, as without this
PROBE_NOW = datetime(1903, 3, 3, 3, 3, 3, tzinfo=UTC)
Given = ParamSpec("Given")
Row = TypeVar("Row")


class Compiled(Generic[Given, Row]):
    """A function that returns a queryset, called for the list of its rows.

    The function is called twice for each shape of arguments in the life of a process: with the
    arguments, and with probes in their place. Where a probe comes out among the parameters, each
    later call puts its own value; so what is authorized stays in the statement. What does not come
    out as it went in is refused.

    Attributes:
        strict: whether to raise NotCompilableError, as tests do; the server logs it and goes on
            without a kept statement.
    """

    strict = False
    all: "list[Compiled[Any, Any]]" = []

    def __init__(self, function: Callable[Given, "models.QuerySet[Any, Row]"]):
        self.function = function
        self.plans: dict[Hashable, Plan | None] = {}
        self.model: type[models.Model] | None = None
        update_wrapper(self, function)
        Compiled.all.append(self)

    def queryset(self, *args: Given.args, **fixed: Given.kwargs) -> "models.QuerySet[Any, Row]":
        """The queryset itself, for what goes on from it."""
        return self.function(*args, **fixed)

    def first(self, *args: Given.args, **fixed: Given.kwargs) -> Row | None:
        """The first row; the function says how few are read."""
        rows = self(*args, **fixed)
        return rows[0] if rows else None

    def __call__(self, *args: Given.args, **fixed: Given.kwargs) -> list[Row]:
        arguments = parsed(args)
        if arguments and (plan := self.kept(arguments.shape, args, fixed)):
            return plan.rows(arguments.values)
        return list(self.function(*args, **fixed))

    def kept(self, shape: Hashable, args: tuple[Any, ...], fixed: dict[str, Any]) -> Plan | None:
        """The plan for arguments of this shape; None where there is none to keep."""
        if self.model is None:
            self.model = self.function(*args, **fixed).model
        alias = router.db_for_read(self.model)
        key = (shape, alias, *fixed_shape(fixed), *_circumstances())
        if key not in self.plans and len(self.plans) < MOST_SHAPES:
            self.plans[key] = self._planned(args, fixed)
        return self.plans.get(key)

    def _planned(self, args: tuple[Any, ...], fixed: dict[str, Any]) -> Plan | None:
        try:
            return self.plan(args, fixed)
        except EmptyResultSet:
            return None
        except NotCompilableError:
            if self.strict:
                raise
            logger.exception("A statement is compiled on every call")
            return None

    def plan(self, args: tuple[Any, ...], fixed: dict[str, Any]) -> Plan:
        """Compile for arguments like these.

        Raises:
            NotCompilableError: where a parameter is neither an argument nor always the same.
            EmptyResultSet: where no row can fit.
        """
        others = Probes().instead_of(args)
        now = clock.now()
        with clock.stopped_at(now):
            queryset = self.function(*args, **fixed)
            compiler = queryset.query.get_compiler(queryset.db)
            sql, params = compiler.as_sql()
            values = [*_values(parsed(args)), now, clock.today()]
        with clock.stopped_at(PROBE_NOW):
            try:
                probed = self.function(*others, **fixed)
            except ObjectDoesNotExist as error:  # of a stand-in, which has not more to read
                raise NotCompilableError(
                    f"{self} reads more of an argument than it may."
                ) from error
            probe_sql, probe_params = probed.query.get_compiler(queryset.db).as_sql()
            probe_values = [*_values(parsed(others)), PROBE_NOW, clock.today()]
        if sql != probe_sql:
            raise NotCompilableError(
                f"The SQL of {self} hangs on its arguments:\n{sql}\n{probe_sql}"
            )
        found = parameters(params, values, probe_params, probe_values)
        return Plan.of(queryset, compiler, sql, found, len(values) - 2)

    def __str__(self) -> str:
        return f"{self.function.__module__}.{self.function.__qualname__}"


compiled = Compiled


def _values(arguments: Arguments | None) -> list[Any]:
    return arguments.values if arguments else []


def _circumstances() -> tuple[Hashable, ...]:
    """What SQL hangs on besides arguments: settings, and the time zone in which days begin."""
    return (
        timezone.get_current_timezone(),
        *(getattr(settings, name) for name in SETTINGS),
    )
