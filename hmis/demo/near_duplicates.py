"""Second records of a person, each wrong in the way that one is at an intake desk."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from hmis.demo.names import Origin, nicknames
from hmis.demo.person import Difference, Person
from hmis.demo.rng import Rng
from hud.choices import DOBDataQuality, NameDataQuality, Sex, SSNDataQuality
from hud.rules import ssn as numbers

Change = Callable[[Person, Origin, Rng], dict[str, Any]]


def again(
    recent: Iterable[Person], difference: Difference, origin: Origin, rng: Rng
) -> Person | None:
    """A second record of the first of these persons whom this can happen to."""
    suits, change = CHANGES[difference]
    person = next((one for one in recent if _is_plain(one) and suits(one)), None)
    if person is None:
        return None
    second = replace(
        person,
        duplicate_of=person.number,
        difference=difference,
        twin_of=None,
        aliases=(),
        middle_name="",
        name_suffix="",
        email="",
    )
    return replace(second, **change(second, origin, rng))


def _is_plain(person: Person) -> bool:
    return (
        person.duplicate_of is None
        and person.name_data_quality == NameDataQuality.FULL
        and person.dob_data_quality == DOBDataQuality.FULL
    )


def _typo(person: Person, origin: Origin, rng: Rng) -> dict[str, Any]:
    name = person.last_name
    place = rng.between(1, len(name) - 3)
    swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    dropped = name[:place] + name[place + 1 :]
    return {"last_name": swapped if swapped != name else dropped} | NO_SSN


def _can_swap_date(person: Person) -> bool:
    dob = person.dob
    return dob is not None and dob.day <= 12 and dob.day != dob.month


def _swapped_date(person: Person, origin: Origin, rng: Rng) -> dict[str, Any]:
    dob = person.dob
    assert dob  # noqa: S101 -- _can_swap_date
    return {"dob": date(dob.year, dob.day, dob.month)} | NO_SSN


def _swapped_digits(ssn: str) -> str:
    """Two neighbouring digits of the last six swapped, so that it is still a possible number."""
    for place in range(7, 2, -1):
        swapped = ssn[:place] + ssn[place + 1] + ssn[place] + ssn[place + 2 :]
        if swapped != ssn and numbers.is_valid(swapped):
            return swapped
    return ""


def _has_ssn(person: Person) -> bool:
    return person.ssn_data_quality == SSNDataQuality.FULL and bool(_swapped_digits(person.ssn))


def _new_last_name(person: Person, origin: Origin, rng: Rng) -> dict[str, Any]:
    last_name = origin.last_name(rng)
    return {"last_name": last_name if last_name != person.last_name else f"{last_name}-Reed"}


NO_SSN = {"ssn": "", "ssn_data_quality": SSNDataQuality.NOT_COLLECTED}
# Whom it can happen to, and what is then written.
CHANGES: dict[Difference, tuple[Callable[[Person], bool], Change]] = {
    Difference.TYPO: (
        lambda person: len(person.last_name) >= 5 and person.last_name.isalpha(),
        _typo,
    ),
    Difference.NICKNAME: (
        lambda person: person.first_name in nicknames(),
        lambda person, *_: {"first_name": nicknames()[person.first_name]} | NO_SSN,
    ),
    Difference.SWAPPED_NAMES: (
        lambda person: person.first_name != person.last_name,
        lambda person, *_: (
            {"first_name": person.last_name, "last_name": person.first_name} | NO_SSN
        ),
    ),
    Difference.SWAPPED_DATE: (_can_swap_date, _swapped_date),
    Difference.SSN_TYPO: (_has_ssn, lambda person, *_: {"ssn": _swapped_digits(person.ssn)}),
    Difference.NEW_LAST_NAME: (
        lambda person: _has_ssn(person) and person.sex == Sex.FEMALE,
        _new_last_name,
    ),
}
