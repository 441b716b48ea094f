"""What CAS administrators look at: pages that are never counted, at a constant cost."""

from dataclasses import dataclass

from django.db.models import Prefetch

from agencies.models import User
from cas.listing import Line, lines
from cas.models import DeliveryItem
from cas.querysets import NotificationQuerySet
from outbox.listing import Page, page_of
from outbox.models import Delivery
from outbox.querysets import DeliveryQuerySet

# Of a digest, so many notifications stand in its line of a list.
SHOWN = 3


@dataclass(frozen=True)
class Waiting:
    """An unanswered notification, as far as the administrator may see, and its latest mail."""

    line: Line
    mailed: DeliveryItem | None


def waiting_page(rows: NotificationQuerySet, user: User, after: str) -> Page:
    """The longest waiting first."""
    page = page_of(rows.select_related("recipient"), after, "created_at")
    shown = lines(page.rows, user)
    mailed = latest_mails([line.notification.pk for line in shown])
    waiting = [Waiting(line, mailed.get(line.notification.pk)) for line in shown]
    return Page(waiting, page.after, page.is_first)


def latest_mails(notifications: list[int]) -> dict[int, DeliveryItem]:
    """What was mailed last of each, to whomever."""
    rows = DeliveryItem.objects.filter(notification__in=notifications).select_related("delivery")
    return {row.notification_id: row for row in rows.order_by("pk")}


def mails() -> DeliveryQuerySet:
    """Mails of Coordinated Access with the recipient and the first notifications of each."""
    items = DeliveryItem.objects.select_related("notification").order_by("pk")
    few = Prefetch("items", items[: SHOWN + 1], to_attr="listed_items")
    return Delivery.objects.of_kind(Delivery.Kind.CAS).listed().prefetch_related(few)
