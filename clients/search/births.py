"""Which clients may be born on a day that was typed, where either date may be approximate.

Two indexes answer: one by the day, one by the year with the names behind it (docs/adr/0027).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import Q, Value
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear
from django.db.models.lookups import Exact

from clients.search.similarity import ROUGHLY_YEARS
from hud.choices import DOBDataQuality
from hud.rules.dob import BirthDate, Precision

APPROXIMATE = Q(dob_data_quality=DOBDataQuality.PARTIAL)
_IS_FIRST = Q(Exact(ExtractDay("dob"), Value(1)))
_IS_JANUARY = Q(Exact(ExtractMonth("dob"), Value(1)))
_MONTH_IS_KNOWN = ~APPROXIMATE | (_IS_FIRST & ~_IS_JANUARY)


@dataclass(frozen=True)
class Born:
    """A date of birth as conditions need it: its parts, as values or as places for them.

    earliest, latest: the days between which an approximate date is no evidence against it.
    """

    precision: Precision
    day: Any
    year: Any
    month: Any
    earliest: Any
    latest: Any

    @classmethod
    def of(cls, born: BirthDate) -> Self:
        day = born.day
        return cls(
            born.precision,
            day,
            Value(day.year),
            Value(day.month),
            date(max(day.year - ROUGHLY_YEARS, 1), 1, 1),
            date(min(day.year + ROUGHLY_YEARS, 9999), 12, 31),
        )


def as_stored(born: Born) -> Q:
    """What is stored is the day that was typed, or agrees with the year or month that was."""
    return Q(dob=born.day) if born.precision is Precision.DAY else _agrees(born)


def approximately(born: Born) -> Q:
    """What is stored agrees, though one of the two dates is approximate."""
    return APPROXIMATE & _agrees(born) if born.precision is Precision.DAY else _agrees(born)


def _agrees(born: Born) -> Q:
    # By the index on the year: Django would write a plain `dob__year` as a range of days.
    in_year = Q(Exact(ExtractYear("dob"), born.year))
    if born.precision is Precision.YEAR:
        return in_year
    return in_year & (~_MONTH_IS_KNOWN | Q(Exact(ExtractMonth("dob"), born.month)))


def not_against(born: Born) -> Q:
    """No date of birth is known, or an approximate one is near enough to be a guess."""
    near = Q(dob__gte=born.earliest, dob__lte=born.latest)
    if born.precision is Precision.DAY:
        near &= APPROXIMATE
    return Q(dob=None) | near
