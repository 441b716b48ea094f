"""Events of the demonstration in Coordinated Access, and what the case managers were told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cas.actions.notify import notify_of_event
from cas.actions.scheduled import notify_scheduled
from cas.choices import Snooze
from cas.models import Event, EventKind, Notification
from enrollments.models import Enrollment
from hmis.demo.calendar import moment
from hmis.demo.context import Context
from hmis.demo.signed import create
from hud.choices import EventType, NoYesMissing, ReferralResult

HOUSE = "Bridge House Transitional Housing"
TOLD = 30  # days: of what is older, nobody was told
ANSWERED = 8  # days: what is older has been opened or dismissed


@dataclass(frozen=True)
class Line:
    """An event: whose, how many days ago, what, and what came of it how many days ago."""

    key: str
    ago: int
    what: EventType | EventKind
    place: str = ""
    result: tuple[int, ReferralResult] | None = None
    no_show: bool = False


PERSONAS = (
    Line("john", 40, EventType.HOUSING_ASSESSMENT),
    Line("john", 9, EventType.PERMANENT_SUPPORTIVE, "Ropewalk Lane Apartments"),
    Line("john", 3, EventKind.DOCUMENTS_MISSING),
    Line("jose", 2, EventKind.MATCHED, "Harbor Rapid Re-Housing"),
    Line("okafor", 21, EventType.TRANSITIONAL, HOUSE, (6, ReferralResult.ACCEPTED)),
    Line(
        "william",
        30,
        EventType.RAPID_REHOUSING,
        "Harbor Rapid Re-Housing",
        (4, ReferralResult.CLIENT_REJECTED),
        no_show=True,
    ),
    Line("tiny", 26, EventType.STREET_OUTREACH, "", (15, ReferralResult.CLIENT_REJECTED)),
    Line("tiny", 1, EventKind.INACTIVE),
    Line("siobhan", 5, EventKind.DOCUMENTS_VERIFIED),
    Line("siobhan", 18, EventType.OTHER_PERMANENT, "Quarry Hill", (7, ReferralResult.ACCEPTED)),
    Line("walter", 280, EventKind.REMOVED),
)
RESULTS = (ReferralResult.ACCEPTED, ReferralResult.PROVIDER_REJECTED, None)


def add_cas(context: Context) -> None:
    """Cass records it all; who works with a client hears of what is not long ago."""
    events = [*_of_personas(context), *_of_queue(context)]
    create(events)
    for event in events:
        if _latest_day(event) > context.today - timedelta(days=TOLD):
            notify_of_event(event, but=event.created_by, on=context.today)
    notify_scheduled(on=context.today)
    _answer(context, Notification.objects.exclude(event=None).select_related("event"))


def _of_personas(context: Context) -> Iterator[Event]:
    for line in PERSONAS:
        enrollments = Enrollment.objects.filter(client=context.personas[line.key]).order_by("pk")
        event = _event(context, enrollments[0], context.today - timedelta(days=line.ago))
        is_hud = isinstance(line.what, EventType)
        event.kind = EventKind.HUD if is_hud else line.what
        event.event = line.what if is_hud else None
        event.location_crisis_or_ph_housing = line.place
        if line.result:
            event.result_date = context.today - timedelta(days=line.result[0])
            event.referral_result = line.result[1]
            event.no_show = line.no_show
        yield event


def _of_queue(context: Context) -> Iterator[Event]:
    """An assessment of every household on the list, and a referral of every second one."""
    enrollments = Enrollment.objects.filter(project__project_name="Coordinated Access").heads()
    for place, enrollment in enumerate(enrollments.order_by("pk")):
        yield _event(context, enrollment, enrollment.entry_date, event=EventType.HOUSING_ASSESSMENT)
        days = (context.today - enrollment.entry_date).days
        if place % 2 or days < 20:
            continue
        ago = context.rng.between(1, min(days - 10, 200))
        referral = _event(
            context,
            enrollment,
            context.today - timedelta(days=ago),
            event=EventType.TRANSITIONAL,
            location_crisis_or_ph_housing=HOUSE,
        )
        referral.referral_result = context.rng.pick(RESULTS)
        if referral.referral_result:
            referral.result_date = context.today - timedelta(days=ago // 2)
        yield referral
        if place % 6 == 0:
            yield _event(
                context,
                enrollment,
                enrollment.entry_date,
                event=EventType.PROBLEM_SOLVING,
                prob_sol_div_rr_result=NoYesMissing.NO,
            )


def _event(context: Context, enrollment: Enrollment, day: date, **values: Any) -> Event:
    cass = context.agencies.users["cas"]
    written = moment(context.rng, context.today, (context.today - day).days)
    return Event(
        client_id=enrollment.client_id,
        enrollment=enrollment,
        event_date=day,
        organization=context.agencies.cas,
        visibility=enrollment.visibility,
        date_created=written,
        created_by=cass,
        date_updated=written,
        updated_by=cass,
        **values,
    )


def _latest_day(event: Event) -> date:
    return event.result_date or event.event_date


def _answer(context: Context, rows: Iterable[Notification]) -> None:
    """Told on the day it happened; older ones were answered, the latest of Casey's sleeps."""
    rows = sorted(rows, key=lambda row: (row.recipient_id, _latest_day(row.event), row.pk))
    for place, row in enumerate(rows):
        days = (context.today - _latest_day(row.event)).days
        row.created_at = moment(context.rng, context.today, days)
        if days > ANSWERED:
            answered = _later(row.created_at)
            row.opened_at = answered
            row.dismissed_at = answered if place % 2 else None
    for row in rows:
        if row.event.client_id == context.personas["tiny"].pk and not row.opened_at:
            row.snoozed_until = Snooze.THREE_DAYS.until(timezone.now())
    fields = ["created_at", "opened_at", "dismissed_at", "snoozed_until"]
    Notification.objects.bulk_update(rows, fields)


def _later(moment_of: datetime) -> datetime:
    return moment_of + timedelta(hours=3)
