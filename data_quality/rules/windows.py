"""5.03: the windows of annual assessments, counted from the start of the head of household.

Written out in each condition: Django counts over an annotation by way of a subquery.
"""

from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, Q, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual

from data_quality.rules.days import DaysAfter, anniversary, as_day, year_of
from hud.rules.annual import MARGIN

# Without a head of household each member counts from the own start.
OF_ENROLLMENT = Coalesce(F("head__entry_date"), F("entry_date"))
OF_ANSWERS = Coalesce(F("head__entry_date"), F("enrollment__entry_date"))


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
