"""Service catalogues, case notes and services of the demonstration."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from agencies.models import User
from casenotes.models import CaseNote, Service, ServiceType
from enrollments.models import CaseAssignment, Enrollment
from hmis.demo.context import Context
from hmis.demo.signed import create
from hud.choices import RecordType
from records.models import Visibility

# Name, unit, HUD record type and type provided where the standard has one, and usual amounts.
CATALOGUE = (
    ("Bed night", "count", RecordType.BED_NIGHT, 200, (1,)),
    ("Bus pass", "count", None, None, (1, 2)),
    ("Case management", "minutes", None, None, (30, 45, 60)),
    ("Food voucher", "dollars", None, None, (25, 50)),
    ("Housing search", "minutes", None, None, (30, 60, 90)),
    ("Meal", "count", None, None, (1, 2, 3)),
    ("Outreach screening", "count", RecordType.PATH_SERVICE, 2, (1,)),
    ("Security deposit", "dollars", RecordType.SSVF_FINANCIAL_ASSISTANCE, 2, (650, 900)),
)
RETIRED = "Winter coat (2019)"
# Days ago, title, text, Read Only, and the services that were recorded with it.
JOHNS = (
    (
        2,
        "Landlord called back",
        "Ms. Alvarez at Ropewalk Lane will show the unit on Thursday at 10.\n\n"
        "John needs:\n  - the voucher letter (I have it)\n  - his identity card\n  - a bus pass\n\n"
        "He asked me not to leave voicemail: the telephone is shared.",
        False,
        ("Housing search", "Bus pass"),
    ),
    (
        16,
        "Monthly meeting",
        "Income unchanged. Food stamps were renewed until next summer. Wants to look at units near "
        "the ferry line because of work.\nNext: call three landlords, apply for the deposit.",
        True,
        ("Case management",),
    ),
    (
        45,
        "First visit after enrollment",
        "Housing plan signed, both copies filed. Goals: a lease before the winter, a doctor.",
        True,
        (),
    ),
)
OTHERS = (
    (5, "Check-in", "Doing well, nothing new. Next meeting in two weeks.", False, ()),
    (
        23,
        "Appointment kept",
        "Came on time and brought the papers that were missing. Copies are in the file.",
        True,
        ("Case management",),
    ),
    (
        12,
        "Could not be reached",
        "Called twice, no answer. Left a card at the front desk. Try again on Monday.",
        False,
        (),
    ),
    (31, "Transport to the clinic", "Went along to the clinic and back.", True, ("Bus pass",)),
    (60, "Intake conversation", "Explained the rules of the house and the plan.", True, ()),
)
SPANISH = (
    "Llamada con la familia",
    "Habló con su hermana por teléfono: está bien y piensa venir en diciembre.\n"
    "Traducción mía; confirmar las fechas con el intérprete.",
)
EVERY = 3  # one open enrollment in three has notes


def add_case_notes(context: Context) -> None:
    catalogue = add_catalogue(context)
    drawn = sorted(
        _notes(context),
        key=lambda pair: (pair[0].created_by_id, pair[0].organization_id, pair[0].date),
    )
    create([note for note, _ in drawn])
    create([one for note, names in drawn for one in _services(context, note, names, catalogue)])


def add_catalogue(context: Context) -> dict[tuple[int, str], ServiceType]:
    """The same services for both agencies, and one that is not chosen any more."""
    rows = [
        ServiceType(
            organization=organization,
            name=name,
            unit=unit,
            record_type=record_type,
            type_provided=type_provided,
        )
        for organization in context.agencies.staff
        for name, unit, record_type, type_provided, _ in CATALOGUE
    ]
    rows += [
        ServiceType(organization=organization, name=RETIRED, is_active=False)
        for organization in context.agencies.staff
    ]
    ServiceType.objects.bulk_create(rows)
    return {(row.organization_id, row.name): row for row in rows}


def _notes(context: Context) -> Iterator[tuple[CaseNote, tuple[str, ...]]]:
    """Each note with the names of the services recorded with it."""
    john = context.personas["john"]
    place = 0
    for enrollment, manager in _open_enrollments(context):
        if enrollment.client_id == john.pk:
            kinds = JOHNS
        else:
            place += 1
            if place % EVERY:
                continue
            kinds = OTHERS[place % len(OTHERS) :][:2]
        for days_ago, title, text, read_only, names in kinds:
            note = _note(enrollment, manager, context.today - timedelta(days=days_ago))
            note.title, note.text, note.read_only = title, text, read_only
            yield note, names
        if enrollment.client_id == context.personas["jose"].pk:
            note = _note(enrollment, manager, context.today - timedelta(days=9))
            note.title, note.text = SPANISH
            note.visibility = Visibility.ALL_ORGANIZATIONS
            yield note, ()


def _open_enrollments(context: Context) -> Iterator[tuple[Enrollment, User]]:
    """Open enrollments at the agencies that write notes, each with its case manager."""
    assigned = CaseAssignment.objects.active_on(context.today).select_related("case_manager")
    managers = {one.enrollment_id: one.case_manager for one in assigned}
    enrollments = Enrollment.objects.open_on(context.today).select_related("project", "client")
    for enrollment in enrollments.filter(organization__in=context.agencies.staff).order_by("pk"):
        if enrollment.pk in managers:
            yield enrollment, managers[enrollment.pk]


def _note(enrollment: Enrollment, by: User, day: date) -> CaseNote:
    day = max(day, enrollment.entry_date)
    written = timezone.make_aware(datetime.combine(day, time(16, 40)))
    written = max(min(written, timezone.now()), enrollment.date_created)
    return CaseNote(
        client=enrollment.client,
        enrollment=enrollment,
        date=day,
        organization_id=enrollment.organization_id,
        date_created=written,
        created_by=by,
        date_updated=written,
        updated_by=by,
    )


def _services(
    context: Context,
    note: CaseNote,
    names: tuple[str, ...],
    catalogue: dict[tuple[int, str], ServiceType],
) -> Iterator[Service]:
    amounts = {row[0]: row[4] for row in CATALOGUE}
    for name in names:
        yield Service(
            client_id=note.client_id,
            note=note,
            enrollment=note.enrollment,
            service_type=catalogue[note.organization_id, name],
            date=note.date,
            units=Decimal(context.rng.pick(amounts[name])),
            organization_id=note.organization_id,
            visibility=note.enrollment.visibility,
            date_created=note.date_created,
            created_by=note.created_by,
            date_updated=note.date_updated,
            updated_by=note.updated_by,
        )
