"""3.03 Date of Birth, and the age that questions depend on."""

from collections.abc import Iterator
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from hud.anniversaries import anniversary, full_years
from hud.choices import DOBDataQuality
from hud.rules.issues import Issue, collected, error, warning

RULE = "3.03"
OLDEST = 120
PLACEHOLDER_YEAR = 1920  # birthdays until then are the default of some older systems
ADULT = 18


class Precision(IntEnum):
    """How many of year, month and day are known."""

    YEAR = 1
    MONTH = 2
    DAY = 3


class BirthDate(NamedTuple):
    """A date of birth as far as it is known; `day` is then the first of the year or month."""

    day: date
    precision: Precision = Precision.DAY

    def agrees(self, other: "BirthDate") -> bool:
        """Whether the two may be one day: equal as far as the less precise of them goes."""
        known = min(self.precision, other.precision)
        return self._parts[:known] == other._parts[:known]

    @property
    def _parts(self) -> tuple[int, int, int]:
        return self.day.year, self.day.month, self.day.day

    def __str__(self) -> str:
        return f"{self.day:{_FORMATS[self.precision]}}"


_FORMATS = {Precision.YEAR: "%Y", Precision.MONTH: "%m/%Y", Precision.DAY: "%m/%d/%Y"}


def precision(dob: date, quality: int | None) -> Precision:
    """How far a stored date of birth goes (HUD 3.03: unknown parts of a partial date are 01).

    An approximate date with another day is an estimate, of which no more than the year counts.
    """
    if quality != DOBDataQuality.PARTIAL:
        return Precision.DAY
    return Precision.MONTH if dob.day == 1 and dob.month != 1 else Precision.YEAR


def birth_date(dob: date | None, quality: int | None) -> BirthDate | None:
    """A stored date of birth as far as it is known; None where there is none."""
    return None if dob is None else BirthDate(dob, precision(dob, quality))


def age(dob: date | None, on: date) -> int | None:
    """Age in full years; None where it is not known or the person is not born yet."""
    if dob is None or dob > on:
        return None
    return full_years(dob, on)


def is_adult(dob: date | None, on: date) -> bool | None:
    """Whether the person is 18 or older; None where the age is not known."""
    years = age(dob, on)
    return None if years is None else years >= ADULT


def turns_18(dob: date) -> date:
    """The 18th birthday; `clients.models.release_term.Turns18` is the same in SQL."""
    return anniversary(dob, dob.year + ADULT)


@collected
def issues(dob: date | None, *, today: date, entry_date: date | None = None) -> Iterator[Issue]:
    """Not in the future, at most 120 years ago; born on the start date is unlikely."""
    if dob is None:
        return
    if dob > today:
        yield error(RULE, "dob", "Enter a date of birth that is not in the future.")
    elif dob < anniversary(today, today.year - OLDEST):
        yield error(RULE, "dob", "Check the year of birth: it is more than 120 years ago.")
    if dob == entry_date:
        yield warning(RULE, "dob", "Check the date of birth: it is the project start date.")
