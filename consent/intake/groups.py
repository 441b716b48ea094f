"""Who is asked for a release in an intake, and who answers together: one act for a household.

Each adult answers alone. A member under 18 is answered for by a guardian: the head of household,
unless another adult, or somebody who is no member, is chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from clients.models import Release
from clients.models.release_term import LAST_DAY
from clients.release_answers import ENDS_SOON
from consent.asking import is_asked
from consent.household import Person, guardian_among, person
from consent.minors import is_minor
from enrollments.intake.draft.household import Member
from enrollments.models import Enrollment
from hud.text import as_id
from records.statements import compiled

GUARDIAN = "guardian"
SOMEBODY_ELSE = "0"


@dataclass(frozen=True)
class Group:
    """Who answers together: an adult first, with members under 18; or these alone.

    guardian: the adult of the household who answers for these, and is not asked.
    """

    people: list[Person]
    guardian: Person | None = None

    @property
    def key(self) -> int:
        """The client under whose prefix its answers are kept."""
        return self.people[0].client.pk

    @property
    def adult(self) -> Person | None:
        return None if self.people[0].is_minor else self.people[0]

    @property
    def minors(self) -> list[Person]:
        return [one for one in self.people if one.is_minor]

    @property
    def answerer(self) -> Person | None:
        """Who answers for all; None for a guardian who is no member."""
        return self.adult or self.guardian

    @property
    def guardian_name(self) -> str:
        return self.guardian.client.display_name if self.guardian else ""


@dataclass(frozen=True)
class InForce:
    """Somebody who need not be asked; `ends_on` is None for a release until it is revoked."""

    person: Person
    ends_on: date | None


@dataclass(frozen=True)
class Household:
    """The members whom an intake enrolls, as far as a release can be asked of them.

    Attributes:
        asked: who has no release for all organizations, or one that ends soon.
        in_force: who has one.
        others: present members of a household that somebody joins; one may be the guardian.
    """

    asked: list[Person]
    in_force: list[InForce]
    others: list[Person]

    @property
    def everybody(self) -> list[Person]:
        return [*self.asked, *(one.person for one in self.in_force), *self.others]

    @property
    def adults(self) -> list[Person]:
        return [one for one in self.everybody if not one.is_minor]

    @property
    def usual_guardian(self) -> str:
        """The Client ID of who usually answers for the minors, or SOMEBODY_ELSE."""
        usual = guardian_among(self.everybody)
        return str(usual.client.pk) if usual else SOMEBODY_ELSE

    def groups(self, guardians: Mapping[int, str]) -> list[Group]:
        """Who answers together.

        Args:
            guardians: for a member under 18 the Client ID of the adult who answers, as it was
                typed; SOMEBODY_ELSE for nobody of the household.
        """
        adults = {one.client.pk: [one] for one in self.asked if not one.is_minor}
        alone: dict[str, list[Person]] = {}
        for minor in (one for one in self.asked if one.is_minor):
            chosen = guardians.get(minor.client.pk) or self.usual_guardian
            adult_id = as_id(chosen)
            group = None if adult_id is None else adults.get(adult_id)
            (alone.setdefault(chosen, []) if group is None else group).append(minor)
        named = {str(one.client.pk): one for one in self.adults}
        return [
            *(Group(people) for people in adults.values()),
            *(Group(people, named.get(chosen)) for chosen, people in alone.items()),
        ]


def household_of(
    members: Iterable[Member], joined: Iterable[Enrollment], *, today: date
) -> Household:
    """The members of a draft, who is asked and who is not.

    Who is restricted is no guardian either: the name would stand on what others read of the child.

    Args:
        joined: the enrollments of a household that they join.
    """
    people = [
        Person(one.client, is_minor(one.client, today), one.relationship_label, one.is_head)
        for one in members
        if is_asked(one.client)
    ]
    ends = _ends(people, today)
    lasting = [one for one in people if _lasts(one, ends, today)]
    return Household(
        asked=[one for one in people if one not in lasting],
        in_force=[InForce(one, ends[one.client.pk]) for one in lasting],
        others=[
            person(row.client, row, today)
            for row in joined
            if row.is_open_on(today) and is_asked(row.client)
        ],
    )


def _ends(people: Sequence[Person], today: date) -> dict[int, date | None]:
    """The last day of the release for all organizations that each has, if any."""
    found: dict[int, date | None] = {}
    for client_id, ends_on in _in_force([one.client.pk for one in people], today) if people else ():
        other = found.get(client_id, ends_on)
        found[client_id] = ends_on and other and max(ends_on, other)
    return found


def _lasts(person: Person, ends: Mapping[int, date | None], today: date) -> bool:
    if person.client.pk not in ends:
        return False
    ends_on = ends[person.client.pk]
    return ends_on is None or ends_on > today + ENDS_SOON


@compiled
def _in_force(client_ids: list[int], day: date) -> QuerySet[Release]:
    rows = Release.objects.filter(client__in=client_ids, covers=None).in_force_on(day)
    return rows.order_by("pk").values_list("client", LAST_DAY)
