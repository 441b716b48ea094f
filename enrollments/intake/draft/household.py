"""The people of a draft: who is enrolled together, since when, as what."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from agencies.models import Project
from clients.models import Client
from enrollments.models import Enrollment, IntakeDraft
from enrollments.models.draft_answers import BASE, Answers
from hud.choices import DataCollectionStage, NoYesReasons, RelationshipToHoH, VeteranStatus
from hud.rules import coc, dob, domestic_violence, engagement, living_situation, move_in
from hud.rules.sources import BENEFITS, INCOME


@dataclass
class Member:
    """Somebody whom the questions are about.

    day: when they are answered for: the project start, or the date of a later assessment.
    is_first: the client whom the draft began with.
    stage: HUD's data collection stage of the answers.
    answered: the elements that are answered on file, of answers that are corrected.
    """

    client: Client
    entry_date: date
    day: date
    relationship: int | None
    project_type: int
    is_first: bool = False
    stage: DataCollectionStage = DataCollectionStage.ENTRY
    answered: frozenset[str] = frozenset()
    case_manager: int | None = None
    enrollment: Enrollment | None = None

    @property
    def prefix(self) -> str:
        return prefix_of(self.client.pk)

    @property
    def is_head(self) -> bool:
        return self.relationship == RelationshipToHoH.SELF

    @property
    def is_adult(self) -> bool | None:
        """Today, as it counts for what belongs to the person (3.07)."""
        return dob.is_adult(self.client.dob, self.today)

    @cached_property
    def to_correct(self) -> frozenset[str]:
        """Questions that are asked whatever the audience: their answers on file are impossible."""
        row, found = self.enrollment, set()
        if self.client.veteran_status == VeteranStatus.YES and self.is_adult is False:
            found.add("veteran_status")
        if row is None or self.stage != DataCollectionStage.ENTRY:
            return frozenset(found)
        dates: dict[str, Any] = {
            "entry_date": row.entry_date,
            "exit_date": row.exit_date,
            "today": self.today,
        }
        if coc.findings(row.enrollment_coc):
            found.add(coc.FIELD)
        for rule in (move_in, engagement):
            day = getattr(row, rule.FIELD)
            if rule.findings(day, project_type=self.project_type, **dates):
                found.add(rule.FIELD)
        began = row.date_to_street_essh
        history = [
            *living_situation.findings(began, entry_date=row.entry_date, dob=self.client.dob),
            *living_situation.episode_findings(
                began,
                entry_date=row.entry_date,
                times=row.times_homeless_past_three_years,
                months=row.months_homeless_past_three_years,
            ),
        ]
        return frozenset(
            found | ({"date_to_street_essh"} | {one.field for one in history} if history else set())
        )

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
class DraftHousehold:
    """Those who are enrolled together in one project, the client whom it began with first."""

    project: Project
    members: list[Member]

    @property
    def head(self) -> Member | None:
        return next((one for one in self.members if one.is_head), None)


# The elements whose answers on file are shown to whom they are not asked of any more.
ANSWERS_OF = {
    living_situation.RULE: living_situation.FIELDS,
    "4.11": domestic_violence.questions(NoYesReasons.YES),
    **{
        topic.rule: (topic.any_field, *(one.field for one in topic.sources), *topic.amounts)
        for topic in (INCOME, BENEFITS)
    },
}
NO_ANSWERS = ("", "99")


def answered_on_file(answers: Answers, client_id: int) -> frozenset[str]:
    """The elements with an answer on file, of the answers that a draft corrects."""
    names: dict[str, list[str]] = {}
    for kept in answers.content.get(BASE, {}).values():
        names |= kept
    prefix = prefix_of(client_id)
    return frozenset(
        number
        for number, fields in ANSWERS_OF.items()
        if any(names.get(f"{prefix}-{one}", [""])[-1] not in NO_ANSWERS for one in fields)
    )


def prefix_of(client_id: int) -> str:
    """What the names of a client's answers begin with."""
    return f"c{client_id}"


def read_household(draft: IntakeDraft, people: list[Client]) -> DraftHousehold | None:
    """The household of a draft; None until HUD Program Enrollment is in order.

    Args:
        people: the clients of the draft whom its owner may see.
    """
    answers = Answers(draft)
    by_id = {client.pk: client for client in people}
    if not draft.kind_of.enrolls:
        asked = set(answers.enrollments)
        rows = [row for row in draft.enrollments if row.pk in asked and row.client_id in by_id]
        return _of_enrollments(draft, rows, by_id, answers) if rows else None
    kept, enrolled = answers.household, enrolled_in(draft)
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
            answered=answered_on_file(answers, one["client"]),
        )
        for one in kept["members"]
        if one["client"] in by_id
    ]
    return DraftHousehold(project, in_household_order(members)) if members else None


def enrolled_in(draft: IntakeDraft) -> dict[int, Enrollment]:
    """The enrollments that the draft re-opens, by client."""
    if draft.kind_of is not IntakeDraft.Kind.REOPEN:
        return {}
    return {row.client_id: row for row in draft.enrollments}


def _of_enrollments(
    draft: IntakeDraft, rows: list[Enrollment], by_id: dict[int, Client], answers: Answers
) -> DraftHousehold:
    members = [
        Member(
            client=by_id[row.client_id],
            entry_date=row.entry_date,
            day=answers.day or timezone.localdate(),
            relationship=row.relationship_to_hoh,
            project_type=row.project.project_type,
            is_first=row.client_id == draft.client_id,
            stage=draft.kind_of.stage,
            answered=answered_on_file(answers, row.client_id),
            enrollment=row,
        )
        for row in rows
    ]
    return DraftHousehold(rows[0].project, in_household_order(members))


def in_household_order(members: list[Member]) -> list[Member]:
    """As every page lists a household: `EnrollmentQuerySet.in_household_order` of a draft."""

    def place(one: Member) -> tuple[bool, date, int]:
        return not one.is_head, one.client.dob or date.max, one.client.pk

    return sorted(members, key=place)
