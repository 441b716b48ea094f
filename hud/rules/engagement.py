"""4.13 Date of Engagement: street outreach and night-by-night shelter, within the enrollment.

The day on which an interactive relationship led to an assessment or the beginning of a plan: on or
after the project start, and blank until it comes.
"""

from collections.abc import Iterator
from datetime import date

from hud.choices import ProjectType
from hud.rules.issues import Issue, collected, error

RULE = "4.13"
FIELD = "date_of_engagement"


@collected
def issues(
    date_of_engagement: date | None,
    *,
    entry_date: date,
    today: date,
    project_type: int,
    exit_date: date | None = None,
) -> Iterator[Issue]:
    """Not before the start, after the exit or in the future."""
    if date_of_engagement is None:
        return
    if not ProjectType(project_type).has_engagement:
        message = "Leave the date blank: it is for street outreach and night-by-night shelter."
        yield error(RULE, FIELD, message)
    if date_of_engagement < entry_date:
        yield error(RULE, FIELD, "Enter a date of engagement that is not before the start date.")
    if exit_date and date_of_engagement > exit_date:
        yield error(RULE, FIELD, "Enter a date of engagement that is not after the exit date.")
    if date_of_engagement > today:
        yield error(RULE, FIELD, "Enter a date of engagement that is not in the future.")
