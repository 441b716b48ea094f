"""3.20 and 4.13: dates that come once within an enrollment, in some types of project."""

from datetime import date
from typing import NamedTuple

from hud.elements import element
from hud.rules.issues import Issue, error


class Occurrence(NamedTuple):
    """HUD's number, the field, what it is called, and what to do in other types of project."""

    rule: str
    field: str
    noun: str
    elsewhere: str

    def issues(
        self,
        day: date | None,
        *,
        entry_date: date,
        today: date,
        project_type: int | None,
        exit_date: date | None = None,
    ) -> list[Issue]:
        """Blank until it comes; not before the start, after the exit or in the future."""
        if day is None:
            return []
        found = {
            self.elsewhere: not element(self.rule).is_for(project_type),
            f"Enter a {self.noun} that is not before the start date.": day < entry_date,
            f"Enter a {self.noun} that is not after the exit date.": exit_date and day > exit_date,
            f"Enter a {self.noun} that is not in the future.": day > today,
        }
        return [error(self.rule, self.field, text) for text, is_so in found.items() if is_so]


MOVE_IN = Occurrence(
    "3.20",
    "move_in_date",
    "move-in date",
    "Leave the move-in date blank: this is not permanent housing.",
)
# The day on which an interactive relationship led to an assessment or the beginning of a plan.
ENGAGEMENT = Occurrence(
    "4.13",
    "date_of_engagement",
    "date of engagement",
    "Leave the date blank: it is for street outreach and night-by-night shelter.",
)
