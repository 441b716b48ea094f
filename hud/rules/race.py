"""3.04 Race and Ethnicity: any number of ticks, or a reason why there is none, never both."""

from collections.abc import Iterator, Mapping
from typing import Any

from hud.choices import RACES, RaceNone
from hud.choices.answers import UNANSWERED
from hud.rules.issues import Issue, collected, error

RULE = "3.04"


def is_any_ticked(values: Mapping[str, Any]) -> bool:
    """Whether one of the race columns is yes, in values by field name."""
    return any(values.get(field) == 1 for field, _ in RACES)


def race_none(values: Mapping[str, Any]) -> RaceNone | None:
    """RaceNone as it is stored: blank beside a race, else the user's 8, 9 or 99, else 99."""
    if is_any_ticked(values):
        return None
    chosen = values.get("race_none")
    return RaceNone(chosen) if chosen in UNANSWERED else RaceNone.NOT_COLLECTED


@collected
def issues(values: Mapping[str, Any]) -> Iterator[Issue]:
    """A race beside a reason why there is none."""
    if is_any_ticked(values) and values.get("race_none") in UNANSWERED:
        message = "Choose the races that apply, or why there is no answer, not both."
        yield error(RULE, "race_none", message)
