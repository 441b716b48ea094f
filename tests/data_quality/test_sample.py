"""The rules over HUD's own sample of an export (data kit of HUD DataLab)."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from agencies.models import Project
from clients.models import Client
from enrollments.models import Disability, Enrollment, HealthAndDV, Household, IncomeBenefits
from hud.columns import snake_case
from hud.rules.entry import EnrollmentDates
from tests.data_quality.test_agreement import compared

SAMPLE = Path(__file__).parents[1] / "data" / "hmis_csv_fy2026_sample"
DAY = date(2023, 10, 1)  # after the last day of the export


def lines(name: str) -> Iterator[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def value(field: models.Field, text: str) -> Any:
    if text == "":
        return None
    if isinstance(field, models.DateTimeField):
        return None
    if isinstance(field, models.DateField):
        return date.fromisoformat(text[:10])
    if isinstance(field, models.BooleanField):
        return text == "1"
    if isinstance(field, models.DecimalField):
        return Decimal(text)
    return int(text) if isinstance(field, models.IntegerField) else text


def row_of(model: type[models.Model], line: dict[str, str], **given: Any) -> models.Model:
    """A row of what a line has columns for; blank where the column takes no blank."""
    row = model(**given)
    columns = {snake_case(name): text for name, text in line.items()}
    for field in model._meta.concrete_fields:
        text = columns.get(field.name, "")
        if field.is_relation or field.primary_key or field.name in given or not field.editable:
            continue
        found = value(field, text)
        if found is not None:
            setattr(row, field.name, found)
    return row


@pytest.fixture
def loaded(harbor, dana, time_machine):
    """As much of the sample as the database takes; what it refuses, by constraint."""
    time_machine.move_to(f"{DAY}T17:00:00Z", tick=False)
    stamp = {"organization": harbor, "created_by": dana, "updated_by": dana}
    refused: dict[str, int] = defaultdict(int)
    projects = {
        line["ProjectID"]: row_of(Project, line, organization=harbor) for line in lines("Project")
    }
    Project.objects.bulk_create(projects.values())
    clients = {line["PersonalID"]: client(line, stamp) for line in lines("Client")}
    Client.objects.bulk_create(clients.values())
    exits = {line["EnrollmentID"]: line for line in lines("Exit")}
    households: dict[str, Household] = {}
    enrollments: dict[str, Enrollment] = {}
    heads, before = set(), defaultdict(list)
    for line in lines("Enrollment"):
        key = line["HouseholdID"]
        line |= {name: text for name, text in exits.get(line["EnrollmentID"], {}).items() if text}
        who = {"client": clients[line["PersonalID"]], "project": projects[line["ProjectID"]]}
        enrollment = row_of(Enrollment, line, **who, **stamp)
        enrollment.date_created = timezone.make_aware(
            datetime.fromisoformat(line["DateCreated"][:19])
        )
        if enrollment.is_head and key in heads:
            refused["one_head_in_household"] += 1
            continue
        this = EnrollmentDates(enrollment.entry_date, enrollment.exit_date)
        place = (line["PersonalID"], line["ProjectID"])
        if any(this.overlaps(other) for other in before[place]):
            refused["enrollments_do_not_overlap"] += 1
            continue
        heads |= {key} if enrollment.is_head else set()
        before[place].append(this)
        enrollment.is_exempt = True
        enrollment.household = households.setdefault(key, Household())
        enrollments[line["EnrollmentID"]] = enrollment
    Household.objects.bulk_create(households.values())
    for enrollment in enrollments.values():
        enrollment.household_id = enrollment.household.pk
    Enrollment.objects.bulk_create(enrollments.values())
    for model, name in (
        (IncomeBenefits, "IncomeBenefits"),
        (HealthAndDV, "HealthAndDV"),
        (Disability, "Disabilities"),
    ):
        rows = [
            row_of(model, line, enrollment=enrollment, client=enrollment.client, **stamp)
            for line in lines(name)
            if (enrollment := enrollments.get(line["EnrollmentID"]))
        ]
        once = {}
        for row in rows:
            kind = getattr(row, "disability_type", None)
            stage = row.data_collection_stage
            unique = row.pk or id(row) if stage not in (1, 3) else 0
            once[row.enrollment_id, stage, kind, unique] = row
        refused[name] = len(rows) - len(once)
        model.objects.bulk_create(once.values())
    return refused


def client(line: dict[str, str], stamp: dict) -> Client:
    """A number or a date that is blank has no quality but why it is missing."""
    row = row_of(Client, line, **stamp)
    for name in ("ssn", "dob"):
        column = f"{name}_data_quality"
        is_there, quality = bool(getattr(row, name)), getattr(row, column)
        if is_there != (quality in (1, 2)):
            setattr(row, column, 2 if is_there else 99)
    if row.races:
        row.race_none = None
    row.veteran_status = int(line["VeteranStatus"] or 99)
    return row


def test_rules_agree_over_huds_sample_and_know_its_warts(loaded, dana):
    found, of = compared(dana, DAY)
    assert Client.objects.count() == 514
    assert len(found["ssn-impossible"]) == 13
    assert len(found["ssn-missing"]) + len(found["ssn-unanswered"]) == 46
    assert len(found["sex-missing"]) == of["sex-missing"] == 514
    assert loaded["enrollments_do_not_overlap"] == 1
    assert loaded["one_head_in_household"] + len(found["household-without-head"]) >= 2
