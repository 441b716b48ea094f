"""The history of the demonstration says who wrote what, as that of a request does."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

import pghistory

from records.models import Record

Row = TypeVar("Row")


def runs(rows: Iterable[Row], record: Callable[[Row], Record]) -> Iterator[list[Row]]:
    """Rows that follow each other and were filed by one user for one organization.

    What is written before the next run is taken has their names in its history.
    """

    def who(row: Row) -> tuple[int, int]:
        return record(row).created_by_id, record(row).organization_id

    for (user, organization), run in groupby(rows, who):
        with pghistory.context(user=user, organization=organization):
            yield list(run)


def create(rows: Iterable[Any]) -> None:
    """Write records of one model, in the order of the rows."""
    for run in runs(rows, lambda row: row):
        type(run[0]).objects.bulk_create(run)


def filed_like(row: Any, *, at: datetime | None = None, by: Any = None) -> dict[str, Any]:
    """The columns of a record that is filed as `row` is, at another time or by another user."""
    moment = at or row.date_created
    user = by.pk if by else row.created_by_id
    return {
        "organization_id": row.organization_id,
        "visibility": row.visibility,
        "date_created": moment,
        "created_by_id": user,
        "date_updated": moment,
        "updated_by_id": user,
    }
