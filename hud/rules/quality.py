"""Data quality of name (3.01.5), SSN (3.02.2) and date of birth (3.03.2), as far as derived.

Complete is full and in part is partial; where nothing is there, the user says why (8, 9, 99). A
value may look complete and not be the real one, such as a street name or an approximate date of
birth: `approximate` says so, and makes it partial.
"""

from datetime import date
from typing import TypeVar

from hud.choices import DOBDataQuality, NameDataQuality, SSNDataQuality
from hud.choices.answers import UNANSWERED
from hud.rules import names
from hud.rules import ssn as numbers

Quality = TypeVar("Quality", NameDataQuality, SSNDataQuality, DOBDataQuality)


def of_name(
    first: str | None, last: str | None, chosen: int | None = None, *, approximate: bool = False
) -> NameDataQuality:
    """3.01.5: full with a first and a last name."""
    some = not (names.is_blank(first) and names.is_blank(last))
    complete = names.is_complete(first, last) and not approximate
    return _derived(NameDataQuality, complete=complete, some=some, chosen=chosen)


def of_ssn(
    ssn: str | None, chosen: int | None = None, *, approximate: bool = False
) -> SSNDataQuality:
    """3.02.2: full with nine digits that somebody may have."""
    complete = numbers.is_valid(ssn) and not approximate
    some = bool(numbers.clean(ssn))
    return _derived(SSNDataQuality, complete=complete, some=some, chosen=chosen)


def of_dob(
    dob: date | None, chosen: int | None = None, *, approximate: bool = False
) -> DOBDataQuality:
    """3.03.2: full with a date."""
    complete = dob is not None and not approximate
    return _derived(DOBDataQuality, complete=complete, some=dob is not None, chosen=chosen)


def _derived(
    qualities: type[Quality], *, complete: bool, some: bool, chosen: int | None
) -> Quality:
    if complete:
        return qualities.FULL
    if some:
        return qualities.PARTIAL
    if chosen in UNANSWERED:
        return qualities(chosen)
    return qualities.NOT_COLLECTED
