"""Fills a draft in with what is stored: of a re-opened enrollment, or the last answers known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from enrollments.intake.draft.household import household_of
from enrollments.intake.draft.questions import Widget
from enrollments.intake.draft.sections import (
    OF_THE_PERSON,
    SECTIONS,
    Step,
    indefinite_name,
    response_name,
)
from enrollments.intake.draft.steps import steps_of
from enrollments.models import (
    Disability,
    EmploymentEducation,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
    IntakeDraft,
    YouthEducationStatus,
)
from enrollments.models.draft_answers import Answers
from hud.choices import DisabilityType
from hud.elements.assessments import HIV
from records.models import Record

Kind = IntakeDraft.Kind
Scope = dict[str, Any]
# The tables beside that of disabilities, with the steps that answer their columns.
TABLES: dict[Any, tuple[Step, ...]] = {
    HealthAndDV: (Step.VIOLENCE, Step.HEALTH),
    EmploymentEducation: (Step.EDUCATION,),
    YouthEducationStatus: (Step.EDUCATION,),
    IncomeBenefits: (Step.BARRIERS, Step.INCOME, Step.BENEFITS, Step.INSURANCE),
}


def fill_in(answers: Answers, members: list[Enrollment], day: date | None) -> None:
    """Put the people of its household and their answers into a new draft."""
    kind = answers.draft.kind_of
    first = answers.draft.client_id
    rows = sorted(
        members or _fitting(answers),
        key=lambda row: (row.client_id != first, not row.is_head, row.client.dob or date.max),
    )
    if kind is Kind.MEMBER:
        _fill_in_household_joined(answers, [row for row in rows if row.client_id == first])
        return
    answers.enrollments = [row.pk for row in rows]
    answers.people = [row.client_id for row in rows]
    if not kind.enrolls:
        exits = [row.exit_date for row in rows if row.exit_date]
        today = min([*exits, timezone.localdate()])
        answers.day = day or answers.corrects or today
    if kind is Kind.REOPEN:
        _fill_in_program(answers, rows)
    begins_with_newest = not kind.enrolls and answers.corrects is None
    scope = {} if begins_with_newest else scope_of(answers)
    _fill_in_answers(answers, rows, scope, steps_of(answers.draft))


def _fill_in_household_joined(answers: Answers, rows: list[Enrollment]) -> None:
    """Which household gets a new member; of whom it was begun for, nothing is asked again."""
    answers.enrollments = [row.pk for row in rows]
    answers.household = household_of(rows[:1]) | {"members": []}


def corrects_stored(draft: IntakeDraft) -> bool:
    """Whether a draft writes over answers that are stored, if there are any."""
    return (
        draft.kind_of in {Kind.REOPEN, Kind.EXIT, Kind.DEPARTURE}
        or draft.answers.corrects is not None
    )


def scope_of(answers: Answers) -> Scope:
    """Which assessments of its people a draft corrects, as filters."""
    scope: Scope = {"data_collection_stage": answers.draft.kind_of.stage}
    return scope | ({"information_date": answers.corrects} if answers.corrects else {})


@dataclass(frozen=True)
class StoredRows:
    """What is stored of the rows that a draft corrects.

    Args:
        values: the answers as a person would have typed them, by step and name.
        latest: the row that was written last.
        is_gone: the enrollment, or the assessment that is to be corrected, is not there any more.
    """

    enrollments: list[Enrollment]
    values: dict[str, dict[str, list[str]]]
    latest: Record | None = None
    is_gone: bool = False


def read_stored(draft: IntakeDraft) -> StoredRows:
    """Read again what a draft of this kind writes over, without later enrollments and stages."""
    kind, asked = draft.kind_of, set(draft.answers.enrollments)
    rows = [row for row in draft.enrollments if kind.enrolls or row.pk in asked]
    if not rows:
        return StoredRows([], {}, is_gone=True)
    answers = IntakeDraft(kind=kind, client_id=draft.client_id).answers
    if kind is Kind.REOPEN:
        _fill_in_program(answers, rows)
    found = _fill_in_answers(answers, rows, scope_of(draft.answers), steps_of(draft))
    if draft.answers.corrects and not found and not assessed_of(rows, scope_of(draft.answers)):
        return StoredRows([], {}, is_gone=True)
    latest = max([*rows, *found], key=lambda row: row.date_updated)
    return StoredRows(rows, answers.content.get("typed", {}), latest)


def _fitting(answers: Answers) -> list[Enrollment]:
    rows = answers.draft.enrollments
    if answers.corrects:
        assessed = assessed_of(rows, scope_of(answers))
        return [row for row in rows if row.pk in assessed]
    if answers.draft.kind_of in {Kind.UPDATE, Kind.ANNUAL}:
        today = timezone.localdate()
        rows = [row for row in rows if row.is_open_on(today)]
    return rows


def assessed_of(rows: list[Enrollment], scope: Scope) -> set[int]:
    """The ids of those enrollments of which something is stored."""
    first, *others = (
        stored_rows_of(table, rows, scope).order_by().values_list("enrollment", flat=True)
        for table in (Disability, *TABLES)
    )
    return set(first.union(*others))


def _fill_in_program(answers: Answers, rows: list[Enrollment]) -> None:
    answers.fill_in(Step.PROGRAM, {"project": rows[0].project_id})
    for row in rows:
        values = {
            "known": "1",
            "enroll": "on",
            "entry_date": row.entry_date,
            "relationship_to_hoh": row.relationship_to_hoh,
        }
        answers.fill_in(Step.PROGRAM, values, row.client_id)
    answers.household = household_of(rows)
    answers.mark(Step.PROGRAM, done=True)


def _fill_in_answers(
    answers: Answers, rows: list[Enrollment], scope: Scope, steps: Iterable[Step]
) -> list[Record]:
    """Fill in the newest answers within the scope, and return the rows they came from."""
    kind = answers.draft.kind_of
    known: dict[type, dict[int, Any]] = {}
    barriers: list[Disability] = []
    for step in steps:
        if step == Step.UNIVERSAL:
            _fill_in_section(answers, step, {row.client_id: row for row in rows})
        elif step == Step.BARRIERS:
            barriers = _fill_in_barriers(answers, rows, scope)
        for table in (one for one, answered in TABLES.items() if step in answered):
            if table not in known:
                newest_last = stored_rows_of(table, rows, scope)
                known[table] = {one.client_id: one for one in newest_last}
            _fill_in_section(answers, step, known[table])
    assessments = [row for found in known.values() for row in found.values()]
    if assessments and not kind.enrolls and not answers.corrects:
        answers.filled_in_from = max(row.information_date for row in assessments)
    return [*barriers, *assessments]


def _fill_in_section(answers: Answers, step: Step, found: dict[int, Any]) -> None:
    """Fill in the answers of a step from the row of each client."""
    questions = SECTIONS[step].questions
    for client_id, row in found.items():
        values = {one.name: getattr(row, one.name) for one in questions if hasattr(row, one.name)}
        ticks = [one.name for one in questions if one.widget is Widget.TICK]
        values |= {name: values[name] == 1 for name in ticks}
        if step == Step.UNIVERSAL:
            values |= {name: getattr(row.client, name) for name in OF_THE_PERSON}
        answers.fill_in(step, values, client_id)


def _fill_in_barriers(answers: Answers, rows: list[Enrollment], scope: Scope) -> list[Disability]:
    found = list(stored_rows_of(Disability, rows, scope))
    for one in found:
        of_type = DisabilityType(one.disability_type)
        values = {
            response_name(of_type): one.disability_response,
            indefinite_name(of_type): one.indefinite_and_impairs,
        }
        if of_type is DisabilityType.HIV_AIDS:
            values |= {name: getattr(one, name) for name in HIV}
        answers.fill_in(Step.BARRIERS, values, one.client_id)
    if answers.draft.kind_of is Kind.REOPEN:
        for row in rows:
            values = {"disabling_condition": row.disabling_condition}
            answers.fill_in(Step.BARRIERS, values, row.client_id)
    return found


def stored_rows_of(table: Any, rows: Iterable[Enrollment], scope: Scope) -> Any:
    """A table's rows about these enrollments, the newest last."""
    found = table.objects.filter(enrollment__in=list(rows), **scope)
    return found.order_by("information_date", "pk")
