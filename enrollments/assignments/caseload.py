"""My caseload: whom a case manager works with, and what is due next (Home)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from agencies.models import User
from enrollments.models import CaseAssignment, Enrollment
from hud.anniversaries import anniversary
from hud.choices import DataCollectionStage
from hud.rules import annual
from hud.rules.dob import ADULT
from records.statements import compiled

MOST = 500
ANNUAL, UPDATE = DataCollectionStage.ANNUAL, DataCollectionStage.UPDATE
LABELS = {"danger": "Overdue", "warning": "Due now"}


class What(StrEnum):
    ANNUAL = "Annual assessment"
    ADULT = "Turns 18: update assessment"
    EXIT = "Exit incomplete: destination"


@dataclass(frozen=True)
class Due:
    """Something to do, best on `on`; between `first` and `last` it is in time."""

    what: What
    on: date
    first: date
    last: date

    def tone_on(self, day: date) -> str:
        """How urgent it is; empty before its time."""
        if day < self.first:
            return ""
        return "danger" if day > self.last else "warning"


@dataclass(frozen=True)
class Case:
    assignment: CaseAssignment
    due: Due | None
    today: date

    @property
    def tone(self) -> str:
        return self.due.tone_on(self.today) if self.due else ""

    @property
    def label(self) -> str:
        return LABELS.get(self.tone, "")


def caseload(user: User, today: date) -> list[Case]:
    """The cases of a user, what is due first on top; one query, however many there are.

    Nobody has more than MOST cases; of an account that stands for many, the oldest are shown.
    """
    cases = [Case(one, _next(one, today), today) for one in _open_work(user, today)]
    return sorted(cases, key=_urgency)


@compiled
def _open_work(user: User, today: date) -> QuerySet[CaseAssignment]:
    return CaseAssignment.objects.caseload_of(user, today)[:MOST]


def _urgency(case: Case) -> tuple[date, str, int]:
    client = case.assignment.client
    on = case.due.on if case.due else date.max
    return on, client.sorted_name, case.assignment.pk


def _next(assignment: Any, today: date) -> Due | None:
    enrollment = assignment.enrollment
    head_entry_date = assignment.head_entry_date or enrollment.entry_date
    done = [(one["stage"], date.fromisoformat(one["on"])) for one in assignment.later_assessments]
    found = dues(enrollment, assignment.client.dob, head_entry_date, done, today)
    return min(found, key=lambda due: due.on, default=None)


def dues(
    enrollment: Enrollment,
    dob: date | None,
    head_entry_date: date,
    done: list[tuple[int, date]],
    today: date,
) -> Iterator[Due]:
    """What is to be done for an enrollment of somebody born on `dob`.

    done: stage and date of the updates and annual assessments that there are.
    """
    if enrollment.exit_date and enrollment.is_exit_incomplete:
        yield Due(What.EXIT, enrollment.exit_date, enrollment.exit_date, enrollment.exit_date)
    if not enrollment.is_open_on(today):
        return
    yield annual_due(
        head_entry_date, enrollment.entry_date, [day for s, day in done if s == ANNUAL], today
    )
    if dob:
        grown_up = anniversary(dob, dob.year + ADULT)
        if enrollment.entry_date < grown_up and not any(day >= grown_up for _, day in done):
            yield Due(What.ADULT, grown_up, grown_up, grown_up + annual.MARGIN)


def annual_due(head_entry_date: date, entry_date: date, done: list[date], today: date) -> Due:
    """The next annual assessment, or the last one where nobody made it.

    Args:
        entry_date: whoever joined the household after a window was not there to be asked.
        done: the dates of the annual assessments that there are.
    """
    window = annual.window_near(head_entry_date, today)
    if entry_date > window.last or any(day in window for day in done):
        window = annual.window(head_entry_date, window.due.year + 1)
    return Due(What.ANNUAL, window.due, window.first, window.last)
