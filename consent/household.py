"""For whom an answer can be recorded together: the client, and who shares a household now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from agencies.models import User
from clients.models import Client
from consent.minors import is_minor
from enrollments.family.households import open_households
from enrollments.models import Enrollment


@dataclass(frozen=True)
class Person:
    """Somebody of the household; `relationship` is to its head, empty where there is none."""

    client: Client
    is_minor: bool
    relationship: str = ""
    is_head: bool = False


def people(client: Client, user: User, *, today: date) -> list[Person]:
    """The client first, then the present members of the open households whom the user may see."""
    found: dict[int, Enrollment] = {}
    for household in open_households(client, user, today=today):
        for member in household.present:
            found.setdefault(member.client_id, member)
    own = found.pop(client.pk, None)
    return [person(client, own, today), *(person(m.client, m, today) for m in found.values())]


def guardian_among(people: Iterable[Person]) -> Person | None:
    """Who usually answers for the minors: the head of household, or the only adult.

    Nobody where that one is restricted: other organizations shall not read the name.
    """
    adults = [one for one in people if not one.is_minor]
    heads = [one for one in adults if one.is_head]
    found = heads or adults
    return found[0] if len(found) == 1 and not found[0].client.is_restricted else None


def usually_together(people: Sequence[Person]) -> list[Person]:
    """Who usually answers in one go: the client of the page, with the minors in this one's care.

    A restricted client answers alone: other organizations shall not read the name.
    """
    client, *others = people
    if guardian_among(people) != client:
        return [client]
    return [client, *(one for one in others if one.is_minor and not one.client.is_restricted)]


def person(client: Client, member: Enrollment | None, today: date) -> Person:
    """Somebody as of today; `member` is the enrollment in the household, if there is one."""
    if member is None:
        return Person(client, is_minor(client, today))
    relationship = member.get_relationship_to_hoh_display()
    return Person(client, is_minor(client, today), relationship, member.is_head)
