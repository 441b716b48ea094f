"""The bell and the lists of notifications: never counted; the cost does not grow with the rows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from agencies.models import User
from cas.choices import RELEASE_KINDS, Kind
from cas.models import DeliveryItem, Event, Notification
from cas.querysets import NotificationQuerySet
from clients.models import Client
from outbox.models import Delivery
from outbox.models.delivery import DeliveryQuerySet
from records.keyset import KeysetPage, keyset_page
from records.statements import compiled

MOST_IN_BELL = 99
SHOWN = 3  # of a digest, so many notifications stand in its line of a list
PLACES = {
    Kind.ASSIGNED: "enrollments:case_managers",
    Kind.UNASSIGNED: "enrollments:case_managers",
    Kind.DOCUMENTS_EXPIRING: "files:client_files",
    Kind.INACTIVITY: "clients:dashboard",
    Kind.TASK: "tasks:tasks",
    **dict.fromkeys(RELEASE_KINDS, "consent:releases"),
}


def waiting(user: User, now: datetime | None = None) -> NotificationQuerySet:
    """What the user has not answered and has not snoozed."""
    return Notification.objects.of(user).unanswered().awake(now)


@compiled
def in_bell(user: User) -> QuerySet[Notification, int]:
    """As many as the bell counts, and one more."""
    # In the order of the partial index: without an order, the planner may read what was answered.
    rows = waiting(user).latest_shown_first().values_list("pk", flat=True)
    return rows[: MOST_IN_BELL + 1]


def bell_count(user: User) -> str:
    """How many wait, as the bell shows it: "99+" at most, empty for none."""
    many = len(in_bell(user))
    return f"{MOST_IN_BELL}+" if many > MOST_IN_BELL else str(many or "")


@dataclass(frozen=True)
class Line:
    """A notification with as much of the client and the event as its recipient may see now."""

    notification: Notification
    client: Client | None
    event: Event | None

    @property
    def detail(self) -> str:
        """What the event says beyond the kind of the notification."""
        if self.event is None or self.event.event_kind.notification_kind is not Kind.REFERRED:
            return ""
        return self.event.display_name


def lines(rows: list[Notification], user: User) -> list[Line]:
    """What the user may see of these notifications' clients and events, in two queries."""
    about = sorted({row.client_id for row in rows})
    clients = {client.pk: client for client in _clients(user, about)} if about else {}
    named = {row.event_id for row in rows if row.event_id and row.client_id in clients}
    events = {event.pk: event for event in _events(user, sorted(named))} if named else {}
    return [Line(row, clients.get(row.client_id), events.get(row.event_id or 0)) for row in rows]


@compiled
def _clients(user: User, ids: list[int]) -> QuerySet[Client]:
    return Client.objects.visible_to(user).defer("ssn").filter(pk__in=ids)


@compiled
def _events(user: User, ids: list[int]) -> QuerySet[Event]:
    return Event.objects.visible_to(user).filter(pk__in=ids)


def waiting_page(rows: NotificationQuerySet, user: User, after: str) -> KeysetPage:
    """The lines of unanswered notifications, longest waiting first, each with its latest mail."""
    rows = rows.select_related("recipient")
    page = keyset_page(rows, after, "created_at", newest_first=False)
    shown = lines(page.rows, user)
    items = DeliveryItem.objects.filter(notification__in=[row.pk for row in page.rows])
    latest = items.select_related("delivery").order_by("pk")
    mailed = {item.notification_id: item for item in latest}
    return page.showing(
        {"line": line, "mailed": mailed.get(line.notification.pk)} for line in shown
    )


def mails() -> DeliveryQuerySet:
    """Mails of Coordinated Access with the recipient and the first notifications of each."""
    items = DeliveryItem.objects.select_related("notification").order_by("pk")
    few = Prefetch("items", items[: SHOWN + 1], to_attr="listed_items")
    return Delivery.objects.of_kind(Delivery.Kind.CAS).listed().prefetch_related(few)
