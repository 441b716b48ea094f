"""What a call of a compiled statement hands over: its shape, and the values that change."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Protocol, Self
from uuid import UUID

from django.db import models

MOST_VALUES = 60
LARGEST = 2**63  # of PostgreSQL's whole numbers


class Statable(Protocol):
    """An argument of which a statement depends on some values alone, as of a user on the access."""

    def statement_shape(self) -> Hashable:
        """What the SQL hangs on, such as whether the user is a superuser."""

    def statement_values(self) -> list[Any]:
        """What the parameters are made of, such as the IDs of the user's organizations."""

    def statement_stand_in(self, values: list[Any]) -> Self:
        """One of the same shape with other values, which raises where anything else is read."""


@dataclass
class Arguments:
    """The positional arguments of a call.

    Attributes:
        shape: what two calls must have in common to share a statement; never a personal value.
        values: of the parameters, in the order of the arguments.
    """

    shape: tuple[Hashable, ...]
    values: list[Any]


def parsed(args: tuple[Any, ...]) -> Arguments | None:
    """Tell shape from values; None where no statement is kept for them, as for too many.

    None, booleans, choices, and what is empty or zero belong to the shape: code branches on them.
    Raises TypeError for an argument of any other type.
    """
    shape: list[Hashable] = []
    values: list[Any] = []
    for arg in args:
        if type(arg) is list:
            if len(set(arg)) < len(arg):
                return None  # the same twice is one parameter of an `IN`
            shape.append((list, *map(_shape, arg)))
            values += [arg, *arg]
        elif hasattr(arg, "statement_values"):
            shape.append(arg.statement_shape())
            values += arg.statement_values()
        else:
            shape.append(_shape(arg))
            values += [arg] if _is_value(arg) else []
    is_kept = len(values) <= MOST_VALUES and not any(map(_is_too_large, values))
    return Arguments(tuple(shape), values) if is_kept else None


def fixed_shape(fixed: dict[str, Any]) -> tuple[Hashable, ...]:
    """The shape of keyword arguments, which are never values; 1 is another one than True.

    Raises TypeError for a row of a table: it is equal to itself whatever it has become.
    """
    rows = [name for name, one in fixed.items() if isinstance(one, models.Model)]
    if rows:
        raise TypeError(f"A row is no keyword argument of a compiled statement: {rows}.")
    return tuple((name, type(one), one) for name, one in fixed.items())


def _is_value(arg: Any) -> bool:
    return type(arg) in PROBES and bool(arg)


def _shape(arg: Any) -> Hashable:
    """Of one argument, or of one thing in a list."""
    kind = type(arg)
    if _is_value(arg):
        return kind  # type: ignore[return-value]
    if kind in SHAPES or isinstance(arg, Enum):
        return kind, arg
    raise TypeError(f"A compiled statement takes no {kind.__name__}.")


def _is_too_large(value: Any) -> bool:
    """Whether it is a number that no column holds: no row fits, as Django knows by itself."""
    return isinstance(value, int) and not -LARGEST <= value < LARGEST


@dataclass
class Probes:
    """Values that occur nowhere else, and that no conversion leaves as they are."""

    made: int = field(default=0)

    def instead_of(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(self._one, args))

    def _one(self, arg: Any) -> Any:
        kind = type(arg)
        if kind is list:
            return [self._one(one) for one in arg]
        if _is_value(arg):
            self.made += 1
            return PROBES[kind](self.made, arg)
        if hasattr(arg, "statement_stand_in") and not isinstance(arg, type):
            return arg.statement_stand_in([self._one(one) for one in arg.statement_values()])
        return arg


def _moment(number: int, like: datetime) -> datetime:
    moment = datetime(1901, 1, 1, 1, 1, 1, tzinfo=UTC) + timedelta(days=number)
    return moment if like.tzinfo else moment.replace(tzinfo=None)


PROBES: dict[type, Callable[[int, Any], Any]] = {
    int: lambda number, like: 1_900_000_000 + number,
    str: lambda number, like: f" É% _\\ 'Probe' {number} ",
    datetime: _moment,
    date: lambda number, like: date(1902, 1, 1) + timedelta(days=number),
    UUID: lambda number, like: UUID(int=number),
}
SHAPES = {*PROBES, bool, type(None)}
