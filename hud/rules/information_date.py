"""5.03 Information Date: the day of what is recorded at a point of an enrollment."""

from collections.abc import Iterator
from datetime import date

from hud.rules.issues import Issue, collected, error

FIELD = "information_date"


@collected
def issues(
    information_date: date,
    *,
    rule: str,
    entry_date: date | None,
    today: date,
    exit_date: date | None = None,
) -> Iterator[Issue]:
    """Within the enrollment, and not in the future.

    Args:
        rule: the number of the element that was recorded.
    """
    if entry_date and information_date < entry_date:
        yield error(rule, FIELD, "Enter a date on or after the project start date.")
    if exit_date and information_date > exit_date:
        yield error(rule, FIELD, "Enter a date on or before the exit date.")
    if information_date > today:
        yield error(rule, FIELD, "Enter a date that is not in the future.")
