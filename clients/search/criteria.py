from dataclasses import dataclass
from datetime import date
from functools import cached_property

from hud.rules.dob import BirthDate, Precision
from hud.text import normalised

LONGEST_KEY = 200
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Criteria:
    """What was typed into the boxes of Find Client; any combination narrows.

    dob_precision: how much of `dob` was typed; the rest of it is 01.
    ssn: nine digits, or four as the last ones.
    """

    first_name: str = ""
    last_name: str = ""
    dob: date | None = None
    ssn: str = ""
    client_id: int | None = None
    dob_precision: Precision = Precision.DAY

    @property
    def born(self) -> BirthDate | None:
        return BirthDate(self.dob, self.dob_precision) if self.dob else None

    @cached_property
    def first_key(self) -> str:
        return normalised(self.first_name[:LONGEST_KEY])[:LONGEST_KEY]

    @cached_property
    def last_key(self) -> str:
        return normalised(self.last_name[:LONGEST_KEY])[:LONGEST_KEY]

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
