"""Makes the mails that are due; sending them is another matter (docs/adr/0018)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from agencies.models import User
from cas.mail import due
from cas.models import DeliveryItem, MailRhythm, Notification
from cas.purposes import Purpose
from cas.querysets import NotificationQuerySet
from outbox.models import Delivery

CHUNK = 1000


@dataclass(frozen=True)
class Telling:
    """That a user is to be mailed something of a notification."""

    notification: Notification
    recipient_id: int
    purpose: Purpose
    round: int = 1

    def item(self, delivery: Delivery) -> DeliveryItem:
        return DeliveryItem(
            delivery=delivery,
            notification=self.notification,
            recipient_id=self.recipient_id,
            purpose=self.purpose,
            round=self.round,
            told_at=self.notification.created_at,
        )


def plan(now: datetime) -> int:
    """Write the mails that are due and not there yet; return how many.

    Runs of the command at the same time take turns, so that each finds what the other has planned.
    """
    administrators = due.cas_administrators()
    count = _plan_first_notices(now)
    with transaction.atomic():
        _take_turns()
        count += _write(_grouped(_due_at_once(now, administrators)), now)
    with transaction.atomic():
        _take_turns()
        moment = due.digest_moment(now)
        digests = defaultdict(list)
        for telling in _due_in_digests(moment, now, administrators):
            digests[telling.recipient_id].append(telling)
        count += _write(list(digests.values()), now, digest_on=timezone.localdate(moment))
    return count


def tellings(now: datetime) -> Iterable[Telling]:
    """All that is due, for a look without writing."""
    administrators = due.cas_administrators()
    rows = due.told_at_once(due.first_notices(now))
    yield from _firsts(rows.order_by("pk"))
    yield from _due_at_once(now, administrators)
    yield from _due_in_digests(due.digest_moment(now), now, administrators)


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('cas.mail.plan', 0))")


def _plan_first_notices(now: datetime) -> int:
    """One mail each; in pieces, so that a run that dies keeps what it has planned."""
    last = count = 0
    while True:
        with transaction.atomic():
            _take_turns()
            rows = due.told_at_once(due.first_notices(now)).filter(pk__gt=last).order_by("pk")
            chunk = list(_firsts(rows[:CHUNK]))
            count += _write([[telling] for telling in chunk], now)
        if len(chunk) < CHUNK:
            return count
        last = chunk[-1].notification.pk


def _due_at_once(now: datetime, administrators: list[User]) -> Iterable[Telling]:
    """Reminders and escalations: each user gets one mail of all that are due in this run."""
    yield from _reminders(due.told_at_once(due.reminders(now)))
    for user in administrators:
        if not _wants_digest(user):
            yield from _escalations(due.escalations(now, to=user), user)


def _due_in_digests(
    moment: datetime, now: datetime, administrators: list[User]
) -> Iterable[Telling]:
    yield from _firsts(due.told_in_digest(due.first_notices(now), moment))
    yield from _reminders(due.told_in_digest(due.reminders(now), moment))
    day = timezone.localdate(moment)
    for user in administrators:
        if _wants_digest(user) and not Delivery.objects.digest_of(user, day).exists():
            yield from _escalations(due.escalations(moment, to=user), user)


def _wants_digest(user: User) -> bool:
    preference = getattr(user, "cas_preference", None)
    return preference is not None and preference.mail == MailRhythm.DAILY


def _firsts(rows: NotificationQuerySet) -> Iterable[Telling]:
    for row in rows.only("recipient", "created_at"):
        yield Telling(row, row.recipient_id, Purpose.FIRST)


def _reminders(rows: NotificationQuerySet) -> Iterable[Telling]:
    for row in rows.order_by("pk"):
        yield Telling(row, row.recipient_id, Purpose.REMINDER, row.round)


def _escalations(rows: NotificationQuerySet, to: User) -> Iterable[Telling]:
    for row in rows.order_by("pk"):
        yield Telling(row, to.pk, Purpose.ESCALATION)


def _grouped(tellings: Iterable[Telling]) -> list[list[Telling]]:
    """By recipient, and escalations apart from what is asked of the recipient."""
    groups = defaultdict(list)
    for telling in tellings:
        groups[telling.recipient_id, telling.purpose == Purpose.ESCALATION].append(telling)
    return list(groups.values())


def _write(groups: list[list[Telling]], now: datetime, **fields) -> int:
    deliveries = Delivery.objects.bulk_create(
        [
            Delivery(
                kind=Delivery.Kind.CAS,
                recipient_id=group[0].recipient_id,
                next_attempt_at=now,
                **fields,
            )
            for group in groups
        ]
    )
    DeliveryItem.objects.bulk_create(
        telling.item(delivery)
        for delivery, group in zip(deliveries, groups, strict=True)
        for telling in group
    )
    return len(deliveries)
