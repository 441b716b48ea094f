"""Fills a draft in with what is on file: a stay that is re-opened, or the last answers known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from agencies.models import Record
from enrollments.forms.intake.program import part_of
from enrollments.intake import steps
from enrollments.intake.answers import Answers
from enrollments.intake.party import prefix_of
from enrollments.intake.questions import Look
from enrollments.intake.sheets import BARRIERS, SHEETS, indefinite_name, response_name
from enrollments.models import (
    Disability,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
    IntakeDraft,
)
from hud.choices import DataCollectionStage, DisabilityType

Kind = IntakeDraft.Kind
TABLES = {
    steps.VIOLENCE.slug: HealthAndDV,
    steps.INCOME.slug: IncomeBenefits,
    steps.BENEFITS.slug: IncomeBenefits,
    steps.INSURANCE.slug: IncomeBenefits,
}


def fill_in(
    answers: Answers, household: Household, members: list[Enrollment], day: date | None
) -> None:
    """Put the household's people and their answers into a new draft."""
    kind = answers.draft.kind_of
    first = answers.draft.client_id
    rows = sorted(
        members or _fitting(kind, household),
        key=lambda row: (row.client_id != first, not row.is_head, row.client.dob or date.max),
    )
    answers.enrollments = [row.pk for row in rows]
    answers.people = [row.client_id for row in rows]
    if not kind.enrolls:
        exits = [row.exit_date for row in rows if row.exit_date]
        answers.day = day or (min(exits) if kind is Kind.EXIT and exits else timezone.localdate())
    if kind is Kind.REOPEN:
        _fill_in_program(answers, rows)
    _fill_in_answers(answers, rows, kind.stage if kind is Kind.REOPEN else None)


@dataclass(frozen=True)
class OnFile:
    """What is on file of the rows that a draft corrects.

    Args:
        values: the answers as a person would have typed them, by step and name.
        latest: the row that was written last; None where the stay is gone.
    """

    enrollments: list[Enrollment]
    values: dict[str, dict[str, list[str]]]
    latest: Record | None


def read_on_file(draft: IntakeDraft) -> OnFile:
    """Read again what a draft of this kind writes over; later stays and stages are left out."""
    kind, asked = draft.kind_of, set(Answers(draft).enrollments)
    rows = [row for row in draft.stays if kind.enrolls or row.pk in asked]
    if not rows:
        return OnFile([], {}, None)
    answers = Answers(IntakeDraft(kind=kind, client_id=draft.client_id))
    if kind is Kind.REOPEN:
        _fill_in_program(answers, rows)
    found = _fill_in_answers(answers, rows, kind.stage)
    latest = max([*rows, *found], key=lambda row: row.date_updated)
    return OnFile(rows, answers.content.get("typed", {}), latest)


def _fitting(kind: Kind, household: Household) -> list[Enrollment]:
    rows = Enrollment.objects.of_household(household)
    if kind in {Kind.UPDATE, Kind.ANNUAL}:
        rows = rows.open_on(timezone.localdate())
    return list(rows)


def _fill_in_program(answers: Answers, rows: list[Enrollment]) -> None:
    values: dict[str, Any] = {"project": rows[0].project_id}
    for row in rows:
        values |= {
            part_of(row.client_id, "known"): "1",
            part_of(row.client_id, "enroll"): "on",
            part_of(row.client_id, "entry_date"): row.entry_date,
            part_of(row.client_id, "relationship_to_hoh"): row.relationship_to_hoh,
        }
    answers.fill_in(steps.PROGRAM.slug, values)
    answers.party = {
        "project": rows[0].project_id,
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
    answers.mark(steps.PROGRAM.slug, done=True)


def _fill_in_answers(
    answers: Answers, rows: list[Enrollment], stage: DataCollectionStage | None
) -> list[Record]:
    """Fill in the answers of a stage, or the newest of any, and return the rows they came from."""
    kind = answers.draft.kind_of
    known: dict[type, dict[int, Any]] = {}
    barriers: list[Disability] = []
    for step in steps.steps_of(kind):
        if step == steps.UNIVERSAL:
            _fill_in_sheet(answers, step, {row.client_id: row for row in rows})
        elif step == steps.BARRIERS:
            barriers = _fill_in_barriers(answers, rows, stage)
        elif step.slug in TABLES:
            table = TABLES[step.slug]
            if table not in known:
                known[table] = _latest(table, rows, stage)
            _fill_in_sheet(answers, step, known[table])
    assessments = [row for found in known.values() for row in found.values()]
    if assessments and not kind.enrolls:
        answers.filled_in_from = max(row.information_date for row in assessments)
    return [*barriers, *assessments]


def _fill_in_sheet(answers: Answers, step: steps.Step, found: dict[int, Any]) -> None:
    """Fill in the answers of a step from the row of each client."""
    questions = SHEETS[step.slug].questions
    for client_id, row in found.items():
        values = {one.name: getattr(row, one.name) for one in questions if hasattr(row, one.name)}
        ticks = [one.name for one in questions if one.look is Look.TICK]
        values |= {name: values[name] == 1 for name in ticks}
        if step == steps.UNIVERSAL:
            values["veteran_status"] = row.client.veteran_status
        answers.fill_in(step.slug, _prefixed(client_id, values))


def _latest(
    table: Any, rows: Iterable[Enrollment], stage: DataCollectionStage | None
) -> dict[int, Any]:
    """The newest answers of each client."""
    found = _of_stage(table, rows, stage).order_by("information_date", "pk")
    return {one.client_id: one for one in found}


def _fill_in_barriers(
    answers: Answers, rows: list[Enrollment], stage: DataCollectionStage | None
) -> list[Disability]:
    found = list(_of_stage(Disability, rows, stage).order_by("information_date", "pk"))
    for one in found:
        of_type = DisabilityType(one.disability_type)
        values = {
            response_name(of_type): one.disability_response,
            indefinite_name(of_type): one.indefinite_and_impairs,
        }
        answers.fill_in(BARRIERS.slug, _prefixed(one.client_id, values))
    if answers.draft.kind_of is Kind.REOPEN:
        for row in rows:
            values = {"disabling_condition": row.disabling_condition}
            answers.fill_in(BARRIERS.slug, _prefixed(row.client_id, values))
    return found


def _of_stage(table: Any, rows: Iterable[Enrollment], stage: DataCollectionStage | None) -> Any:
    found = table.objects.filter(enrollment__in=list(rows))
    return found if stage is None else found.filter(data_collection_stage=stage)


def _prefixed(client_id: int, values: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix_of(client_id)}-{name}": value for name, value in values.items()}
