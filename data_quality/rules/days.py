"""Dates in SQL that agree with `hud.anniversaries`."""

from datetime import date
from typing import Any

from django.db.models import DateField, ExpressionWrapper, Func, IntegerField, Value
from django.db.models.functions import Cast, ExtractDay, ExtractMonth, ExtractYear


class Day(Func):
    """A date moved by a fixed span, written into the template."""

    output_field = DateField()


class YearsBefore(Day):
    """The date some years before; of 29 February the 28th.

    Somebody born on that day or earlier has completed the years, 29 February included.
    """

    def __init__(self, day: Any, years: int) -> None:
        super().__init__(day, template=f"(%(expressions)s - interval '{int(years)} years')::date")


class MonthsBefore(Day):
    """The date some months before; in a shorter month its last day."""

    def __init__(self, day: Any, months: int) -> None:
        super().__init__(day, template=f"(%(expressions)s - interval '{int(months)} months')::date")


class DaysAfter(Day):
    def __init__(self, day: Any, days: int) -> None:
        super().__init__(day, template=f"(%(expressions)s + {int(days)})")


def as_day(day: date) -> Value:
    """A date as a value of PostgreSQL's type, to compute with."""
    return Value(day, output_field=DateField())


def anniversary(day: Any, year: Any) -> ExpressionWrapper:
    """The anniversary of a date in a year; that of 29 February is 1 March in a common year.

    Args:
        day: a column or an expression.
        year: a number, or an expression that is an integer.
    """
    first_of_month = Func(
        year if hasattr(year, "resolve_expression") else Value(int(year)),
        _whole(ExtractMonth(day)),
        Value(1),
        function="make_date",
        output_field=DateField(),
    )
    computed = first_of_month + _whole(ExtractDay(day)) - Value(1)
    return ExpressionWrapper(computed, output_field=DateField())


def year_of(day: Any) -> Cast:
    return _whole(ExtractYear(day))


def _whole(number: Any) -> Cast:
    return Cast(number, IntegerField())
