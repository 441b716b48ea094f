"""Which row of ours each row of HUD's 24 files is, and which field each of their columns.

The one table that export and import use. A column is the field of its name in snake_case
(`Column.field`) unless it is named here. In the order of import: what a file refers to comes first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from hud.columns import Column, CSVFile, csv_file
from hud.lists import code_list

NOT_COLLECTED = 99
NOBODY = "hmis"  # the UserID of rows that no user wrote: an older version, an import without users
EXPORT = "Export"  # the file that describes the others; no row of ours
# Columns that hold a key of another file.
REFERENCES = {
    "OrganizationID": "Organization",
    "ProjectID": "Project",
    "ResProjectID": "Project",
    "PersonalID": "Client",
    "EnrollmentID": "Enrollment",
    "AssessmentID": "Assessment",
    "UserID": "User",
    "ExportID": EXPORT,
}


class Kind(StrEnum):
    """What a column is in our rows, and so how it is written and read."""

    KEY = "our own key of the row"
    REFERENCE = "the key of a row of another file"
    HOUSEHOLD = "the key of a household, which has no file of its own"
    EXPORT = "the key of the export"
    TEXT = "text; blank where there is none"
    INTEGER = "a whole number or a code"
    FLAG = "yes or no, as 1 or 0"
    MONEY = "an amount in dollars and cents"
    DATE = "a day"
    TIME = "a date and time, in the time zone of the agency"
    SSN = "an encrypted SSN"


@dataclass(frozen=True)
class Place:
    """One column of a file, and where its value is in our rows.

    Args:
        label: the file's model.
        path: from that model to the field, in lookups of the ORM; empty for ExportID.
        refers_to: the file whose key it holds.
    """

    column: Column
    label: str
    path: str
    refers_to: str = ""

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def own_field(self) -> str:
        """The field of the file's own model in which an import writes it."""
        return self.path.partition("__")[0]

    @cached_property
    def target(self) -> Any:
        """The field at the end of the path."""
        *relations, name = self.path.split("__")
        model: Any = apps.get_model(self.label)
        for relation in relations:
            model = model._meta.get_field(relation).related_model
        return model._meta.get_field(name)

    @cached_property
    def kind(self) -> Kind:
        if self.column.key == "pk":
            return Kind.KEY
        if self.refers_to:
            return Kind.EXPORT if self.refers_to == EXPORT else Kind.REFERENCE
        if self.column.name in ("HouseholdID", "SSN"):
            return Kind.HOUSEHOLD if self.column.name == "HouseholdID" else Kind.SSN
        if self.column.type == "I" and isinstance(self.target, models.BooleanField):
            return Kind.FLAG
        kinds = {"S": Kind.TEXT, "I": Kind.INTEGER, "D": Kind.DATE, "T": Kind.TIME}
        return kinds.get(self.column.type, Kind.MONEY)

    @cached_property
    def needs_answer(self) -> bool:
        """Whether HUD wants a code where we may have none yet: an export says "not collected"."""
        if self.column.null or self.kind != Kind.INTEGER or not self.target.null:
            return False
        by_another = self.column.list_by["map"].values() if self.column.list_by else ()
        lists = [self.column.list_number] if self.column.list_number else [*by_another]
        return bool(lists) and all(NOT_COLLECTED in code_list(one) for one in lists)


@dataclass(frozen=True)
class File:
    """One file: the rows of ours that are its rows.

    Args:
        label: the model, such as "agencies.Project".
        paths: where columns are that are not the field of their name.
        only: which rows of the model are rows of the file.
        enrollment: the path to the enrollment that a row is about; None where it is about none,
            empty for the enrollment itself.
        project: the same of the project, for rows about no enrollment.
        day: the field of the day by which a row belongs to a period.
        period: the fields of the first and last day of what lasts.
    """

    name: str
    label: str
    paths: Mapping[str, str] = field(default_factory=dict)
    only: Q = field(default_factory=Q)
    enrollment: str | None = None
    project: str | None = None
    day: str = ""
    period: tuple[str, str] | None = None

    @cached_property
    def csv(self) -> CSVFile:
        return csv_file(self.name)

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(self._place(column) for column in self.csv)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def __getitem__(self, name: str) -> Place:
        return next(place for place in self.places if place.name == name)

    @property
    def key(self) -> Place:
        """The column that holds our own key."""
        return next(place for place in self.places if place.column.key == "pk")

    @property
    def references(self) -> list[Place]:
        """The columns that hold a key of another file, but for the export's."""
        return [place for place in self.places if place.refers_to not in ("", EXPORT)]

    def _place(self, column: Column) -> Place:
        refers_to = "" if column.key == "pk" else REFERENCES.get(column.name, "")
        path = self.paths.get(column.name)
        if path is None:
            path = "" if refers_to == EXPORT else REFERENCE_PATHS.get(column.name, column.field)
            path = column.field if column.key == "pk" else path
        return Place(column, self.label, path, refers_to)


