from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from clients.names import readings, without_generation
from hud.rules.dob import BirthDate, Precision
from hud.text import normalised

LONGEST_KEY = 200
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Criteria:
    """What was typed into the boxes of Find Client; any combination narrows.

    line: a name typed in one line, which may be meant as first or last name or both; the two
        boxes then hold its likeliest reading.
    dob_precision: how much of `dob` was typed; the rest of it is 01.
    ssn: nine digits, or four as the last ones.
    """

    first_name: str = ""
    last_name: str = ""
    dob: date | None = None
    ssn: str = ""
    client_id: int | None = None
    dob_precision: Precision = Precision.DAY
    line: str = ""

    @property
    def born(self) -> BirthDate | None:
        return BirthDate(self.dob, self.dob_precision) if self.dob else None

    @cached_property
    def first_key(self) -> str:
        return _key(self.first_name)

    @cached_property
    def last_key(self) -> str:
        return _key(self.last_name)

    @cached_property
    def readings(self) -> list["Criteria"]:
        """This search, and the others that a line may be meant as, the likeliest first."""
        pairs = readings(self.line[:LONGEST_KEY]) if self.line else []
        named = [replace(self, first_name=one, last_name=two, line="") for one, two in pairs]
        by_keys: dict[tuple[str, str], Criteria] = {}
        for one in (self, *named):
            by_keys.setdefault((one.first_key, one.last_key), one)
        return [one for keys, one in by_keys.items() if any(keys)] or [self]

    @property
    def has_name(self) -> bool:
        """Whether a letter or digit is in either name box: an emoji alone finds nobody."""
        return bool(self.first_key or self.last_key)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there to search by."""
        return not (self.has_name or self.dob or self.ssn or self.client_id is not None)

    @property
    def is_possible(self) -> bool:
        """Whether any row could have such an ID and SSN."""
        return (
            len(self.ssn) in {0, 4, 9}
            and self.ssn.isdigit() == bool(self.ssn)
            and (self.client_id is None or 0 < self.client_id <= LARGEST_ID)
        )


def _key(name: str) -> str:
    """A name as it is searched; Jr or III behind it is no part of it."""
    return normalised(without_generation(name[:LONGEST_KEY])[0])[:LONGEST_KEY]
