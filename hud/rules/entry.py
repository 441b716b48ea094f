"""3.10 Project Start Date."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from hud.rules.issues import Issue, collected, error, warning

RULE = "3.10"
FIELD = "entry_date"
LATE = timedelta(days=30)


class EnrollmentDates(NamedTuple):
    """One enrollment of the client in the project; without an exit date it is open."""

    entry_date: date
    exit_date: date | None = None

    def overlaps(self, other: "EnrollmentDates") -> bool:
        """Whether both hold one day; the database says the same (`occupied_days`).

        The day of an exit is free for the next start. The day of the start never is, so that of
        two with one start, or one within the other, both overlap, however short they are.
        """
        return self._begins_before_end_of(other) and other._begins_before_end_of(self)

    def _begins_before_end_of(self, other: "EnrollmentDates") -> bool:
        if other.exit_date is None:
            return True
        return self.entry_date < max(other.exit_date, other.entry_date + timedelta(days=1))


@collected
def issues(
    entry_date: date | None,
    *,
    today: date,
    is_new: bool = True,
    dob: date | None = None,
    head_entry_date: date | None = None,
) -> Iterator[Issue]:
    """The start by itself: against today, the client's birth and the head of household's start.

    Args:
        is_new: whether it is entered now; a stored one was confirmed, however long ago it is.
    """
    if entry_date is None:
        yield error(RULE, FIELD, "Enter the project start date.")
        return
    if entry_date > today:
        yield error(RULE, FIELD, "Enter a start date that is not in the future.")
    elif is_new and entry_date < today - LATE:
        yield warning(RULE, FIELD, "Check the start date: it is more than 30 days ago.")
    if dob and entry_date < dob:
        yield error(RULE, FIELD, "Enter a start date that is not before the date of birth.")
    if head_entry_date and entry_date < head_entry_date:
        yield warning(RULE, FIELD, "Check the start date: it is before the head of household's.")


@collected
def project_issues(
    entry_date: date | None, *, operating_start: date | None, operating_end: date | None = None
) -> Iterator[Issue]:
    """2.02: the start lies within the project's operating dates, both days included."""
    if entry_date is None:
        return
    if operating_start and entry_date < operating_start:
        yield error(RULE, FIELD, "Enter a start date on or after the day the project opened.")
    if operating_end and entry_date > operating_end:
        yield error(RULE, FIELD, "Enter a start date on or before the day the project closed.")


@collected
def overlap_issues(
    enrollment: EnrollmentDates, others: Iterable[EnrollmentDates]
) -> Iterator[Issue]:
    """A client is in a project once at a time; `others` are the other enrollments there."""
    overlapping = [other for other in others if enrollment.overlaps(other)]
    if any(other.exit_date is None for other in overlapping):
        yield error(
            RULE, FIELD, "Exit the client's open enrollment in this project before a new start."
        )
    elif overlapping:
        yield error(
            RULE, FIELD, "Enter dates outside the client's other enrollments in this project."
        )
