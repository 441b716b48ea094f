"""Whether two records are of one person: two of SSN (3.02), name (3.01) and birth (3.03) agree.

Numbers typed to fill the box and birthdays of 1920 and before (the default of some older systems)
agree with anything and so do not count. It is a question to the user, never a block.
"""

from datetime import date
from typing import NamedTuple

from hud.rules import names
from hud.rules import ssn as numbers
from hud.text import normalised

PLACEHOLDER_YEAR = 1920


class Person(NamedTuple):
    """What tells a person."""

    first_name: str | None = None
    last_name: str | None = None
    ssn: str | None = None
    dob: date | None = None


def ssn_key(person: Person) -> str:
    """The whole SSN, "" where it does not count."""
    return numbers.clean(person.ssn) if numbers.is_valid(person.ssn) else ""


def name_key(person: Person) -> str:
    """The full name as one key, "" where it does not count.

    In one piece, because a second name is filed now with the first and now with the last.
    """
    if not names.is_complete(person.first_name, person.last_name):
        return ""
    return normalised(f"{person.first_name}{person.last_name}")


def dob_key(person: Person) -> date | None:
    """The date of birth, None where it does not count."""
    return person.dob if person.dob and person.dob.year > PLACEHOLDER_YEAR else None


def agreeing(a: Person, b: Person) -> tuple[str, ...]:
    """Which of "ssn", "name" and "dob" agree."""
    keys = (("ssn", ssn_key), ("name", name_key), ("dob", dob_key))
    return tuple(what for what, key in keys if key(a) and key(a) == key(b))


def same_person(a: Person, b: Person) -> bool:
    """Whether two of the three agree."""
    return len(agreeing(a, b)) >= 2
