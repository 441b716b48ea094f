"""Dates in SQL that agree with `hud.anniversaries`, and the windows of `hud.rules.annual` (5.03).

The windows are counted from the start of the head of household, and written out in each condition:
Django counts over an annotation by way of a subquery.
"""

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, ExtractDay, ExtractMonth, ExtractYear
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual

from hud.rules.annual import MARGIN

# Without a head of household each member counts from the own start.
OF_ENROLLMENT = Coalesce(F("head__entry_date"), F("entry_date"))
OF_ANSWERS = Coalesce(F("head__entry_date"), F("enrollment__entry_date"))


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
    """The anniversary of a day in a year; of 29 February it is 1 March in a common year."""
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


def last_due(today: date) -> Case:
    """The anniversary of an enrollment whose window was the last one to close."""
    *later, oldest = (anniversary(OF_ENROLLMENT, today.year - years) for years in range(3))
    closed = [When(LessThan(closes(due), as_day(today)), then=due) for due in later]
    return Case(*closed, default=oldest, output_field=DateField())


def opens(due: Any) -> DaysAfter:
    return DaysAfter(due, -MARGIN.days)


def closes(due: Any) -> DaysAfter:
    return DaysAfter(due, MARGIN.days)


def has_window(today: date) -> Q:
    """A window has closed in which the member was there; the first year has none."""
    due = last_due(today)
    begun = Q(LessThan(year_of(OF_ENROLLMENT), year_of(due)))
    return begun & Q(LessThanOrEqual(F("entry_date"), closes(due)))


def is_within(day: Any, due: Any) -> Q:
    return Q(GreaterThanOrEqual(day, opens(due))) & Q(LessThanOrEqual(day, closes(due)))
