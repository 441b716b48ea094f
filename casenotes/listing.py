"""A page of a list that is never counted: its cost does not grow with the list."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from casenotes.querysets import DatedQuerySet

SIZE = 25


@dataclass(frozen=True)
class Page:
    """Rows, newest first; `older` is what the link to the next page carries, empty on the last."""

    rows: list[Any]
    older: str
    is_first: bool


def page_of(rows: DatedQuerySet, before: str) -> Page:
    """The rows that come after the row of `before`, or the first ones."""
    place = _place(before)
    if place:
        rows = rows.older_than(*place)
    found = list(rows.newest_first()[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    older = f"{last.date:%Y-%m-%d}_{last.pk}" if last else ""
    return Page(found[:SIZE], older, is_first=place is None)


def _place(text: str) -> tuple[date, int] | None:
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)_(\d{1,18})", text, re.ASCII)
    try:
        return match and (date.fromisoformat(match[1]), int(match[2]))
    except ValueError:
        return None
