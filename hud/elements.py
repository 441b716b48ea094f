"""HUD's data elements: of whom each is asked, at which points, and on which day the age counts.

From the HMIS data dictionary FY2026 ("Data collected about", "Point of collection"). This is the
one place that decides it: the intake, the later assessments and the data quality rules ask here.
Somebody whose age is not known is asked like an adult.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from hud.choices import ProjectType
from hud.choices.assessment import DataCollectionStage
from hud.rules import current_living
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


def _any_project(project_type: ProjectType) -> bool:
    return True


@dataclass(frozen=True)
class Element:
    """One element of the data dictionary.

    Args:
        number: HUD's number.
        name: HUD's name, as this product writes it.
        points: when it is collected.
        is_for: whether projects of a type collect it.
    """

    number: str
    name: str
    audience: Audience
    points: frozenset[Point]
    age_day: AgeDay = AgeDay.ANSWERS
    is_for: Callable[[ProjectType], bool] = _any_project

    def is_collected_at(self, stage: int) -> bool:
        """Whether it is part of the answers of a stage (5.03); the rest is collected otherwise."""
        return bool(self.points & POINTS_OF_STAGE.get(DataCollectionStage(stage), frozenset()))

    def day_of_age(
        self, *, answered_on: date, entry_date: date, exit_date: date | None, today: date
    ) -> date:
        """The day on which the age counts.

        Args:
            answered_on: the date of the answers.
        """
        if self.age_day is AgeDay.TODAY:
            return today
        if self.age_day is AgeDay.LAST_DAY:
            return last_day(entry_date=entry_date, exit_date=exit_date, today=today)
        return answered_on

    def is_asked_of(  # noqa: PLR0913 - all of them by name
        self,
        *,
        is_head: bool,
        dob: date | None,
        project_type: int,
        answered_on: date,
        entry_date: date,
        exit_date: date | None = None,
        today: date,
    ) -> bool:
        """Whether it is asked of a member of a household for answers of that date."""
        day = self.day_of_age(
            answered_on=answered_on, entry_date=entry_date, exit_date=exit_date, today=today
        )
        is_adult = dob_rules.is_adult(dob, day)
        in_audience = self.audience.includes(is_head=is_head, is_adult=is_adult)
        return in_audience and self.is_for(ProjectType(project_type))


def last_day(*, entry_date: date, exit_date: date | None, today: date) -> date:
    """The last day of an enrollment so far: the exit, or today, and never before the start."""
    return max(entry_date, min(exit_date or today, today))


EVERYBODY, ADULTS = Audience.EVERYBODY, Audience.ADULTS
HEAD, HEAD_AND_ADULTS = Audience.HEAD, Audience.HEAD_AND_ADULTS
RECORD, START, OCCURRENCE = map(frozenset, ([Point.RECORD], [Point.START], [Point.OCCURRENCE]))
EXIT = frozenset({Point.EXIT})
UPDATED = frozenset({Point.START, Point.UPDATE})
ASSESSED = frozenset({Point.START, Point.UPDATE, Point.ANNUAL, Point.EXIT})
DISABILITY = frozenset({Point.START, Point.UPDATE, Point.EXIT})

ELEMENTS = {
    one.number: one
    for one in (
        Element("3.01", "Name", EVERYBODY, RECORD),
        Element("3.02", "Social Security Number", EVERYBODY, RECORD),
        Element("3.03", "Date of Birth", EVERYBODY, RECORD),
        Element("3.04", "Race and Ethnicity", EVERYBODY, RECORD),
        Element("3.07", "Veteran Status", ADULTS, RECORD, AgeDay.TODAY),
        Element("3.08", "Disabling Condition", EVERYBODY, START),
        Element("3.10", "Project Start Date", EVERYBODY, START),
        Element("3.11", "Project Exit Date", EVERYBODY, EXIT),
        Element("3.12", "Destination", EVERYBODY, EXIT),
        Element("3.15", "Relationship to Head of Household", EVERYBODY, START),
        Element("3.16", "Enrollment CoC", HEAD, START),
        Element(
            "3.20",
            "Housing Move-In Date",
            HEAD,
            OCCURRENCE,
            is_for=lambda project_type: project_type.is_permanent_housing,
        ),
        Element("3.917", "Prior Living Situation", HEAD_AND_ADULTS, START, AgeDay.LAST_DAY),
        Element("4.02", "Income", HEAD_AND_ADULTS, ASSESSED),
        Element("4.03", "Non-Cash Benefits", HEAD_AND_ADULTS, ASSESSED),
        Element("4.04", "Health Insurance", EVERYBODY, ASSESSED),
        Element("4.05", "Physical Disability", EVERYBODY, DISABILITY),
        Element("4.06", "Developmental Disability", EVERYBODY, DISABILITY),
        Element("4.07", "Chronic Health Condition", EVERYBODY, DISABILITY),
        Element("4.08", "HIV/AIDS", EVERYBODY, DISABILITY),
        Element("4.09", "Mental Health Disorder", EVERYBODY, DISABILITY),
        Element("4.10", "Substance Use Disorder", EVERYBODY, DISABILITY),
        Element("4.11", "Domestic Violence", HEAD_AND_ADULTS, UPDATED),
        Element(
            "4.12",
            "Current Living Situation",
            HEAD_AND_ADULTS,
            OCCURRENCE,
            AgeDay.LAST_DAY,
            current_living.is_for,
        ),
        Element(
            "4.13",
            "Date of Engagement",
            HEAD_AND_ADULTS,
            OCCURRENCE,
            AgeDay.LAST_DAY,
            lambda project_type: project_type.has_engagement,
        ),
        Element("4.14", "Bed Nights and Services", EVERYBODY, OCCURRENCE),
        Element("4.19", "Coordinated Entry Assessment", HEAD, OCCURRENCE),
        Element("4.20", "Coordinated Entry Event", HEAD, OCCURRENCE),
        Element("4.21", "Sex", EVERYBODY, RECORD),
        Element(
            "5.03",
            "Annual and Update Assessments",
            EVERYBODY,
            frozenset({Point.UPDATE, Point.ANNUAL}),
        ),
    )
}


def element(number: str) -> Element:
    """The element of that number; raises KeyError."""
    return ELEMENTS[number]
