"""My caseload: whom a case manager works with, and what is due next (Home, and its own page)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agencies.models import User
from enrollments.assignments.due import LABELS, Due, Facts, next_due
from enrollments.assignments.order import plain_order
from enrollments.models import CaseAssignment
from records.statements import compiled

MOST = 500
# What a line of a caseload shows, and what is due hangs on: not whole rows.
COLUMNS = (
    *("client", "enrollment", "organization", "begins_on", "ends_on"),
    *(f"client__{name}" for name in ("first_name", "middle_name", "last_name", "name_suffix")),
    *("client__dob", "enrollment__client", "enrollment__household", "enrollment__project"),
    *("enrollment__entry_date", "enrollment__exit_date", "enrollment__destination"),
    *(f"enrollment__project__{name}" for name in ("project_name", "project_common_name")),
    *(f"organization__{name}" for name in ("organization_name", "organization_common_name")),
)


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

    @property
    def may_be_handed_over(self) -> bool:
        """Whether it goes on; one that is here for its exit alone has ended."""
        return not self.assignment.is_over


def caseload(user: User, today: date) -> list[Case]:
    """The cases of a user, what is due first on top; one query, however many there are.

    Of an account that stands for many, the MOST oldest; `most_urgent` knows them all.
    """
    return sorted(_cases(_open_work(user, today), today), key=_urgency)


def most_urgent(user: User, today: date, most: int) -> tuple[list[Case], int]:
    """So many cases of a user, what is due first on top, and how many there are in all."""
    found = caseload(user, today)
    if len(found) < MOST:
        return found[:most], len(found)
    ids = plain_order(user, today).assignment_ids
    return cases(user, today, ids[:most]), len(ids)


def cases(user: User, today: date, assignment_ids: list[int]) -> list[Case]:
    """These of a user's cases, in the order of the IDs; one that is no longer there is left out."""
    found = _cases(_chosen(user, today, assignment_ids), today) if assignment_ids else []
    by_pk = {one.assignment.pk: one for one in found}
    return [by_pk[pk] for pk in assignment_ids if pk in by_pk]


@compiled
def _open_work(user: User, today: date) -> QuerySet[CaseAssignment]:
    return CaseAssignment.objects.caseload_of(user, today).only(*COLUMNS)[:MOST]


@compiled
def _chosen(user: User, today: date, assignment_ids: list[int]) -> QuerySet[CaseAssignment]:
    rows = CaseAssignment.objects.caseload_of(user, today).only(*COLUMNS)
    return rows.filter(pk__in=assignment_ids)


def _cases(assignments: list[CaseAssignment], today: date) -> list[Case]:
    return [Case(one, next_due(_facts(one), today), today) for one in assignments]


def _facts(assignment: CaseAssignment) -> Facts:
    return Facts.of(assignment.enrollment, assignment.client.dob, assignment)


def _urgency(case: Case) -> tuple[date, str, int]:
    client = case.assignment.client
    on = case.due.on if case.due else date.max
    return on, client.sorted_name, case.assignment.pk
