"""The people of a draft: who is enrolled together, since when, as what."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Funder, Project
from clients.models import Client
from enrollments.models import Enrollment, IntakeDraft
from enrollments.models.draft_answers import DATE, Answers, prefix_of
from hud.choices import DataCollectionStage, NoYesReasons, RelationshipToHoH, VeteranStatus
from hud.elements import assessments
from hud.occurrence import ENGAGEMENT, MOVE_IN
from hud.programs import Grant
from hud.rules import coc, dob, domestic_violence, living_situation
from hud.rules.sources import BENEFITS, INCOME, INSURANCE
from records.statements import compiled


@dataclass
class Member:
    """Somebody whom the questions are about.

    day: when they are answered for: the project start, or the date of a later assessment.
    is_first: the client whom the draft began with.
    stage: HUD's data collection stage of the answers.
    answered: the elements with a stored answer, of answers that are corrected.
    asked: by element whether HUD asks it, as far as it was found out.
    """

    client: Client
    entry_date: date
    day: date
    relationship: int | None
    project: Project
    is_first: bool = False
    stage: DataCollectionStage = DataCollectionStage.ENTRY
    answered: frozenset[str] = frozenset()
    case_manager: int | None = None
    enrollment: Enrollment | None = None
    asked: dict[str, bool] = field(default_factory=dict, init=False)

    @property
    def prefix(self) -> str:
        return prefix_of(self.client.pk)

    @property
    def project_type(self) -> int | None:
        return self.project.project_type

    @property
    def is_head(self) -> bool:
        return self.relationship == RelationshipToHoH.SELF

    @property
    def veteran_status(self) -> int:
        """As the user knows it: it is a detail of the client, which may not be shared."""
        no_answer = VeteranStatus.NOT_COLLECTED
        return self.client.veteran_status if self.client.has_details else no_answer

    @property
    def is_veteran(self) -> bool:
        return self.veteran_status == VeteranStatus.YES

    @property
    def is_adult(self) -> bool | None:
        """Today, as it counts for what belongs to the person (3.07)."""
        return dob.is_adult(self.client.dob, self.today)

    @cached_property
    def to_correct(self) -> frozenset[str]:
        """Questions that are asked whatever the audience: their stored answers are impossible."""
        row, found = self.enrollment, set()
        if self.is_veteran and self.is_adult is False:
            found.add("veteran_status")
        if row is None or self.stage != DataCollectionStage.ENTRY:
            return frozenset(found)
        dates: dict[str, Any] = {
            "entry_date": row.entry_date,
            "exit_date": row.exit_date,
            "today": self.today,
        }
        if coc.issues(row.enrollment_coc):
            found.add(coc.FIELD)
        for rule in (MOVE_IN, ENGAGEMENT):
            day = getattr(row, rule.field)
            if rule.issues(day, project_type=self.project_type, **dates):
                found.add(rule.field)
        stored = {name: getattr(row, name) for name in living_situation.FIELDS}
        history = living_situation.history_issues(
            stored, entry_date=row.entry_date, dob=self.client.dob
        )
        if history:
            found |= {"date_to_street_essh"} | {one.field for one in history}
        return frozenset(found)

    @property
    def exit_date(self) -> date | None:
        return self.enrollment.exit_date if self.enrollment else None

    @cached_property
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


Step = IntakeDraft.Step
# The elements whose stored answers are shown to whom they are not asked of any more.
ANSWERS_OF = {
    living_situation.RULE: living_situation.FIELDS,
    "4.11": domestic_violence.questions(NoYesReasons.YES),
    **{
        topic.rule: (topic.any_field, *(one.field for one in topic.sources), *topic.amounts)
        for topic in (INCOME, BENEFITS)
    },
}
ANSWERS_OF |= {
    one.number: tuple(field.name for field in assessments.FIELDS if field.number == one.number)
    for one in assessments.ELEMENTS
} | {"4.04.A": INSURANCE.reasons}
NO_ANSWERS = ("", "99")
OF_HOUSEHOLD = ("enrollment_coc", MOVE_IN.field)  # follow the head (3.16, 3.20)
Kept = dict[str, Any]  # a household, or a member of it, as Answers keeps it


def read_household(draft: IntakeDraft, people: list[Client]) -> DraftHousehold | None:
    """The household, of people whom its owner may see; None until the program step is in order."""
    answers, enrolled = draft.answers, enrolled_in(draft)
    by_id = {client.pk: client for client in people}
    if draft.kind_of.enrolls:
        kept = answers.household or {"project": None, "members": []}
        projects = {row.project_id: row.project for row in enrolled.values()}
        funded = [one.project for one in funders_of(draft)]
        project = next(iter(funded), projects.get(kept["project"]))
        project = project or _projects.first(kept["project"])
    else:
        asked = set(answers.enrollments)
        enrolled = {row.client_id: row for row in draft.enrollments if row.pk in asked}
        project = next((row.project for pk, row in enrolled.items() if pk in by_id), None)
        kept = household_of(enrolled.values())
    if project is None:
        return None
    project.grants = [Grant(one.funder, one.start_date, one.end_date) for one in funders_of(draft)]
    members = []
    for one in kept["members"]:
        if client := by_id.get(one["client"]):
            start = date.fromisoformat(one["entry_date"])
            later = None if draft.kind_of.enrolls else answers.day or timezone.localdate()
            members.append(
                Member(
                    client=client,
                    entry_date=start,
                    day=later or start,
                    relationship=one["relationship"],
                    project=project,
                    is_first=client.pk == draft.client_id,
                    stage=draft.kind_of.stage,
                    answered=_elements_stored(answers, client.pk),
                    case_manager=one["case_manager"],
                    enrollment=enrolled.get(client.pk),
                )
            )
    return DraftHousehold(project, in_household_order(members)) if members else None


@compiled
def _projects(project_id: int | None) -> QuerySet[Project]:
    return Project.objects.filter(pk=project_id)


def funders_of(draft: IntakeDraft) -> list[Funder]:
    """The grants of the project that a draft is about, once it is chosen; read once."""
    if draft.kind_of.enrolls:
        pk = (draft.answers.household or {}).get("project")
    else:
        asked = set(draft.answers.enrollments)
        pk = next((row.project_id for row in draft.household_rows if row.pk in asked), None)
    if pk is None:
        return []
    if pk not in draft.funders:
        draft.funders[pk] = _funders(pk)
    return draft.funders[pk]


@compiled
def _funders(project_id: int) -> QuerySet[Funder]:
    return Funder.objects.filter(project=project_id).select_related("project").order_by("pk")


def household_of(rows: Collection[Enrollment]) -> Kept:
    """A stored household as a draft keeps it."""
    return {
        "project": next((row.project_id for row in rows), None),
        "members": [
            {
                "client": row.client_id,
                "entry_date": row.entry_date.isoformat(),
                "relationship": row.relationship_to_hoh,
                "case_manager": None,
            }
            for row in rows
        ],
    }


def _elements_stored(answers: Answers, client_id: int) -> frozenset[str]:
    """The elements with a stored answer, of the answers that a draft corrects."""
    names: dict[str, list[str]] = {}
    for kept in (answers.stored or {}).values():
        names |= kept
    prefix = prefix_of(client_id)
    return frozenset(
        number
        for number, fields in ANSWERS_OF.items()
        if any(names.get(f"{prefix}-{one}", [""])[-1] not in NO_ANSWERS for one in fields)
    )


def enrolled_in(draft: IntakeDraft) -> dict[int, Enrollment]:
    """The enrollments that the draft re-opens, by client."""
    if draft.kind_of is not IntakeDraft.Kind.REOPEN:
        return {}
    return {row.client_id: row for row in draft.enrollments}


def joined_by(draft: IntakeDraft) -> list[Enrollment]:
    """The enrollments of a household that the draft adds members to; empty for any other draft."""
    return draft.household_rows if draft.kind_of is IntakeDraft.Kind.MEMBER else []


def to_enroll(draft: IntakeDraft, people: list[Client]) -> list[Client]:
    """Those whom HUD Program Enrollment asks about: of a household that is enrolled, who is new."""
    if draft.kind_of is not IntakeDraft.Kind.MEMBER:
        return people
    present = {row.client_id for row in joined_by(draft)}
    return [one for one in people[1:] if one.pk not in present]


def in_household_order(members: list[Member]) -> list[Member]:
    """As every page lists a household: `EnrollmentQuerySet.in_household_order` of a draft."""
    return sorted(
        members, key=lambda one: (not one.is_head, one.client.dob or date.max, one.client.pk)
    )


def change_household(answers: Answers, household: Kept) -> None:
    """Keep who enters what as what; a new head takes over the household's answers.

    The former head's own copy stays as it is.
    """
    before, now = _head(answers.household), _head(household)
    answers.household = household
    typed = answers.typed(Step.UNIVERSAL)
    if not before or not now or before["client"] == now["client"] or typed is None:
        return
    for name in OF_HOUSEHOLD:
        value = typed.get(f"{prefix_of(before['client'])}-{name}", "").strip()
        if value and name == MOVE_IN.field:
            with suppress(ValueError):  # the page says what is wrong with the date
                day = datetime.strptime(value, DATE).date()  # noqa: DTZ007 - as it was typed
                # Who joined after the move-in moved in on the own start date.
                value = max(day, date.fromisoformat(now["entry_date"])).strftime(DATE)
        if value:
            field = f"{prefix_of(now['client'])}-{name}"
            answers.content["typed"][Step.UNIVERSAL][field] = [value]


def _head(household: Kept | None) -> Kept | None:
    members = household["members"] if household else []
    return next((one for one in members if one["relationship"] == RelationshipToHoH.SELF), None)
