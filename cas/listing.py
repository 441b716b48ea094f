"""A page of a user's notifications that is never counted: its cost does not grow with them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from agencies.models import User
from cas.models import Event, Kind, Notification
from cas.querysets import NotificationQuerySet
from clients.models import Client

SIZE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACES = {
    Kind.ASSIGNED: "enrollments:case_managers",
    Kind.TAKEN_OFF: "enrollments:case_managers",
    Kind.DOCUMENTS_EXPIRING: "files:client_files",
    Kind.INACTIVITY: "clients:dashboard",
}


@dataclass(frozen=True)
class Line:
    """A notification with as much of the client and the event as its recipient may see now."""

    notification: Notification
    client: Client | None
    event: Event | None

    @property
    def detail(self) -> str:
        """What the event says beyond the kind of the notification."""
        if self.event is None or self.event.happening.news is not Kind.REFERRED:
            return ""
        return self.event.display_name


@dataclass(frozen=True)
class Page:
    """Lines, newest first; `older` is what the link to the next page carries, empty on the last."""

    rows: list[Line]
    older: str
    is_first: bool


def page_of(rows: NotificationQuerySet, user: User, before: str) -> Page:
    """The rows that come after the row of `before`, or the first ones."""
    place = _place(before)
    if place:
        rows = rows.older_than(*place)
    found = list(rows.newest_first()[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    older = f"{_microseconds(last.created_at)}_{last.pk}" if last else ""
    return Page(lines(found[:SIZE], user), older, is_first=place is None)


def lines(rows: list[Notification], user: User) -> list[Line]:
    """What the user may see of these notifications' clients and events, in two queries."""
    clients = Client.objects.visible_to(user).defer("ssn").in_bulk({row.client_id for row in rows})
    events = {row.event_id for row in rows if row.event_id and row.client_id in clients}
    visible = Event.objects.visible_to(user).in_bulk(events) if events else {}
    return [Line(row, clients.get(row.client_id), visible.get(row.event_id)) for row in rows]


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _place(text: str) -> tuple[datetime, int] | None:
    match = re.fullmatch(r"(\d{1,16})_(\d{1,18})", text, re.ASCII)
    return match and (EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))
