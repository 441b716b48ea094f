"""5.03 Annual assessment: within 30 days of an anniversary of the head of household's start date.

HUD counts no annual assessment outside that window; the first one is due a year after the start,
and one a year is made. Of update assessments, as of annual ones, there is one a day.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from hud.anniversaries import anniversary
from hud.rules.information_date import FIELD
from hud.rules.information_date import issues as information_date_issues
from hud.rules.issues import Issue, collected, error, warning

RULE = "5.03"
MARGIN = timedelta(days=30)
OUTSIDE = "Check the date: it is more than 30 days from the anniversary of the start date."
SECOND = (
    "There is an annual assessment for this anniversary already, and HUD wants one a year. To "
    "change its answers, choose Correct on the enrollment's page."
)
SAME_DAY = (
    "An {} of this day has been saved already for {}. To change its answers, choose Correct on "
    "the enrollment's page."
)
SAVED_SINCE = (
    "Another assessment of this day has been saved since. Delete it first to restore this one."
)


class Window(NamedTuple):
    """The days of one annual assessment, both ends included."""

    first: date
    due: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def window(head_entry_date: date, year: int) -> Window:
    """The window around the anniversary that falls in a calendar year."""
    due = anniversary(head_entry_date, year)
    return Window(due - MARGIN, due, due + MARGIN)


def window_near(head_entry_date: date, day: date) -> Window:
    """The window whose anniversary is nearest to a day, from the first anniversary on."""
    first_year = head_entry_date.year + 1
    years = {max(first_year, year) for year in (day.year - 1, day.year, day.year + 1)}
    windows = [window(head_entry_date, year) for year in sorted(years)]
    return min(windows, key=lambda one: abs(one.due - day))


@collected
def issues(
    information_date: date | None,
    *,
    head_entry_date: date,
    today: date,
    exit_date: date | None = None,
    done: Collection[date] = (),
) -> Iterator[Issue]:
    """Within the enrollment, not in the future; outside the window HUD does not count it.

    Args:
        done: the dates of the annual assessments that there are, beside this one.
    """
    if information_date is None:
        yield error(RULE, FIELD, "Enter the date of the assessment.")
        return
    impossible = information_date_issues(
        information_date, rule=RULE, entry_date=head_entry_date, exit_date=exit_date, today=today
    )
    yield from impossible
    if impossible:
        return
    if information_date not in (near := window_near(head_entry_date, information_date)):
        yield warning(RULE, FIELD, OUTSIDE)
    elif any(day in near for day in done):
        yield warning(RULE, FIELD, SECOND)


@collected
def same_day_issues(
    information_date: date, *, done: Collection[date], message: str
) -> Iterator[Issue]:
    """One update or annual assessment a day: two of a day would be one, with two answers.

    Args:
        done: the dates of those of the same kind that there are, beside this one.
        message: `SAME_DAY` of a kind and of who has it, or `SAVED_SINCE`.
    """
    if information_date in done:
        yield error(RULE, FIELD, message)
