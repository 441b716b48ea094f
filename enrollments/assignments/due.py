"""What is due next in a case: an annual assessment (5.03), one at 18, the answers of an exit.

And a Release of Information that ends: the next one is due within 30 days before (13.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from clients.release_answers import ENDS_SOON
from hud.choices import DataCollectionStage
from hud.rules import annual
from hud.rules.dob import turns_18

ANNUAL = DataCollectionStage.ANNUAL
LABELS = {"danger": "Overdue", "warning": "Due now"}


class What(StrEnum):
    ANNUAL = "Annual assessment"
    ADULT = "Turns 18: update assessment"
    EXIT = "Exit incomplete: destination"
    RELEASE = "Release of Information ends"


@dataclass(frozen=True)
class Due:
    """Something to do, best on `on`; between `first` and `last` it is in time."""

    what: What
    on: date
    first: date
    last: date

    def tone_on(self, day: date) -> str:
        """How urgent it is; empty before its time."""
        if day < self.first:
            return ""
        return "danger" if day > self.last else "warning"


class Facts(NamedTuple):
    """What decides when something is due in a case.

    Attributes:
        head_entry_date: of the head of household, from which annual assessments are counted.
        done: stage and date of the enrollment's update and annual assessments.
        release_ends_on: the last day of the client's latest release; None where it has none, or
            where there is no release that counts.
    """

    entry_date: date
    exit_date: date | None
    destination: int | None
    dob: date | None
    head_entry_date: date | None
    done: list[tuple[int, date]]
    release_ends_on: date | None = None

    @classmethod
    def of(cls, enrollment: Any, dob: date | None, row: Any) -> "Facts":
        """Those of an enrollment; `row` has what the database brought along with it."""
        made = assessments(row.later_assessments)
        ended = enrollment.exit_date, enrollment.destination
        end = release_end(row.release)
        return cls(enrollment.entry_date, *ended, dob, row.head_entry_date, made, end)


def release_end(brought: dict[str, Any] | None) -> date | None:
    """The last day of a release as `clients.release_answers.longest` brings it."""
    day = brought and brought["last_day"]
    return date.fromisoformat(day) if day else None


def assessments(brought: list[dict[str, Any]]) -> list[tuple[int, date]]:
    """Stage and date of each."""
    return [(one["stage"], date.fromisoformat(one["on"])) for one in brought]


def next_due(facts: Facts, today: date) -> Due | None:
    """What comes first; None where the enrollment is over and complete."""
    return min(dues(facts, today), key=lambda due: due.on, default=None)


def dues(facts: Facts, today: date) -> Iterator[Due]:
    """What is to be done in a case, in its time or later."""
    exit_date, entry_date = facts.exit_date, facts.entry_date
    if exit_date and facts.destination is None:
        yield Due(What.EXIT, exit_date, exit_date, exit_date)
    if entry_date > today or (exit_date and exit_date <= today):
        return
    done = [day for stage, day in facts.done if stage == ANNUAL]
    yield annual_due(facts.head_entry_date or entry_date, entry_date, done, today)
    if dob := facts.dob:
        grown_up = turns_18(dob)
        if entry_date < grown_up and not any(day >= grown_up for _, day in facts.done):
            yield Due(What.ADULT, grown_up, grown_up, grown_up + annual.MARGIN)
    if ends_on := facts.release_ends_on:
        yield Due(What.RELEASE, ends_on, ends_on - ENDS_SOON, ends_on)


def annual_due(head_entry_date: date, entry_date: date, done: list[date], today: date) -> Due:
    """The next annual assessment, or the last one where nobody made it.

    Args:
        entry_date: whoever joined the household after a window was not there to be asked.
        done: the dates of the annual assessments that there are.
    """
    window = annual.window_near(head_entry_date, today)
    if entry_date > window.last or any(day in window for day in done):
        window = annual.window(head_entry_date, window.due.year + 1)
    return Due(What.ANNUAL, window.due, window.first, window.last)
