"""Which parameters of a statement are values of the call, and which are always the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from operator import add
from typing import Any


class NotCompilableError(TypeError):
    """A parameter is neither a value of the call as it is, nor always the same."""


@dataclass(frozen=True)
class Slot:
    """The place of a value of the call.

    Args:
        value: its number among the values.
        wrap: what makes the parameter of it: the type that Django gives it, as for the size of an
            integer, or the sum of a moment and a distance that is always the same.
    """

    value: int
    wrap: Callable[[Any], Any] | None


@dataclass(frozen=True)
class Constant:
    value: Any


def parameters(
    params: Sequence[Any], values: list[Any], probe_params: Sequence[Any], probes: list[Any]
) -> list[Slot | Constant]:
    """Say of each parameter what it is; the probes show where, the real values prove it.

    Raises NotCompilableError. A moment or a day that is no value of the call is refused: tomorrow
    it would be another one.
    """
    if len(params) != len(probe_params):
        raise NotCompilableError("The number of parameters hangs on the arguments.")
    found: list[Slot | Constant] = []
    for param, probe in zip(params, probe_params, strict=True):
        number = next((i for i, one in enumerate(probes) if _same(probe, one)), None)
        if number is not None and _same(param, values[number]):
            is_plain = type(probe) is type(probes[number])
            found.append(Slot(number, None if is_plain else type(probe)))
        elif (ago := _distance(probe, probes)) and ago == _distance(param, values):
            found.append(Slot(ago[0], partial(add, ago[1])))
        elif type(param) is type(probe) and param == probe and not isinstance(param, date | time):
            found.append(Constant(param))
        else:
            raise NotCompilableError(
                f"A parameter is made from an argument: {type(probe).__name__} {probe!r}. "
                "Give the statement what it is made into, and moments by records.clock."
            )
    return found


def _distance(param: Any, values: list[Any]) -> tuple[int, timedelta] | None:
    """How far a moment is from the moment of the call, or a day from its day: the last two."""
    for number in (len(values) - 2, len(values) - 1):
        if type(param) is type(values[number]):
            return number, param - values[number]
    return None


def _same(param: Any, value: Any) -> bool:
    """Whether it is the value, or the value in a type of Django's own that adds nothing."""
    kind = type(value)
    is_wrapped = kind is int and isinstance(param, int) and not isinstance(param, bool)
    return (type(param) is kind or is_wrapped) and param == value
