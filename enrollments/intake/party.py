"""The people of a draft: who is enrolled together, since when, as what."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from agencies.models import Project
from clients.models import Client
from enrollments.intake.answers import Answers
from enrollments.models import Enrollment, IntakeDraft
from hud.choices import RelationshipToHoH
from hud.rules import dob


@dataclass
class Member:
    """Somebody whom the questions are about.

    day: when they are answered for: the project start, or the date of a later assessment.
    is_first: the client whom the draft began with.
    at_start: whether the questions are about the project start.
    """

    client: Client
    entry_date: date
    day: date
    relationship: int | None
    project_type: int
    is_first: bool = False
    at_start: bool = True
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


def read_party(draft: IntakeDraft, people: list[Client]) -> Party | None:
    """The party of a draft; None until HUD Program Enrollment is in order.

    Args:
        people: the clients of the draft whom its owner may see.
    """
    answers = Answers(draft)
    by_id = {client.pk: client for client in people}
    if not draft.kind_of.enrolls:
        asked = set(answers.enrollments)
        rows = [row for row in draft.stays if row.pk in asked and row.client_id in by_id]
        return _of_enrollments(draft, rows, by_id, answers) if rows else None
    kept, enrolled = answers.party, enrolled_in(draft)
    projects = {row.project_id: row.project for row in enrolled.values()}
    project = kept and (
        projects.get(kept["project"]) or Project.objects.filter(pk=kept["project"]).first()
    )
    if not kept or not project:
        return None
    members = [
        Member(
            client=by_id[one["client"]],
            entry_date=date.fromisoformat(one["entry_date"]),
            day=date.fromisoformat(one["entry_date"]),
            relationship=one["relationship"],
            project_type=project.project_type,
            is_first=one["client"] == draft.client_id,
            case_manager=one["case_manager"],
            enrollment=enrolled.get(one["client"]),
        )
        for one in kept["members"]
        if one["client"] in by_id
    ]
    return Party(project, in_household_order(members)) if members else None


def enrolled_in(draft: IntakeDraft) -> dict[int, Enrollment]:
    """The enrollments that the draft re-opens, by client."""
    if draft.kind_of is not IntakeDraft.Kind.REOPEN:
        return {}
    return {row.client_id: row for row in draft.stays}


def _of_enrollments(
    draft: IntakeDraft, rows: list[Enrollment], by_id: dict[int, Client], answers: Answers
) -> Party:
    members = [
        Member(
            client=by_id[row.client_id],
            entry_date=row.entry_date,
            day=answers.day or timezone.localdate(),
            relationship=row.relationship_to_hoh,
            project_type=row.project.project_type,
            is_first=row.client_id == draft.client_id,
            at_start=False,
            enrollment=row,
        )
        for row in rows
    ]
    return Party(rows[0].project, in_household_order(members))


def in_household_order(members: list[Member]) -> list[Member]:
    """As every page lists a household: `EnrollmentQuerySet.in_household_order` of a draft."""

    def place(one: Member) -> tuple[bool, date, int]:
        return not one.is_head, one.client.dob or date.max, one.client.pk

    return sorted(members, key=place)
