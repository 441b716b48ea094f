"""What the dashboard reads of a client's enrollments: two statements, however many there are."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from agencies.models import User
from clients.models import Client
from enrollments.models import Enrollment
from records import clock
from records.statements import compiled

MOST = 20
MOST_MEMBERS = 60  # of all households of one client; who lives with more is on Enrollments


def newest_enrollments(client: Client, user: User) -> list[Enrollment]:
    """The open ones first, as `EnrollmentQuerySet.with_work` brings them along."""
    rows: list[Any] = _newest(user, client.pk)
    for row in rows:
        row.client = client
        row.case_managers = [str(User(**names)) for names in row.case_manager_names]
    return rows


@compiled
def _newest(user: User, client_id: int) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.visible_to(user).of_client(client_id).with_work(user)
    return rows.select_related("organization", "project", "updated_by").newest_first()[:MOST]


@dataclass
class Person:
    """Somebody who is in a household with the client now, and every project that person is in."""

    client: Client
    shared: list[Enrollment] = field(default_factory=list)
    elsewhere: list[Enrollment] = field(default_factory=list)

    @property
    def relationships(self) -> list[str]:
        """Each one once: the same in most households."""
        return list(dict.fromkeys(map(_relationship, self.shared)))

    @property
    def enrollments(self) -> list[Enrollment]:
        return [*self.shared, *self.elsewhere]


def _relationship(enrollment: Enrollment) -> str:
    if enrollment.is_head:
        return "Head of household"
    return str(enrollment.get_relationship_to_hoh_display())


def household(client: Client, user: User) -> list[Person]:
    """Who is in the client's open households today, the client too; heads first, then by age.

    Empty where the client is in none, or alone.
    """
    rows = _open_around(user, client.pk)
    households = {row.household_id for row in rows if row.client_id == client.pk}
    people: dict[int, Person] = {}
    for row in rows:
        person = people.setdefault(row.client_id, Person(row.client))
        is_shared = row.household_id in households
        (person.shared if is_shared else person.elsewhere).append(row)
    return sorted(people.values(), key=_place) if len(people) > 1 else []


def _place(person: Person) -> tuple[bool, date, int]:
    is_head = any(one.is_head for one in person.shared)
    return not is_head, person.client.dob or date.max, person.client.pk


@compiled
def _open_around(user: User, client_id: int) -> QuerySet[Enrollment]:
    """The open enrollments of everybody who shares an open household with the client.

    Whoever is no member as far as the user may see is not named, in which project ever.
    """
    seen = Enrollment.objects.visible_to(user).open_on(clock.today())
    own = seen.of_client(client_id).values("household")
    members = seen.filter(household__in=own).values("client")
    rows = seen.filter(client__in=members).select_related("client", "project")
    return rows.defer("client__ssn").order_by("entry_date", "pk")[:MOST_MEMBERS]
