"""The people of a draft: who is enrolled together, since when, as what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from agencies.models import Project
from clients.models import Client
from enrollments.models import Enrollment
from hud.choices import RelationshipToHoH
from hud.rules import dob


@dataclass
class Member:
    """Somebody whom the questions are about.

    day: when they are answered for: the project start, or the date of a later assessment.
    is_first: the client whom the draft began with.
    """

    client: Client
    entry_date: date
    day: date
    relationship: int | None
    project_type: int
    is_first: bool = False
    case_manager: int | None = None
    enrollment: Enrollment | None = None

    @property
    def prefix(self) -> str:
        return prefix_of(self.client.pk)

    @property
    def is_head(self) -> bool:
        return self.relationship == RelationshipToHoH.SELF

    @cached_property
    def is_adult(self) -> bool | None:
        return dob.is_adult(self.client.dob, self.day)

    @property
    def exit_date(self) -> date | None:
        return self.enrollment.exit_date if self.enrollment else None

    @property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def relationship_label(self) -> str:
        code = self.relationship or RelationshipToHoH.NOT_COLLECTED
        return str(RelationshipToHoH(code).label)


@dataclass
class Party:
    """Those who are enrolled together in one project, the client whom it began with first."""

    project: Project
    members: list[Member]

    @property
    def head(self) -> Member | None:
        return next((one for one in self.members if one.is_head), None)


def prefix_of(client_id: int) -> str:
    """What the names of a client's answers begin with."""
    return f"c{client_id}"


def of_enrollments(rows: Iterable[Enrollment], *, day: date, first: int) -> list[Member]:
    """Members as they are enrolled."""
    members = [
        Member(
            client=row.client,
            entry_date=row.entry_date,
            day=day,
            relationship=row.relationship_to_hoh,
            project_type=row.project.project_type,
            is_first=row.client_id == first,
            enrollment=row,
        )
        for row in rows
    ]
    return sorted(members, key=lambda one: (not one.is_head, one.client.dob or date.max))
