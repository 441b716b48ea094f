"""What one field says about two clients."""

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    SAME = "same"
    ALIKE = "alike"
    DIFFERENT = "different"
    GENERATION = "a generation apart"  # dates of birth of a father and his son
    OPEN = "not known of both"

    @property
    def agrees(self) -> bool:
        return self in (Kind.SAME, Kind.ALIKE)

    @property
    def differs(self) -> bool:
        return self in (Kind.DIFFERENT, Kind.GENERATION)


class FieldComparison(NamedTuple):
    """stranger, relative: match weights for one person against either of the two.

    reason: in words, whether it speaks for one person or against; empty where it says nothing.
    """

    kind: Kind = Kind.OPEN
    stranger: float = 0.0
    relative: float = 0.0
    reason: str = ""


NOTHING = FieldComparison()
