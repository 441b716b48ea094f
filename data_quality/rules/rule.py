"""What a data quality rule is.

8 "client doesn't know" and 9 "client prefers not to answer" are answers that are always savable;
they are counted because many of them tell something about how a project asks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partialmethod
from typing import Any

from django.db.models import Q

from data_quality.rules.fixes import Fix
from data_quality.rules.subjects import Subject
from enrollments.models import Enrollment, IncomeBenefits, IntakeDraft
from hud.elements import element

Condition = Callable[[date], Q]  # of today
LEFT_OUT, REFUSED = 99, [8, 9]


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
    """Rows that are found by an index, which has their condition; others are not read."""

    name: str
    rows: Q


EVERY_ROW = Narrowing("", Q())


def on(today: date, condition: Q | Condition) -> Q:
    return condition if isinstance(condition, Q) else condition(today)


@dataclass(frozen=True)
class Group:
    """Whom a rule concerns, in words, and as a condition that needs no further query."""

    name: str
    words: str
    who: Q | Condition = field(default_factory=Q)

    def condition(self, today: date) -> Q:
        return on(today, self.who)


@dataclass(frozen=True)
class Rule:
    """One question to the records.

    Args:
        key: its name in addresses.
        number: HUD's number of the element; empty for a rule of the house.
        title: what is wrong.
        advice: what to do about it.
        field: what is to be entered, by its name on the page that `fix` leads to; empty where that
            page asks first in which way.
        within: rows to which all that break it belong.
        alone: whether the condition looks into other rows (EXISTS) and is counted by itself.
        topic: what a rule of the house is about.
    """

    key: str
    number: str
    level: Level
    title: str
    advice: str
    subject: Subject
    concerns: Group
    wrong: Q | Condition
    fix: Fix
    field: str
    within: Narrowing = EVERY_ROW
    alone: bool = False
    topic: str = ""

    def condition(self, today: date) -> Q:
        """The records that it concerns and that break it."""
        return self.within.rows & self.concerns.condition(today) & on(today, self.wrong)

    def address(self, enrollment: Enrollment, *, answers: IncomeBenefits | None = None) -> str:
        """Where a record is fixed; for a rule about answers of any stage, where these are."""
        if answers is None:
            return self.fix.address(enrollment, self.field)
        fix = self.fix.of_stage(answers.data_collection_stage)
        is_later = fix.kind in {IntakeDraft.Kind.UPDATE, IntakeDraft.Kind.ANNUAL}
        day = answers.information_date if is_later else None
        return fix.address(enrollment, self.field, corrects=day)

    @property
    def section(self) -> str:
        return f"{self.number} {self.topic or name_of(self.number)}".strip()


class RuleSet(list[Rule]):
    """Rules about one subject, with what they share where a rule does not say otherwise."""

    def __init__(self, **shared: Any) -> None:
        super().__init__()
        self.shared = shared

    def about(self, number: str, **shared: Any) -> "RulesAbout":
        """Those about HUD's element with that number."""
        return RulesAbout(self, number, self.shared | shared)


@dataclass(frozen=True)
class RulesAbout:
    """The rules of a set that are about one element."""

    rules: RuleSet
    number: str
    shared: dict[str, Any]

    def add(self, level: Level, key: str, title: str, advice: str, **own: Any) -> None:
        facts = self.shared | own
        self.rules.append(Rule(key, self.number, level, title, advice, **facts))

    error = partialmethod(add, Level.ERROR)
    warning = partialmethod(add, Level.WARNING)
    missing = partialmethod(add, Level.MISSING)

    def completeness(self, key: str, column: str, *, when: str = "", **own: Any) -> None:
        """What HUD's reports count: left out, and not answered (at which moment, if several)."""
        title = f"{name_of(self.number)} {when}".strip()
        own = {"field": column.rsplit("__", maxsplit=1)[-1]} | self.shared | own
        missing = f"{title} is missing"
        advice = "Ask, and enter the answer."
        self.missing(f"{key}-missing", missing, advice, wrong=is_missing(column), **own)
        self.unanswered(key, column, title=title, **own)

    def unanswered(self, key: str, column: str, *, title: str = "", **own: Any) -> None:
        self.add(
            Level.UNANSWERED,
            f"{key}-unanswered",
            f"{title or name_of(self.number)}: client doesn't know or prefers not to answer",
            "Ask again where the client may know by now, or may trust you more.",
            wrong=Q(**{f"{column}__in": REFUSED}),
            **own,
        )


def is_missing(column: str) -> Q:
    """Never asked, or data not collected."""
    return Q(**{f"{column}__isnull": True}) | Q(**{column: LEFT_OUT})


def name_of(number: str) -> str:
    """What a rule is about: HUD's element, or without number and topic the case managers."""
    return element(number).name if number else "Case Managers"
