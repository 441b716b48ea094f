"""Service catalogues, case notes and services of the demonstration."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from agencies.models import User
from casenotes.models import CaseNote, Service, ServiceType
from enrollments.models import CaseAssignment, Enrollment
from hmis.demo.context import STORY, Context, create, filed_like
from hud.rules.services import COLUMNS
from records.models import Visibility

RETIRED = "Winter coat (2019)"
EVERY = 3  # one open enrollment in three has notes


def add_case_notes(context: Context) -> None:
    catalogue = add_catalogue(context)
    drawn = sorted(
        _notes(context),
        key=lambda pair: (pair[0].created_by_id, pair[0].organization_id, pair[0].date),
    )
    create([note for note, _ in drawn])
    create([one for note, names in drawn for one in _services(context, note, names, catalogue)])
    create(_program_services(context, catalogue))


def add_catalogue(context: Context) -> dict[tuple[int, str], ServiceType]:
    """The same services for both agencies, and one that is not chosen any more."""
    rows = [
        ServiceType(
            organization=organization,
            name=one["name"],
            unit=one["unit"],
            record_type=one.get("record_type"),
            type_provided=one.get("type_provided"),
        )
        for organization in context.agencies.staff
        for one in STORY["services"]
    ]
    rows += [
        ServiceType(organization=organization, name=RETIRED, is_active=False)
        for organization in context.agencies.staff
    ]
    ServiceType.objects.bulk_create(rows)
    return {(row.organization_id, row.name): row for row in rows}


def _notes(context: Context) -> Iterator[tuple[CaseNote, list[str]]]:
    """Each note with the names of the services recorded with it."""
    notes = STORY["notes"]
    place = 0
    for enrollment, manager in _open_enrollments(context):
        if enrollment.client_id == context.personas["john"].pk:
            chosen = notes["john"]
        else:
            place += 1
            if place % EVERY:
                continue
            chosen = notes["others"][place % len(notes["others"]) :][:2]
        for note in chosen:
            yield _note(context, enrollment, manager, note), note.get("services", [])
        if enrollment.client_id == context.personas["jose"].pk:
            (note,) = notes["spanish"]
            row = _note(context, enrollment, manager, note)
            row.visibility = Visibility.ALL_ORGANIZATIONS
            yield row, []


def _program_services(
    context: Context, catalogue: dict[tuple[int, str], ServiceType]
) -> Iterator[Service]:
    """An SSVF service, its financial assistance, and a PATH referral."""
    for line in STORY["program_services"]:
        client = context.personas[line["client"]]
        enrollment = Enrollment.objects.filter(client=client).order_by("pk")[0]
        day = max(context.day(line["days_ago"]), enrollment.entry_date)
        kind = catalogue[enrollment.organization_id, line["name"]]
        asked: dict[str, Any] = {name: line[name] for name in COLUMNS if name in line}
        if "lasts" in line:
            asked |= {"fa_start_date": day, "fa_end_date": day + timedelta(days=line["lasts"])}
        if kind.is_paid_out:
            asked["fa_amount"] = line["units"]
        yield Service(
            client_id=enrollment.client_id,
            enrollment=enrollment,
            service_type=kind,
            date=day,
            units=line["units"],
            **asked,
            **filed_like(enrollment, at=written_on(day, enrollment)),
        )


def written_on(day: date, enrollment: Enrollment) -> datetime:
    """In the afternoon of that day, not before the enrollment and not in the future."""
    written = timezone.make_aware(datetime.combine(day, time(16, 40)))
    return max(min(written, timezone.now()), enrollment.date_created)


def _open_enrollments(context: Context) -> Iterator[tuple[Enrollment, User]]:
    """Open enrollments at the agencies that write notes, each with its case manager."""
    assigned = CaseAssignment.objects.active_on(context.today).select_related("case_manager")
    managers = {one.enrollment_id: one.case_manager for one in assigned}
    enrollments = Enrollment.objects.open_on(context.today).select_related("project", "client")
    for enrollment in enrollments.filter(organization__in=context.agencies.staff).order_by("pk"):
        if enrollment.pk in managers:
            yield enrollment, managers[enrollment.pk]


def _note(context: Context, enrollment: Enrollment, by: User, note: dict[str, Any]) -> CaseNote:
    day = max(context.day(note["days_ago"]), enrollment.entry_date)
    filing = filed_like(enrollment, at=written_on(day, enrollment), by=by)
    del filing["visibility"]  # a note's own default
    return CaseNote(
        client=enrollment.client,
        enrollment=enrollment,
        date=day,
        title=note["title"],
        text=note["text"],
        read_only=note.get("read_only", False),
        **filing,
    )


def _services(
    context: Context,
    note: CaseNote,
    names: list[str],
    catalogue: dict[tuple[int, str], ServiceType],
) -> Iterator[Service]:
    amounts = {one["name"]: one["amounts"] for one in STORY["services"]}
    for name in names:
        kind = catalogue[note.organization_id, name]
        units = Decimal(context.rng.pick(amounts[name]))
        yield Service(
            client_id=note.client_id,
            note=note,
            enrollment=note.enrollment,
            service_type=kind,
            date=note.date,
            units=units,
            fa_amount=units if kind.is_paid_out else None,
            **filed_like(note) | {"visibility": note.enrollment.visibility},
        )
