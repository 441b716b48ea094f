"""3.20 Housing Move-In Date: permanent housing, within the enrollment."""

from collections.abc import Iterator
from datetime import date

from hud.choices import ProjectType
from hud.rules.issues import Issue, collected, error

RULE = "3.20"
FIELD = "move_in_date"


@collected
def issues(
    move_in_date: date | None,
    *,
    entry_date: date,
    today: date,
    project_type: int,
    exit_date: date | None = None,
) -> Iterator[Issue]:
    """Asked of permanent housing only; not before the start, after the exit or in the future."""
    if move_in_date is None:
        return
    if not ProjectType(project_type).is_permanent_housing:
        yield error(RULE, FIELD, "Leave the move-in date blank: this is not permanent housing.")
    if move_in_date < entry_date:
        yield error(RULE, FIELD, "Enter a move-in date that is not before the start date.")
    if exit_date and move_in_date > exit_date:
        yield error(RULE, FIELD, "Enter a move-in date that is not after the exit date.")
    if move_in_date > today:
        yield error(RULE, FIELD, "Enter a move-in date that is not in the future.")
