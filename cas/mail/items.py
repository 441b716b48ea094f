"""What a mail still has to tell when its turn has come."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from agencies.models import Membership
from cas.mail import due
from cas.models import DeliveryItem
from cas.purposes import Purpose
from cas.querysets import NotificationQuerySet
from outbox.models import Delivery


def still_to_tell(deliveries: list[Delivery], now: datetime) -> dict[int, list[DeliveryItem]]:
    """By delivery, the items that are worth a mail yet; the others are forgotten.

    A notification may have been answered, snoozed, or handed to somebody else since the mail was
    planned, and its recipient may have left. What is forgotten is planned anew if it is due again.
    """
    rows = DeliveryItem.objects.filter(delivery__in=deliveries).select_related("notification")
    marked = list(rows.annotate(is_due=_is_due(now)).order_by("pk"))
    # What a server may have from an earlier try has been told, and stays so.
    unsent = {delivery.pk for delivery in deliveries if delivery.handed_over_at is None}
    outdated = [row.pk for row in marked if not row.is_due and row.delivery_id in unsent]
    if outdated:
        DeliveryItem.objects.filter(pk__in=outdated).delete()
    found: dict[int, list[DeliveryItem]] = {delivery.pk: [] for delivery in deliveries}
    for row in marked:
        if row.is_due:
            found[row.delivery_id].append(row)
    return found


def _is_due(now: datetime) -> Q:
    own = Q(
        ~Q(purpose=Purpose.ESCALATION),
        _among(due.mailable(now)),
        notification__recipient=F("recipient"),
    )
    members = Membership.objects.filter(user=OuterRef("recipient"), organization__is_cas=True)
    escalated = Q(
        _among(due.escalatable(now)),
        Q(Exists(members.order_by())),
        purpose=Purpose.ESCALATION,
        recipient__is_active=True,
    )
    return own | escalated


def _among(rows: NotificationQuerySet) -> Q:
    return Q(Exists(rows.filter(pk=OuterRef("notification")).order_by()))
