"""Fills a draft in with what is on file: a stay that is re-opened, or the last answers known."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

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
    _fill_in_answers(answers, rows, kind)


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


def _fill_in_answers(answers: Answers, rows: list[Enrollment], kind: Kind) -> None:
    by_client = {row.client_id: row for row in rows}
    fitting = {step.slug for step in steps.steps_of(kind)}
    known: dict[type, dict[int, Any]] = {}
    for slug, sheet in SHEETS.items():
        if slug not in fitting:
            continue
        if slug == steps.UNIVERSAL.slug:
            found: dict[int, Any] = by_client
        elif slug == BARRIERS.slug:
            _fill_in_barriers(answers, rows, kind)
            continue
        else:
            table = TABLES[slug]
            found = known.setdefault(table, _latest(table, rows, kind))
        for client_id, row in found.items():
            names = [one.name for one in sheet.questions if hasattr(row, one.name)]
            ticks = {one.name for one in sheet.questions if one.look is Look.TICK}
            values = {name: getattr(row, name) for name in names}
            values |= {name: values[name] == 1 for name in ticks}
            if slug == steps.UNIVERSAL.slug:
                values["veteran_status"] = row.client.veteran_status
            answers.fill_in(slug, _prefixed(client_id, values))
    days = [row.information_date for rows in known.values() for row in rows.values()]
    if days and not kind.enrolls:
        answers.filled_in_from = max(days)


def _latest(table: Any, rows: Iterable[Enrollment], kind: Kind) -> dict[int, Any]:
    """The newest answers of each client; those at the start where the stay is re-opened."""
    found = table.objects.filter(enrollment__in=list(rows))
    if kind is Kind.REOPEN:
        found = found.filter(data_collection_stage=DataCollectionStage.ENTRY)
    latest: dict[int, Any] = {}
    for one in found.order_by("information_date", "pk"):
        latest[one.client_id] = one
    return latest


def _fill_in_barriers(answers: Answers, rows: list[Enrollment], kind: Kind) -> None:
    found = Disability.objects.filter(enrollment__in=rows)
    if kind is Kind.REOPEN:
        found = found.filter(data_collection_stage=DataCollectionStage.ENTRY)
    for one in found.order_by("information_date", "pk"):
        of_type = DisabilityType(one.disability_type)
        values = {
            response_name(of_type): one.disability_response,
            indefinite_name(of_type): one.indefinite_and_impairs,
        }
        answers.fill_in(BARRIERS.slug, _prefixed(one.client_id, values))
    if kind is Kind.REOPEN:
        for row in rows:
            values = {"disabling_condition": row.disabling_condition}
            answers.fill_in(BARRIERS.slug, _prefixed(row.client_id, values))


def _prefixed(client_id: int, values: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix_of(client_id)}-{name}": value for name, value in values.items()}
