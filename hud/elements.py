"""HUD's data elements and their questions: the one data dictionary of this product.

From the HMIS data dictionary FY2026 ("Data collected about", "Point of collection"): of whom each
element is asked, at which points, on which day the age counts; and of each question its list and
how it is worded. The intake, the later assessments, exits, contacts, the pages that show answers
and the data quality rules ask here.
Somebody whose age is not known is asked like an adult.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import Choices

from hud.choices import (
    CurrentLivingSituation,
    DataCollectionStage,
    Destination,
    LengthOfStay,
    MonthsHomeless,
    NoYesMissing,
    NoYesReasons,
    PriorLivingSituation,
    ProjectType,
    RentalSubsidyType,
    TimesHomeless,
    VeteranStatus,
    WhenOccurred,
)
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
    """One element of the data dictionary; `projects` is a property of ProjectType, if not all."""

    number: str
    name: str
    audience: Audience
    points: frozenset[Point]
    age_day: AgeDay = AgeDay.ANSWERS
    projects: str = ""

    def is_for(self, project_type: int) -> bool:
        """Whether projects of a type collect it."""
        return not self.projects or getattr(ProjectType(project_type), self.projects)

    def is_collected_at(self, stage: int) -> bool:
        """Whether it is part of the answers of a stage (5.03); the rest is collected otherwise."""
        return bool(self.points & POINTS_OF_STAGE.get(DataCollectionStage(stage), frozenset()))

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
        days = {
            AgeDay.TODAY: today,
            AgeDay.LAST_DAY: last_day(entry_date=entry_date, exit_date=exit_date, today=today),
            AgeDay.ANSWERS: answered_on,
        }
        is_adult = dob_rules.is_adult(dob, days[self.age_day])
        in_audience = self.audience.includes(is_head=is_head, is_adult=is_adult)
        return in_audience and self.is_for(project_type)


def last_day(*, entry_date: date, exit_date: date | None, today: date) -> date:
    """The last day of an enrollment so far: the exit, or today, and never before the start."""
    return max(entry_date, min(exit_date or today, today))


@dataclass(frozen=True)
class Field:
    """One question of an element.

    Args:
        name: its column in our models.
        number: HUD's number of the element.
        answers: HUD's list; None for a date or a text.
        label: how it is asked; as the element is called unless it is given.
        short: how a page calls what was answered.
    """

    name: str
    number: str
    answers: type[Choices] | None = None
    label: str = ""
    short: str = ""

    def __post_init__(self) -> None:
        label = self.label or ELEMENTS[self.number].name
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "short", self.short or label)


EVERYBODY, ADULTS = Audience.EVERYBODY, Audience.ADULTS
HEAD, HEAD_AND_ADULTS = Audience.HEAD, Audience.HEAD_AND_ADULTS
RECORD, START, OCCURRENCE = map(frozenset, ([Point.RECORD], [Point.START], [Point.OCCURRENCE]))
EXIT, LATER = frozenset({Point.EXIT}), frozenset({Point.UPDATE, Point.ANNUAL})
UPDATED = frozenset({Point.START, Point.UPDATE})
ASSESSED = frozenset({Point.START, Point.UPDATE, Point.ANNUAL, Point.EXIT})
DISABILITY = frozenset({Point.START, Point.UPDATE, Point.EXIT})
TODAY, LAST, ANSWERED = AgeDay.TODAY, AgeDay.LAST_DAY, AgeDay.ANSWERS

ELEMENTS = {
    one.number: one
    for one in (
        Element("3.01", "Name", EVERYBODY, RECORD),
        Element("3.02", "Social Security Number", EVERYBODY, RECORD),
        Element("3.03", "Date of Birth", EVERYBODY, RECORD),
        Element("3.04", "Race and Ethnicity", EVERYBODY, RECORD),
        Element("3.07", "Veteran Status", ADULTS, RECORD, TODAY),
        Element("3.08", "Disabling Condition", EVERYBODY, START),
        Element("3.10", "Project Start Date", EVERYBODY, START),
        Element("3.11", "Project Exit Date", EVERYBODY, EXIT),
        Element("3.12", "Destination", EVERYBODY, EXIT),
        Element("3.15", "Relationship to Head of Household", EVERYBODY, START),
        Element("3.16", "Enrollment CoC", HEAD, START),
        Element("3.20", "Housing Move-In Date", HEAD, OCCURRENCE, ANSWERED, "is_permanent_housing"),
        Element("3.917", "Prior Living Situation", HEAD_AND_ADULTS, START, LAST),
        Element("4.02", "Income", HEAD_AND_ADULTS, ASSESSED),
        Element("4.03", "Non-Cash Benefits", HEAD_AND_ADULTS, ASSESSED),
        Element("4.04", "Health Insurance", EVERYBODY, ASSESSED),
        Element("4.05", "Physical Disability", EVERYBODY, DISABILITY),
        Element("4.06", "Developmental Disability", EVERYBODY, DISABILITY),
        Element("4.07", "Chronic Health Condition", EVERYBODY, DISABILITY),
        Element("4.08", "HIV/AIDS", EVERYBODY, DISABILITY),
        Element("4.09", "Mental Health Disorder", EVERYBODY, DISABILITY),
        Element("4.10", "Substance Use Disorder", EVERYBODY, DISABILITY),
        Element("4.05-4.10", "Disabilities", EVERYBODY, DISABILITY),  # the six together
        Element("4.11", "Domestic Violence", HEAD_AND_ADULTS, UPDATED),
        Element(
            "4.12", "Current Living Situation", HEAD_AND_ADULTS, OCCURRENCE, LAST, "has_contacts"
        ),
        Element("4.13", "Date of Engagement", HEAD_AND_ADULTS, OCCURRENCE, LAST, "has_engagement"),
        Element("4.14", "Bed Nights and Services", EVERYBODY, OCCURRENCE),
        Element("4.19", "Coordinated Entry Assessment", HEAD, OCCURRENCE),
        Element("4.20", "Coordinated Entry Event", HEAD, OCCURRENCE),
        Element("4.21", "Sex", EVERYBODY, RECORD),
        Element("5.03", "Annual and Update Assessments", EVERYBODY, LATER),
    )
}
NIGHT_BEFORE = "On the night before, stayed on the streets, in emergency shelter or safe haven"
STARTED = "Approximate date this episode of homelessness started"
TIMES = "Times on the streets, in emergency shelter or safe haven in the past three years"
MONTHS = "Months homeless on the streets, in emergency shelter or safe haven in those years"
SUPPORT = "Has resources or support networks to obtain other permanent housing?"
FIELDS = {
    one.name: one
    for one in (
        Field("veteran_status", "3.07", VeteranStatus),
        Field("disabling_condition", "3.08", NoYesReasons),
        Field("destination", "3.12", Destination),
        Field("destination_subsidy_type", "3.12", RentalSubsidyType, "Rental Subsidy Type"),
        Field("other_destination", "3.12", label="Other Destination"),
        Field("enrollment_coc", "3.16"),
        Field("move_in_date", "3.20"),
        Field("living_situation", "3.917", PriorLivingSituation),
        Field("rental_subsidy_type", "3.917", RentalSubsidyType, "Rental Subsidy Type"),
        Field("length_of_stay", "3.917", LengthOfStay, "Length of Stay in Prior Living Situation"),
        Field(
            "previous_street_essh",
            "3.917",
            NoYesMissing,
            NIGHT_BEFORE,
            "Streets, Emergency Shelter or Safe Haven the Night Before",
        ),
        Field("date_to_street_essh", "3.917", None, STARTED, "Homelessness Started"),
        Field(
            "times_homeless_past_three_years",
            "3.917",
            TimesHomeless,
            TIMES,
            "Times Homeless in Three Years",
        ),
        Field(
            "months_homeless_past_three_years",
            "3.917",
            MonthsHomeless,
            MONTHS,
            "Months Homeless in Three Years",
        ),
        Field("domestic_violence_survivor", "4.11", NoYesReasons, "Survivor of Domestic Violence"),
        Field("when_occurred", "4.11", WhenOccurred, "When Experience Occurred"),
        Field("currently_fleeing", "4.11", NoYesReasons, "Currently Fleeing"),
        Field("current_living_situation", "4.12", CurrentLivingSituation),
        Field("cls_subsidy_type", "4.12", RentalSubsidyType, "Rental Subsidy Type"),
        Field(
            "leave_situation_14_days",
            "4.12",
            NoYesReasons,
            "Has to leave this situation within 14 days",
        ),
        Field(
            "subsequent_residence",
            "4.12",
            NoYesReasons,
            "Has a subsequent residence been identified?",
        ),
        Field("resources_to_obtain", "4.12", NoYesReasons, SUPPORT),
        Field(
            "lease_own_60_day",
            "4.12",
            NoYesReasons,
            "Had a lease or owned permanent housing in the last 60 days?",
        ),
        Field(
            "moved_two_or_more",
            "4.12",
            NoYesReasons,
            "Has moved two or more times in the last 60 days?",
        ),
        Field("date_of_engagement", "4.13"),
    )
}


def element(number: str) -> Element:
    """The element of that number; raises KeyError."""
    return ELEMENTS[number]
