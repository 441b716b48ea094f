"""What the parts of the demonstration share: day, chance, people, and a history with names."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import pghistory

from agencies.models import Organization, User
from clients.models import Client
from hmis.demo.agencies import Agencies
from hmis.demo.person import Person
from hmis.demo.rng import Rng
from records.models import Record, Visibility

Row = TypeVar("Row")
# What happens to the people of the demonstration
STORY = tomllib.loads(Path(__file__).with_name("story.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Filing:
    """Where, by whom and when a record was created."""

    organization: Organization
    by: User
    at: datetime
    visibility: Visibility = Visibility.ALL_ORGANIZATIONS

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "organization": self.organization,
            "visibility": self.visibility,
            "date_created": self.at,
            "created_by": self.by,
            "date_updated": self.at,
            "updated_by": self.by,
        }


@dataclass(frozen=True)
class Filed:
    """A person and the client of that person."""

    person: Person
    client: Client


@dataclass(frozen=True)
class Context:
    """What the parts build on, one after the other.

    Args:
        filed: every person with the client of that person, in the order of the client IDs.
        personas: the clients that `hmis.demo.personas` names, by its keys.
        rng: the one source of chance, so that a seed always gives the same data.
    """

    seed: int
    today: date
    rng: Rng
    agencies: Agencies
    filed: list[Filed]
    personas: dict[str, Client]

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def moment(self, days_ago: int) -> datetime:
        """A moment of that day while the agencies are open; at the latest yesterday."""
        return self.rng.moment(self.today, days_ago)

    @property
    def others(self) -> list[Client]:
        """The clients who are no personas."""
        return [one.client for one in self.filed if one.person.number >= 0]


def runs(rows: Iterable[Row], record: Callable[[Row], Record]) -> Iterator[list[Row]]:
    """Rows that follow each other and one user filed, under one organization.

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
