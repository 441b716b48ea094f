"""A page of a list that is never counted: its cost does not grow with the list."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from django.db.models import DateTimeField, Q, QuerySet

SIZE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class KeysetPage:
    """`after` is what the link to the next page carries, empty on the last."""

    rows: list[Any]
    after: str
    is_first: bool

    def showing(self, rows: Iterable[Any]) -> Self:
        """The same page with something made of its rows."""
        return replace(self, rows=list(rows))


def keyset_page(rows: QuerySet, after: str, field: str, *, newest_first: bool = True) -> KeysetPage:
    """Some rows in the order of a day or moment, from where the page before ended.

    Args:
        after: the `after` of the page before; anything else is the first page.
        field: the day or moment, which has an index together with the id.
    """
    sign, beyond = ("-", "lt") if newest_first else ("", "gt")
    is_moment = isinstance(rows.model._meta.get_field(field), DateTimeField)
    place = _moment(after) if is_moment else _day(after)
    if place:
        at, pk = place
        # The first condition alone bounds the range of the index.
        rows = rows.filter(**{f"{field}__{beyond}e": at})
        rows = rows.filter(Q(**{f"{field}__{beyond}": at}) | Q(**{f"pk__{beyond}": pk}))
    found = list(rows.order_by(f"{sign}{field}", f"{sign}pk")[: SIZE + 1])
    return _page(found, field, is_first=place is None)


def first_rows(rows: QuerySet, field: str) -> QuerySet:
    """What the first page of a list reads, the newest first: for a compiled statement."""
    return rows.order_by(f"-{field}", "-pk")[: SIZE + 1]


def first_page(found: list[Any], field: str) -> KeysetPage:
    """The first page of a list, of the rows that `first_rows` read."""
    return _page(found, field, is_first=True)


def _page(found: list[Any], field: str, *, is_first: bool) -> KeysetPage:
    mark = ""
    if len(found) > SIZE:
        last = found[SIZE - 1]
        at = getattr(last, field)
        is_moment = isinstance(at, datetime)
        when = (at - EPOCH) // timedelta(microseconds=1) if is_moment else at.isoformat()
        mark = f"{when}_{last.pk}"
    return KeysetPage(found[:SIZE], mark, is_first=is_first)


def _moment(text: str) -> tuple[datetime, int] | None:
    match = re.fullmatch(r"(\d{1,16})_(\d{1,18})", text, re.ASCII)
    return match and (EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))


def _day(text: str) -> tuple[date, int] | None:
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)_(\d{1,18})", text, re.ASCII)
    try:
        return match and (date.fromisoformat(match[1]), int(match[2]))
    except ValueError:
        return None