REFERENCE_PATHS = {
    "OrganizationID": "organization__organization_id",
    "ProjectID": "project__project_id",
    "ResProjectID": "res_project__project_id",
    "PersonalID": "client__personal_id",
    "EnrollmentID": "enrollment__enrollment_id",
    "AssessmentID": "assessment__assessment_id",
    "HouseholdID": "household__household_id",
    "UserID": "updated_by__user_id",
}


def _set_up(name: str, **facts: Any) -> File:
    return File(name, f"agencies.{name}", project="project", **facts)


def _answers(name: str, model: str = "", **facts: Any) -> File:
    """Answers of an assessment at start, update, annual or exit; their key is `key`."""
    key = next(column.name for column in csv_file(name) if column.key == "pk")
    return File(
        name,
        f"enrollments.{model or name}",
        {key: "key"},
        enrollment="enrollment",
        day="information_date",
        **facts,
    )


def _part(name: str, model: str) -> File:
    paths = {"EnrollmentID": "assessment__enrollment__enrollment_id"}
    day = "assessment__assessment_date"
    return File(name, f"cas.{model}", paths, enrollment="assessment__enrollment", day=day)


FILES: Mapping[str, File] = {
    file.name: file
    for file in (
        File(
            "User",
            "agencies.User",
            {
                "UserFirstName": "first_name",
                "UserLastName": "last_name",
                "UserEmail": "email",
                "DateCreated": "date_joined",
            },
        ),
        File("Organization", "agencies.Organization"),
        File("Project", "agencies.Project", project=""),
        _set_up("Funder", period=("start_date", "end_date")),
        _set_up("ProjectCoC"),
        _set_up("Inventory", period=("inventory_start_date", "inventory_end_date")),
        _set_up("Affiliation"),
        _set_up(
            "HMISParticipation",
            period=("hmis_participation_status_start_date", "hmis_participation_status_end_date"),
        ),
        _set_up(
            "CEParticipation",
            period=("ce_participation_status_start_date", "ce_participation_status_end_date"),
        ),
        File("Client", "clients.Client", only=Q(merged_into=None)),
        File("Enrollment", "enrollments.Enrollment", enrollment=""),
        File(
            "Exit",
            "enrollments.Enrollment",
            {"EnrollmentID": "enrollment_id"},
            only=Q(exit_date__isnull=False),
            enrollment="",
            day="exit_date",
        ),
        _answers("IncomeBenefits"),
        _answers("HealthAndDV"),
        _answers("EmploymentEducation"),
        _answers("Disabilities", "Disability"),
        File(
            "Services",
            "casenotes.Service",
            {
                "ServicesID": "key",
                "DateProvided": "date",
                "RecordType": "service_type__record_type",
                "TypeProvided": "service_type__type_provided",
            },
            only=Q(service_type__record_type__isnull=False),
            enrollment="enrollment",
            day="date",
        ),
        File(
            "CurrentLivingSituation",
            "enrollments.CurrentLivingSituation",
            {
                "CurrentLivingSitID": "key",
                "LeaveSituation14Days": "leave_situation_14_days",
                "LeaseOwn60Day": "lease_own_60_day",
            },
            enrollment="enrollment",
            day="information_date",
        ),
        File("Assessment", "cas.Assessment", enrollment="enrollment", day="assessment_date"),
        _part("AssessmentQuestions", "AssessmentQuestion"),
        _part("AssessmentResults", "AssessmentResult"),
        File("Event", "cas.Event", only=Q(kind="hud"), enrollment="enrollment", day="event_date"),
        _answers("YouthEducationStatus"),
    )
}
