"""Events of the demonstration in Coordinated Access, the notifications of them, and their mails.

Cron sent them each evening; one came back, one is in doubt.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from cas.actions.notify import notify_of_event
from cas.actions.scheduled import notify_scheduled
from cas.choices import Snooze
from cas.models import (
    Assessment,
    AssessmentQuestion,
    AssessmentResult,
    DeliveryItem,
    Event,
    EventKind,
    Notification,
)
from enrollments.models import Enrollment
from hmis.demo.context import STORY, Context, Filing, create
from hmis.demo.rng import CLOSES
from hud.choices import NoYesMissing
from hud.choices.coordinated_entry import EventType, ReferralResult
from outbox.models import Delivery, MailRun, Outcome

HOUSE = "Bridge House Transitional Housing"
NOTIFIED = 30  # days: of what is older, nobody was notified
ANSWERED = 8  # days: what is older has been opened or dismissed
RUN_LASTS = timedelta(seconds=20)
STATES = {4: Delivery.State.UNCERTAIN, 9: Delivery.State.FAILED}  # counted from the latest mail
RESULTS = (ReferralResult.ACCEPTED, ReferralResult.PROVIDER_REJECTED, None)


def add_cas(context: Context) -> None:
    """Cass records it all; who works with a client hears of what is not long ago."""
    events = [*_of_personas(context), *_of_queue(context)]
    create(events)
    for event in events:
        if _latest_day(event) > context.day(NOTIFIED):
            notify_of_event(event, but=event.created_by, on=context.today)
    notify_scheduled(on=context.today)
    _add_assessments(context)
    _answer(context, Notification.objects.exclude(event=None).select_related("event"))


def _add_assessments(context: Context) -> None:
    for line in STORY["assessments"]:
        client = context.personas[line["client"]]
        enrollment = Enrollment.objects.filter(client=client).order_by("pk")[0]
        day = context.day(line["days_ago"])
        written = timezone.make_aware(datetime.combine(day, time(CLOSES)))
        agencies = context.agencies
        filing = Filing(agencies.cas, agencies.users["cas"], written, enrollment.visibility).columns
        assessment = Assessment(
            client=client,
            enrollment=enrollment,
            assessment_date=day,
            assessment_location=line["location"],
            assessment_type=line["type"],
            assessment_level=line["level"],
            prioritization_status=line["status"],
            **filing,
        )
        create([assessment])
        part = filing | {"assessment": assessment, "client": client}
        create(
            AssessmentQuestion(
                assessment_question_group=group,
                assessment_question_order=order,
                assessment_question=question,
                assessment_answer=answer,
                **part,
            )
            for order, (group, question, answer) in enumerate(line["questions"], 1)
        )
        create(
            AssessmentResult(assessment_result_type=kind, assessment_result=result, **part)
            for kind, result in line["results"]
        )


def _of_personas(context: Context) -> Iterator[Event]:
    for line in STORY["events"]:
        client = context.personas[line["client"]]
        enrollment = Enrollment.objects.filter(client=client).order_by("pk")[0]
        event = _event(context, enrollment, context.day(line["days_ago"]))
        event.kind = EventKind[line.get("kind", "HUD")]
        event.event = EventType(line["event"]) if "event" in line else None
        event.location_crisis_or_ph_housing = line.get("place", "")
        if "result" in line:
            event.result_date = context.day(line["result_days_ago"])
            event.referral_result = ReferralResult[line["result"]]
            event.no_show = line.get("no_show", False)
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
            context.day(ago),
            event=EventType.TRANSITIONAL,
            location_crisis_or_ph_housing=HOUSE,
        )
        referral.referral_result = context.rng.pick(RESULTS)
        if referral.referral_result:
            referral.result_date = context.day(ago // 2)
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
    agencies, written = context.agencies, context.moment((context.today - day).days)
    filing = Filing(agencies.cas, agencies.users["cas"], written, enrollment.visibility)
    return Event(
        client_id=enrollment.client_id,
        enrollment=enrollment,
        event_date=day,
        **filing.columns,
        **values,
    )


def _latest_day(event: Event) -> date:
    return event.result_date or event.event_date


def _answer(context: Context, rows: Iterable[Notification]) -> None:
    """Notified on the day it happened; older ones were answered, the latest of Casey's sleeps."""
    rows = sorted(rows, key=lambda row: (row.recipient_id, _latest_day(row.event), row.pk))
    for place, row in enumerate(rows):
        days = (context.today - _latest_day(row.event)).days
        row.created_at = context.moment(days)
        if days > ANSWERED:
            answered = row.created_at + timedelta(hours=3)
            row.opened_at = answered
            row.dismissed_at = answered if place % 2 else None
    for row in rows:
        if row.event.client_id == context.personas["tiny"].pk and not row.opened_at:
            row.snoozed_until = Snooze.THREE_DAYS.until(timezone.now())
    fields = ["created_at", "opened_at", "dismissed_at", "snoozed_until"]
    Notification.objects.bulk_update(rows, fields)


def add_mails() -> None:
    """Each notice of an event on the evening of its day; the others wait for the next run."""
    rows = list(Notification.objects.exclude(event=None).order_by("created_at", "pk"))
    states = {rows[-place].pk: state for place, state in STATES.items() if place <= len(rows)}
    for day, group in groupby(rows, lambda row: timezone.localdate(row.created_at)):
        begun = timezone.make_aware(datetime.combine(day, time(CLOSES)))
        _run(begun, list(group), states)


def _run(begun: datetime, rows: list[Notification], states: dict[int, Delivery.State]) -> None:
    mails = [_mail(row, begun, states.get(row.pk, Delivery.State.SENT)) for row in rows]
    Delivery.objects.bulk_create(mails)
    DeliveryItem.objects.bulk_create(
        DeliveryItem(
            delivery=mail,
            notification=row,
            recipient_id=row.recipient_id,
            purpose=DeliveryItem.Purpose.FIRST,
            notified_at=row.created_at,
        )
        for mail, row in zip(mails, rows, strict=True)
    )
    counts = Counter(mail.state for mail in mails)
    sent = counts[Delivery.State.SENT]
    MailRun.objects.create(
        started_at=begun,
        ended_at=begun + RUN_LASTS,
        outcome=Outcome.DONE if sent == len(mails) else Outcome.PARTLY,
        planned=len(mails),
        sent=sent,
        notified=sent,
        uncertain=counts[Delivery.State.UNCERTAIN],
        failed=counts[Delivery.State.FAILED],
    )


def _mail(row: Notification, begun: datetime, state: Delivery.State) -> Delivery:
    answers = {Delivery.State.SENT: "250", Delivery.State.FAILED: "550 5.1.1"}
    return Delivery(
        kind=Delivery.Kind.CAS,
        recipient_id=row.recipient_id,
        state=state,
        created_at=begun,
        next_attempt_at=begun,
        attempts=1,
        handed_over_at=None if state == Delivery.State.FAILED else begun,
        resolved_at=begun + RUN_LASTS,
        answer=answers.get(state, ""),
    )
