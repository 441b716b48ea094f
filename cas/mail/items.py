"""What a mail still has to tell when its turn has come."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from agencies.models import Membership
from cas.delivery_states import Purpose
from cas.mail import due
from cas.models import Delivery, DeliveryItem
from cas.querysets import NotificationQuerySet


def still_to_tell(delivery: Delivery, now: datetime) -> list[DeliveryItem]:
    """The items that are worth a mail yet; the others are forgotten.

    A notification may have been answered, snoozed, or handed to somebody else since the mail was
    planned, and its recipient may have left. What is forgotten is planned anew if it is due again.
    """
    items = DeliveryItem.objects.filter(delivery=delivery).select_related("notification")
    marked = list(items.annotate(is_due=_is_due(now)).order_by("pk"))
    outdated = [item.pk for item in marked if not item.is_due]
    # Whether a server may have these from an earlier try, they have been told, and stay so.
    if outdated and delivery.handed_over_at is None:
        DeliveryItem.objects.filter(pk__in=outdated).delete()
    return [item for item in marked if item.is_due]


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
