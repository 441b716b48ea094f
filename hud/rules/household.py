"""3.15 Relationship to Head of Household, and 5.09 Household ID."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from hud.choices import RelationshipToHoH
from hud.rules.issues import Issue, collected, error, warning

RULE = "3.15"
FIELD = "relationship_to_hoh"


class Member(NamedTuple):
    """A member: any key that tells clients apart, and a code of 3.15.1."""

    client: Hashable
    relationship: int | None


@collected
def issues(members: Iterable[Member]) -> Iterator[Issue]:
    """Exactly one head, nobody twice."""
    members = list(members)
    heads = sum(member.relationship == RelationshipToHoH.SELF for member in members)
    if heads == 0:
        yield error(RULE, FIELD, "Choose one member as Self (head of household).")
    elif heads > 1:
        yield error(RULE, FIELD, "Choose only one member as Self (head of household).")
    times = Counter(member.client for member in members)
    if any(count > 1 for count in times.values()):
        yield error("5.09", "household_id", "Enter each member of the household only once.")


@collected
def head_issues(
    *, head_is_adult: bool | None, others_are_adult: Iterable[bool | None]
) -> Iterator[Issue]:
    """3.15: the head is an adult where the household has one; None is an age not known."""
    if head_is_adult is False and any(others_are_adult):
        message = "Check who is Self: a child is head of a household that has an adult."
        yield warning(RULE, FIELD, message)
