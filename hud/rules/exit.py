"""3.11 Project Exit Date."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from hud.rules.issues import Issue, collected, error, warning

RULE = "3.11"
FIELD = "exit_date"
LATE = timedelta(days=30)


@collected
def issues(
    exit_date: date | None, *, entry_date: date | None, today: date, is_new: bool = True
) -> Iterator[Issue]:
    """Not before the start, not in the future; without a date the enrollment is open.

    Args:
        is_new: whether it is entered now; a stored one was confirmed, however long ago it is.
    """
    if exit_date is None:
        return
    if exit_date > today:
        yield error(RULE, FIELD, "Enter an exit date that is not in the future.")
    elif is_new and exit_date < today - LATE:
        yield warning(RULE, FIELD, "Check the exit date: it is more than 30 days ago.")
    if entry_date and exit_date < entry_date:
        yield error(RULE, FIELD, "Enter an exit date that is not before the start date.")


@collected
def head_issues(
    exit_date: date | None, member_exit_dates: Iterable[date | None]
) -> Iterator[Issue]:
    """The head of household leaves last; a member without an exit date is still there."""
    if exit_date is None:
        return
    if any(other is None or other > exit_date for other in member_exit_dates):
        yield warning(
            RULE,
            FIELD,
            "Exit the other members too, or choose another head of household: "
            "the head leaves before them.",
        )
