"""Lists of mails and the like: pages that are never counted, at a constant cost."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from outbox.querysets import DeliveryQuerySet

SIZE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """`after` is what the link to the next page carries, empty on the last."""

    rows: list[Any]
    after: str
    is_first: bool


def unsent_page(rows: DeliveryQuerySet, after: str) -> Page:
    """Mails that no server has yet, the oldest first."""
    return page_of(rows.unsent(), after, "created_at")


def in_doubt_page(rows: DeliveryQuerySet, after: str) -> Page:
    """Mails that are uncertain or were given up, the latest first."""
    return page_of(rows.in_doubt(), after, "resolved_at", newest_first=True)


def sent_page(rows: DeliveryQuerySet, after: str) -> Page:
    """What was sent lately of the kinds that are forgotten after some time, the latest first."""
    rows = rows.lately_resolved().exclude(state__in=rows.model.State.in_doubt())
    return page_of(rows, after, "resolved_at", newest_first=True)


def page_of(rows: QuerySet, after: str, moment: str, *, newest_first: bool = False) -> Page:
    """Some rows in the order of a moment, from where the page before ended.

    Args:
        after: the `after` of the page before; anything else is the first page.
        moment: the field of the rows' moment, which has an index together with the id.
    """
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
