"""What an element of HUD's data dictionary is, and what a question of one.

`Element.is_for` decides by the project: its type, and for what only some programs collect its
federal partner funding sources (2.06) as well. A caller passes those of the day that the answers
are about; who knows of none passes none, and is asked no question of a program.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.db.models import Choices

from hud.choices import DataCollectionStage, ProjectType
from hud.programs import Funded, Grant, funders_between
from hud.rules import dob as dob_rules


class Audience(Enum):
    """HUD's "data collected about"."""

    EVERYBODY = "all clients"
    ADULTS = "adults"
    HEAD = "head of household"
    HEAD_AND_ADULTS = "head of household and adults"

    def includes(self, *, is_head: bool, is_adult: bool | None) -> bool:
        adult = is_adult is not False
        return {
            Audience.EVERYBODY: True,
            Audience.ADULTS: adult,
            Audience.HEAD: is_head,
            Audience.HEAD_AND_ADULTS: is_head or adult,
        }[self]


class AgeDay(Enum):
    """The day on which the age decides whether somebody is asked as an adult."""

    TODAY = "today: the answer belongs to the person"
    LAST_DAY = "the last day of the enrollment, today while it lasts"
    ANSWERS = "the date of the answers: the project start, the exit, the assessment"


class Point(Enum):
    """HUD's point of collection."""

    RECORD = "record creation"
    START = "project start"
    OCCURRENCE = "occurrence point"
    UPDATE = "update"
    ANNUAL = "annual assessment"
    EXIT = "project exit"


POINTS_OF_STAGE = {
    DataCollectionStage.ENTRY: frozenset({Point.RECORD, Point.START, Point.OCCURRENCE}),
    DataCollectionStage.UPDATE: frozenset({Point.UPDATE}),
    DataCollectionStage.ANNUAL: frozenset({Point.ANNUAL}),
    DataCollectionStage.EXIT: frozenset({Point.EXIT}),
}


@dataclass(frozen=True)
class Element:
    """One element of the data dictionary.

    Args:
        projects: a property of ProjectType, if not all types collect it.
        funded: the programs that collect it, if it is not for all; one of them is enough.
        heading: the program over its questions on a page.
        is_sensitive: read by those who may read 4.05-4.11 (docs/security/field-rights.md).
    """

    number: str
    name: str
    audience: Audience
    points: frozenset[Point]
    age_day: AgeDay = AgeDay.ANSWERS
    projects: str = ""
    funded: tuple[Funded, ...] = ()
    heading: str = ""
    is_sensitive: bool = False

    def is_for(self, project_type: int | None, funders: Collection[int] = ()) -> bool:
        """Whether a project of a type, with these funding sources on the day, collects it."""
        is_of_type = not self.projects or (
            project_type is not None and getattr(ProjectType(project_type), self.projects)
        )
        programs = self.funded
        return is_of_type and (
            not programs or any(one.covers(project_type, funders) for one in programs)
        )

    def is_collected_at(self, stage: int) -> bool:
        """Whether it is part of the answers of a stage (5.03); the rest is collected otherwise."""
        return bool(self.points & POINTS_OF_STAGE.get(DataCollectionStage(stage), frozenset()))

    def is_asked_of(  # noqa: PLR0913 - all of them by name
        self,
        *,
        is_head: bool,
        dob: date | None,
        project_type: int | None,
        answered_on: date,
        entry_date: date,
        exit_date: date | None = None,
        today: date,
        grants: Iterable[Grant] = (),
    ) -> bool:
        """Whether it is asked of a member of a household for answers of that date.

        The grants of the project count that hold on the date; for what is collected whenever it
        occurs, those that hold at any time from then to the last day of the enrollment.
        """
        last = last_day(entry_date=entry_date, exit_date=exit_date, today=today)
        days = {AgeDay.TODAY: today, AgeDay.LAST_DAY: last, AgeDay.ANSWERS: answered_on}
        until = last if self.points & {Point.RECORD, Point.OCCURRENCE} else answered_on
        funders = funders_between(grants, answered_on, until)
        is_adult = dob_rules.is_adult(dob, days[self.age_day])
        in_audience = self.audience.includes(is_head=is_head, is_adult=is_adult)
        return in_audience and self.is_for(project_type, funders)


def last_day(*, entry_date: date, exit_date: date | None, today: date) -> date:
    """The last day of an enrollment so far: the exit, or today, and never before the start."""
    return max(entry_date, min(exit_date or today, today))


@dataclass(frozen=True)
class Field:
    """One question of an element.

    Args:
        name: its column in our models.
        number: HUD's number of the element.
        answers: HUD's list; None for a date, a number or a text.
        label: how it is asked; as the element is called unless it is given.
        short: how a page calls what was answered.
        between: the least and the greatest number; None for what is no number.
        follows: the questions that it follows, any of them, with the answers that ask for it.
    """

    name: str
    number: str
    answers: type[Choices] | None = None
    label: str = ""
    short: str = ""
    between: tuple[int, int] | None = None
    follows: Mapping[str, Collection[int]] = field(default_factory=dict, hash=False)


EVERYBODY, ADULTS = Audience.EVERYBODY, Audience.ADULTS
HEAD, HEAD_AND_ADULTS = Audience.HEAD, Audience.HEAD_AND_ADULTS
RECORD, START, OCCURRENCE = map(frozenset, ([Point.RECORD], [Point.START], [Point.OCCURRENCE]))
EXIT, LATER = frozenset({Point.EXIT}), frozenset({Point.UPDATE, Point.ANNUAL})
UPDATED = frozenset({Point.START, Point.UPDATE})
ASSESSED = frozenset({Point.START, Point.UPDATE, Point.ANNUAL, Point.EXIT})
DISABILITY = frozenset({Point.START, Point.UPDATE, Point.EXIT})
TODAY, LAST, ANSWERED = AgeDay.TODAY, AgeDay.LAST_DAY, AgeDay.ANSWERS
