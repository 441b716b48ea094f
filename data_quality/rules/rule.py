"""What a data quality rule is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q

from data_quality.rules.fixes import Fix
from data_quality.rules.subjects import Subject
from enrollments.models import Enrollment, IncomeBenefits, IntakeDraft

Condition = Callable[[date], Q]  # of today


class Level(StrEnum):
    """Errors are impossible and warnings unlikely; what was left out or refused is neither."""

    ERROR = "error"
    WARNING = "warning"
    MISSING = "missing"
    UNANSWERED = "unanswered"

    @property
    def label(self) -> str:
        return {
            self.ERROR: "Error",
            self.WARNING: "Check",
            self.MISSING: "Missing",
            self.UNANSWERED: "No answer",
        }[self]


@dataclass(frozen=True)
class Narrowing:
    """Rows that are found by an index; those outside them are not read.

    Args:
        name: tells it from others.
        rows: the condition of the index.
    """

    name: str
    rows: Q


EVERY_ROW = Narrowing("", Q())


@dataclass(frozen=True)
class Group:
    """Whom a rule concerns, in words, and as a condition that needs no further query.

    Args:
        within: rows to which all of the group belong.
    """

    words: str
    condition: Condition
    within: Narrowing = EVERY_ROW

    @property
    def name(self) -> str:
        return self.condition.__name__


@dataclass(frozen=True)
class Rule:
    """One question to the records.

    Args:
        key: its name in addresses.
        number: HUD's number of the element; empty for a rule of the house.
        element: the name of the element.
        title: what is wrong.
        advice: what to do about it.
        field: what is to be entered, by its name on the page that `fix` leads to.
        within: rows to which all that break it belong.
        alone: whether the condition looks into other rows (EXISTS) and is counted by itself.
    """

    key: str
    number: str
    element: str
    level: Level
    title: str
    advice: str
    subject: Subject
    concerns: Group
    wrong: Condition
    fix: Fix
    field: str
    within: Narrowing = EVERY_ROW
    alone: bool = False

    def condition(self, today: date) -> Q:
        """The records that it concerns and that break it."""
        return self.within.rows & self.concerns.condition(today) & self.wrong(today)

    def address(self, enrollment: Enrollment, *, answers: IncomeBenefits | None = None) -> str:
        """Where a record is fixed.

        Args:
            answers: those that are wrong, for a rule about answers of any stage.
        """
        if answers is None:
            return self.fix.address(enrollment, self.field)
        fix = self.fix.of_stage(answers.data_collection_stage)
        is_later = fix.kind in {IntakeDraft.Kind.UPDATE, IntakeDraft.Kind.ANNUAL}
        day = answers.information_date if is_later else None
        return fix.address(enrollment, self.field, corrects=day)

    @property
    def section(self) -> str:
        return f"{self.number} {self.element}".strip()
