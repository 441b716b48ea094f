"""What a mail says: references and links, and nothing that tells about a person (2.8, 10.3)."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership, User
from cas.actions.scheduled import notify_scheduled
from cas.choices import RELEASE_KINDS, Kind, Purpose
from cas.mail.plan import due, escalatable, mailable, plan
from cas.models import DeliveryItem
from cas.querysets import DeliveryItemQuerySet, NotificationQuerySet
from outbox.kinds import Letter, MailWriter, absolute
from outbox.models import Delivery, MailRun
from outbox.sending import BATCH
from records import clock
from records.addresses import address
from records.statements import compiled

# The rest of a long digest is found in the portal.
LINES = 100


class NotificationMails(MailWriter):
    def plan(self, now: datetime) -> int:
        """Notify what the calendar brings; whatever goes wrong there, the others are mailed.

        What is due by the day is looked for by the first run of each hour.
        """
        try:
            notify_scheduled(on=timezone.localdate(now))
        finally:
            planned = plan(now, only_first=MailRun.objects.of_cron().has_planned_in_hour(now))
        return planned

    def planned(self, now: datetime) -> Iterable[str]:
        found = Counter(Purpose(one.purpose) for one in due(now))
        for purpose, count in sorted(found.items()):
            yield f"{purpose.label}: {count} notifications to be mailed"

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        items = still_to_mail(deliveries, now)
        return {
            delivery.pk: partial(letter_of, delivery.recipient, items[delivery.pk])
            for delivery in deliveries
            if delivery.recipient and items[delivery.pk]
        }


def still_to_mail(deliveries: list[Delivery], now: datetime) -> dict[int, list[DeliveryItem]]:
    """By delivery, the items that are worth a mail yet; the others are forgotten.

    A notification may have been answered, snoozed, or handed to somebody else since the mail was
    planned, and its recipient may have left. What is forgotten is planned again if it is still due.
    """
    with clock.stopped_at(now):
        marked = _marked(_as_many([delivery.pk for delivery in deliveries]))
    # What a server may have from an earlier try is kept.
    unsent = {delivery.pk for delivery in deliveries if delivery.handed_over_at is None}
    outdated = [row.pk for row in marked if not row.is_due and row.delivery_id in unsent]
    if outdated:
        DeliveryItem.objects.filter(pk__in=outdated).delete()
    found: dict[int, list[DeliveryItem]] = {delivery.pk: [] for delivery in deliveries}
    for row in marked:
        if row.is_due:
            found[row.delivery_id].append(row)
    return found


def _as_many(delivery_ids: list[int]) -> list[int]:
    """These and IDs of nothing: a statement is kept for each length of a list."""
    return [*delivery_ids, *range(-1, len(delivery_ids) - BATCH - 1, -1)]


@compiled
def _marked(delivery_ids: list[int]) -> DeliveryItemQuerySet:
    """The items of these deliveries, with `is_due` as of `records.clock`."""
    rows = DeliveryItem.objects.filter(delivery__in=delivery_ids).select_related("notification")
    return rows.annotate(is_due=_is_due(clock.now())).order_by("pk")


def _is_due(now: datetime) -> Q:
    own = Q(
        ~Q(purpose=Purpose.ESCALATION),
        _among(mailable(now)),
        notification__recipient=F("recipient"),
    )
    members = Membership.objects.filter(user=OuterRef("recipient"), organization__is_cas=True)
    escalated = Q(
        _among(escalatable(now)),
        Q(Exists(members.order_by())),
        purpose=Purpose.ESCALATION,
        recipient__is_active=True,
    )
    return own | escalated


def _among(rows: NotificationQuerySet) -> Q:
    return Q(Exists(rows.filter(pk=OuterRef("notification")).order_by()))


def letter_of(recipient: User, items: list[DeliveryItem]) -> Letter:
    """The letter that tells these items to the delivery's recipient."""
    own = [item for item in items if item.purpose != Purpose.ESCALATION]
    unanswered = [item for item in items if item.purpose == Purpose.ESCALATION]
    context = {
        "site_name": settings.SITE_NAME,
        "own": [_line(item) for item in own[:LINES]],
        "unanswered": [_line(item) for item in unanswered[:LINES]],
        "more": max(len(own) - LINES, 0) + max(len(unanswered) - LINES, 0),
        "days": settings.CAS_ESCALATION_DAYS,
        "notifications_url": absolute(address("cas:notifications")),
        "unanswered_url": absolute(address("deliveries:unanswered")),
        "preferences_url": absolute(address("cas:preferences")),
    }
    return Letter(
        to=recipient.email,
        subject=_subject(own, unanswered),
        text=render_to_string("cas/mail/notifications.txt", context),
        html=render_to_string("cas/mail/notifications.html", context),
        notified=len(items),
    )


def _subject(own: list[DeliveryItem], unanswered: list[DeliveryItem]) -> str:
    items = own or unanswered
    what = "Coordinated Access"
    if all(item.notification.kind == Kind.TASK for item in items):
        what = "Task"
    elif all(item.notification.kind in RELEASE_KINDS for item in items):
        what = "Release of Information"
    if len(items) == 1:
        subject = f"{what} notification {items[0].notification.reference}"
    else:
        subject = f"{len(items)} {what} notifications"
    if not own:
        return f"Unanswered: {subject}"
    is_reminder = all(item.purpose == Purpose.REMINDER for item in own)
    return f"Reminder: {subject}" if is_reminder else subject


def _line(item: DeliveryItem) -> dict[str, Any]:
    """Only its recipient opens a notification; administrators have a page of their own."""
    if item.purpose == Purpose.ESCALATION:
        url = reverse("deliveries:notification", args=[item.notification.public_id])
    else:
        url = item.notification.get_absolute_url()
    is_reminder = item.purpose == Purpose.REMINDER
    reference = item.notification.reference
    return {"reference": reference, "url": absolute(url), "is_reminder": is_reminder}
