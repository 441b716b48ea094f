"""What CAS administrators look at: pages that are never counted, at a constant cost."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from agencies.models import User
from cas.delivery_querysets import DeliveryQuerySet
from cas.listing import Line, lines
from cas.models import Delivery, DeliveryItem
from cas.querysets import NotificationQuerySet

SIZE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """An unanswered notification, as far as the administrator may see, and its latest mail."""

    line: Line
    mailed: DeliveryItem | None


@dataclass(frozen=True)
class Page:
    """`after` is what the link to the next page carries, empty on the last."""

    rows: list[Any]
    after: str
    is_first: bool


def waiting_page(rows: NotificationQuerySet, user: User, after: str) -> Page:
    """The longest waiting first."""
    page = _page(rows.select_related("recipient"), after, "created_at")
    shown = lines(page.rows, user)
    mailed = latest_mails([line.notification.pk for line in shown])
    waiting = [Waiting(line, mailed.get(line.notification.pk)) for line in shown]
    return Page(waiting, page.after, page.is_first)


def latest_mails(notifications: list[int]) -> dict[int, DeliveryItem]:
    """What was mailed last of each, to whomever."""
    rows = DeliveryItem.objects.filter(notification__in=notifications).select_related("delivery")
    return {row.notification_id: row for row in rows.order_by("pk")}


def unsent_page(after: str) -> Page:
    """Mails that no server has yet, the oldest first."""
    return _page(Delivery.objects.unsent().listed(), after, "created_at")


def in_doubt_page(after: str) -> Page:
    """Mails that are uncertain or were given up, the latest first."""
    return _page(Delivery.objects.in_doubt().listed(), after, "settled_at", newest_first=True)


def _page(
    rows: NotificationQuerySet | DeliveryQuerySet,
    after: str,
    moment: str,
    *,
    newest_first: bool = False,
) -> Page:
    sign, beyond = ("-", "lt") if newest_first else ("", "gt")
    place = _place(after)
    if place:
        at, pk = place
        same = Q(**{moment: at, f"pk__{beyond}": pk})
        rows = rows.filter(Q(**{f"{moment}__{beyond}": at}) | same)
    found = list(rows.order_by(f"{sign}{moment}", f"{sign}pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    mark = f"{_microseconds(getattr(last, moment))}_{last.pk}" if last else ""
    return Page(found[:SIZE], mark, is_first=place is None)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _place(text: str) -> tuple[datetime, int] | None:
    match = re.fullmatch(r"(\d{1,16})_(\d{1,18})", text, re.ASCII)
    return match and (EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))
