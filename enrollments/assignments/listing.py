"""The page My caseload: every case in a few columns, narrowed, sorted and grouped; then one page.

What is due is decided in Python by the one rule (`due`); whoever has thousands of cases gets the
order of the plain page as it was made in the last minutes (`order`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextChoices, Value

from agencies.models import User
from enrollments.assignments.due import Due, Facts, What, assessments, next_due, release_end
from enrollments.models import CaseAssignment
from hud.choices import RelationshipToHoH
from hud.text import as_id, normalised
from records.statements import compiled

LONG = 300  # cases; of more, the order is kept for some minutes
COLUMNS = (
    *("pk", "client_id", "enrollment__household_id", "enrollment__project_id", "begins_on"),
    *("client__last_key", "client__first_key"),
    *("enrollment__project__project_common_name", "enrollment__project__project_name"),
    *("enrollment__relationship_to_hoh", "client__dob"),
    *("enrollment__entry_date", "enrollment__exit_date", "enrollment__destination"),
    *("household_size", "head_entry_date", "later_assessments", "release"),
)


class Entry(NamedTuple):
    """One case: what it is found and sorted by."""

    assignment_id: int
    client_id: int
    household_id: int
    project_id: int
    begins_on: date
    last_key: str
    first_key: str
    project_name: str
    is_head: bool
    household_size: int
    dob: date | None
    due: Due | None

    @property
    def name(self) -> tuple[str, str]:
        return self.last_key, self.first_key

    @property
    def due_on(self) -> date:
        return self.due.on if self.due else date.max

    @property
    def place_in_household(self) -> tuple[bool, date, int]:
        return not self.is_head, self.dob or date.max, self.client_id


class DueFilter(TextChoices):
    NOW = "now", "Due now or overdue"
    OVERDUE = "overdue", "Overdue"
    ANNUAL = "annual", "Annual assessment due"
    ADULT = "adult", "Turned 18"
    EXIT = "exit", "Exit incomplete"
    RELEASE = "release", "Release of Information ends"

    def fits(self, due: Due | None, today: date) -> bool:
        if due is None or not (tone := due.tone_on(today)):
            return False
        if self is DueFilter.OVERDUE:
            return tone == "danger"
        return self is DueFilter.NOW or due.what == KINDS[self]


KINDS = {
    DueFilter.ANNUAL: What.ANNUAL,
    DueFilter.ADULT: What.ADULT,
    DueFilter.EXIT: What.EXIT,
    DueFilter.RELEASE: What.RELEASE,
}


class HouseholdFilter(TextChoices):
    HEADS = "heads", "Heads of household"
    ALONE = "alone", "Persons alone"
    SEVERAL = "several", "Households of several"

    def fits(self, entry: Entry) -> bool:
        if self is HouseholdFilter.HEADS:
            return entry.is_head
        return (entry.household_size > 1) is (self is HouseholdFilter.SEVERAL)


class Sort(StrEnum):
    """By what a list is sorted; a column's own word in the address."""

    DUE = "due"
    CLIENT = "client"
    NUMBER = "number"
    PROJECT = "project"
    SINCE = "since"

    def key(self, entry: Entry) -> Any:
        return {
            self.DUE: entry.due_on,
            self.CLIENT: entry.name,
            self.NUMBER: entry.client_id,
            self.PROJECT: entry.project_name.casefold(),
            self.SINCE: entry.begins_on,
        }[self]


@dataclass(frozen=True)
class Wanted:
    """What a user narrows the caseload to, and how it is sorted."""

    project: int | None = None
    due: DueFilter | None = None
    household: HouseholdFilter | None = None
    text: str = ""
    sort: Sort = Sort.DUE
    is_descending: bool = False
    by_household: bool = False


def entries(user: User, today: date, *, with_sizes: bool = True) -> list[Entry]:
    """Every case of a user: one statement.

    Args:
        with_sizes: count the members of each household; otherwise each is said to have one.
    """
    return [_entry(Row(*one), today) for one in _rows(user, today, with_sizes=with_sizes)]


def chosen(found: Iterable[Entry], wanted: Wanted, today: date) -> list[Entry]:
    """The cases that are wanted, in order; the members of a household stand together if wished."""
    rows = [one for one in found if _fits(one, wanted, today)]
    rows.sort(key=lambda one: (one.name, one.assignment_id))
    rows.sort(key=wanted.sort.key, reverse=wanted.is_descending)
    return by_household(rows) if wanted.by_household else rows


def by_household(rows: list[Entry]) -> list[Entry]:
    """Each household where its first member stands, its head first, then the oldest."""
    households: dict[int, list[Entry]] = defaultdict(list)
    for one in rows:
        households[one.household_id].append(one)
    return [
        one
        for members in households.values()
        for one in sorted(members, key=lambda member: member.place_in_household)
    ]


class Row(NamedTuple):
    """COLUMNS as the database gives them."""

    assignment_id: int
    client_id: int
    household_id: int
    project_id: int
    begins_on: date
    last_key: str
    first_key: str
    common_name: str
    legal_name: str
    relationship: int
    dob: date | None
    entry_date: date
    exit_date: date | None
    destination: int | None
    household_size: int
    head_entry_date: date | None
    later_assessments: list[dict[str, Any]]
    release: dict[str, Any] | None


@compiled
def _rows(user: User, today: date, *, with_sizes: bool) -> QuerySet[Any, Any]:
    rows = CaseAssignment.objects.caseload_of(user, today).select_related(None).order_by("pk")
    sized = rows.with_household_size(user) if with_sizes else rows.annotate(household_size=Value(1))
    return sized.values_list(*COLUMNS)


def _entry(row: Row, today: date) -> Entry:
    facts = Facts(
        row.entry_date,
        row.exit_date,
        row.destination,
        row.dob,
        row.head_entry_date,
        assessments(row.later_assessments),
        release_end(row.release),
    )
    return Entry(
        row.assignment_id,
        row.client_id,
        row.household_id,
        row.project_id,
        row.begins_on,
        row.last_key,
        row.first_key,
        row.common_name or row.legal_name,
        row.relationship == RelationshipToHoH.SELF,
        row.household_size,
        row.dob,
        next_due(facts, today),
    )


def _fits(entry: Entry, wanted: Wanted, today: date) -> bool:
    return (
        wanted.project in (None, entry.project_id)
        and (wanted.due is None or wanted.due.fits(entry.due, today))
        and (wanted.household is None or wanted.household.fits(entry))
        and _is_named(entry, wanted.text)
    )


def _is_named(entry: Entry, text: str) -> bool:
    """Whether each word is a part of the client's first or last name, or the text the Client ID."""
    if not text.strip() or as_id(text) == entry.client_id:
        return True
    words = [word for word in map(normalised, text.split()) if word]
    names = (entry.last_key, entry.first_key)
    return bool(words) and all(any(word in name for name in names) for word in words)
