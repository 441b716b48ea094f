"""Writes what was weighed: new pairs, better scores, pairs that no longer are any."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from clients.duplicates.person import Person, identity, people
from clients.duplicates.score import LISTED, Weight, weigh
from clients.duplicates.shares import Shares
from clients.models import PossibleDuplicate

Decision = PossibleDuplicate.Decision
Pair = tuple[int, int]


@dataclass
class Tally:
    """How many pairs were weighed, are listed anew, came back, and were taken off the list."""

    weighed: int = 0
    listed: int = 0
    reopened: int = 0
    removed: int = 0

    def add(self, other: "Tally") -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


def weighed(
    pairs: Iterable[Pair], shares: Shares, *, least: float = LISTED
) -> list[tuple[Person, Person, Weight]]:
    """The pairs with their weights; those below `least` bits are hopeless."""
    pairs = list(pairs)
    known = people({client_id for pair in pairs for client_id in pair})
    found = []
    for one, two in pairs:
        # A client may have been purged while the search ran.
        if one in known and two in known:
            first, second = known[one], known[two]
            found.append((first, second, weigh(first, second, shares, least=least)))
    return found


