"""Mails of the demonstration: what cron sent each evening, one that came back, one in doubt."""

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import groupby

from django.utils import timezone

from cas.models import DeliveryItem, Notification
from hmis.demo.rng import CLOSES
from outbox.models import Delivery, MailRun, Outcome

RUN_LASTS = timedelta(seconds=20)
STATES = {4: Delivery.State.UNCERTAIN, 9: Delivery.State.FAILED}  # counted from the latest mail


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
