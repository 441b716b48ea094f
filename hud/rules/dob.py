"""3.03 Date of Birth, and the age that questions depend on."""

from collections.abc import Iterator
from datetime import date

from hud.anniversaries import anniversary, full_years
from hud.rules.findings import Finding, collected, error, warning

RULE = "3.03"
OLDEST = 120
ADULT = 18


def age(dob: date | None, on: date) -> int | None:
    """Age in full years; None where it is not known or the person is not born yet."""
    if dob is None or dob > on:
        return None
    return full_years(dob, on)


def is_adult(dob: date | None, on: date) -> bool | None:
    """Whether the person is 18 or older; None where the age is not known."""
    years = age(dob, on)
    return None if years is None else years >= ADULT


@collected
def findings(dob: date | None, *, today: date, entry_date: date | None = None) -> Iterator[Finding]:
    """Not in the future, at most 120 years ago; born on the start date is unlikely."""
    if dob is None:
        return
    if dob > today:
        yield error(RULE, "dob", "Enter a date of birth that is not in the future.")
    elif dob < anniversary(today, today.year - OLDEST):
        yield error(RULE, "dob", "Check the year of birth: it is more than 120 years ago.")
    if dob == entry_date:
        yield warning(RULE, "dob", "Check the date of birth: it is the project start date.")
