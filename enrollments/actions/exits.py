"""Leaving a project, and coming back because it was a mistake (4.9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Value
from django.db.models.functions import Least
from django.utils import timezone

from agencies.models import User
from enrollments.listeners import assignments_written
from enrollments.locks import lock_members
from enrollments.models import CaseAssignment, Enrollment
from enrollments.models.assessment_tables import TABLES
from hud.choices import DataCollectionStage
from hud.elements import of_programs
from records.conflicts import concurrent_change
from records.constraints import constraint_messages
from records.statements import compiled

CONCURRENT_CHANGE = concurrent_change(
    "changed an exit of this household", "Look at it and try again."
)


ANSWERS = [one.name for one in of_programs("Exit")]


@dataclass(frozen=True, kw_only=True)
class Departure:
    """The columns of Exit.csv; without an exit date the enrollment is open.

    answers: to what only some programs ask, all of these columns by name.
    """

    exit_date: date | None
    destination: int | None = None
    destination_subsidy_type: int | None = None
    other_destination: str = ""
    answers: Mapping[str, Any] = field(default_factory=lambda: dict.fromkeys(ANSWERS))

    @property
    def columns(self) -> dict[str, Any]:
        """Every column with its value."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**own.pop("answers"), **own}

    @classmethod
    def of(cls, enrollment: Enrollment) -> "Departure":
        """How the enrollment ended, as it is on file."""
        own = [one.name for one in fields(cls) if one.name != "answers"]
        return cls(
            answers={name: getattr(enrollment, name) for name in ANSWERS},
            **{name: getattr(enrollment, name) for name in own},
        )


@constraint_messages()
def exit_household(
    *,
    members: Iterable[Enrollment],
    departure: Departure | Mapping[int, Departure],
    end_assignments: bool,
    by: User,
) -> list[Enrollment]:
    """End the enrollments of some members of a household, or correct how they ended.

    Args:
        members: as the user saw them; a row whose exit somebody else changed since is refused.
        departure: how they leave; of each by the primary key of the enrollment, where they differ.
        end_assignments: end the case assignments that go on, on the exit date.
    """
    rows, before = _locked(members)
    for row in rows:
        _leave(row, departure if isinstance(departure, Departure) else departure[row.pk], by)
        if end_assignments:
            _end_assignments(row, before[row.pk].exit_date, by)
    _move_assessments(rows, by)
    assignments_written(clients=[row.client_id for row in rows], by=by)
    return rows


@constraint_messages()
def undo_exit(
    *, members: Iterable[Enrollment], continue_assignments: bool, by: User
) -> list[Enrollment]:
    """Open enrollments again, where nothing overlaps.

    Args:
        continue_assignments: go on with the case assignments that ended on the exit date.
    """
    rows, _ = _locked(members)
    for row in rows:
        if continue_assignments and row.exit_date:
            ended = CaseAssignment.objects.filter(enrollment=row, ends_on=row.exit_date)
            ended.update(ends_on=None, updated_by=by, date_updated=timezone.now())
        _leave(row, Departure(exit_date=None), by)
    assignments_written(clients=[row.client_id for row in rows], by=by)
    return rows


def _locked(members: Iterable[Enrollment]) -> tuple[list[Enrollment], dict[int, Departure]]:
    """The rows as they are now, locked, and how each was ended when the user saw it."""
    rows = lock_members(members, seen=Departure.of, refusal=CONCURRENT_CHANGE)
    return rows, {row.pk: Departure.of(row) for row in rows}


def _leave(row: Enrollment, departure: Departure, by: User) -> None:
    columns = departure.columns
    for name, value in columns.items():
        setattr(row, name, value)
    row.stamp(by=by)
    row.save(update_fields=[*columns, "date_updated", "updated_by"])


def _end_assignments(row: Enrollment, was: date | None, by: User) -> None:
    """Those that go on beyond the exit, and those that a corrected exit had ended."""
    beyond = Q(ends_on=None) | Q(ends_on__gt=row.exit_date)
    if was is not None:
        beyond |= Q(ends_on=was)
    assignments = CaseAssignment.objects.filter(beyond, enrollment=row)
    stamp = {"updated_by": by, "date_updated": timezone.now()}
    # One update: the database refuses an end before the beginning.
    assignments.update(
        begins_on=Least("begins_on", Value(row.exit_date)), ends_on=row.exit_date, **stamp
    )


def _move_assessments(rows: list[Enrollment], by: User) -> None:
    """5.03: the answers at exit are of the day of the exit."""
    for place in answered_at_exit([row.pk for row in rows]):  # mostly none
        for day in {row.exit_date for row in rows}:
            left = [row.pk for row in rows if row.exit_date == day]
            moved = _at_exit(TABLES[place], left).exclude(information_date=day)
            moved.update(information_date=day, updated_by=by, date_updated=timezone.now())


@compiled
def answered_at_exit(enrollment_ids: list[int]) -> QuerySet[Any, int]:
    """The places of those of TABLES that have answers at exit to these enrollments."""
    arms = [
        _at_exit(table, enrollment_ids)
        .order_by()
        .annotate(place=Value(place, IntegerField()))
        .values_list("place", flat=True)
        for place, table in enumerate(TABLES)
    ]
    return arms[0].union(*arms[1:])


def _at_exit(table: Any, enrollment_ids: list[int]) -> QuerySet[Any, Any]:
    at_exit = {"data_collection_stage": DataCollectionStage.EXIT}
    return table.objects.filter(enrollment__in=enrollment_ids, **at_exit)
