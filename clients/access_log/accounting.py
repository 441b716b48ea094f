"""Who has seen this record: the accounting of disclosures of one client (ADR 30, 45 CFR 164.528).

HUD's privacy standards (69 FR 45888, 4.2.1) let a client ask how the own data was used. One line is
what one person did on one day: 100,000 accesses become as many lines as can be read.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Model, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from agencies.models import Organization, User
from agencies.requests import UserRequest
from clients.access_log import trail
from clients.access_log.releases import Releases
from clients.models import Client, ClientAccess
from records.admin.words import Names
from records.clock import midnight
from records.statements import compiled

YEARS = 6
BATCH = 2000
SYSTEM = "The system"
SOMEBODY = "A user of this organization"
Kind = ClientAccess.Kind
# What an access of each kind is called before the names of the pages.
DID = {
    Kind.VIEW: "Viewed",
    Kind.CHANGE: "Opened for change",
    Kind.REVEAL_SSN: "Revealed SSN",
    Kind.LIST: "Seen on a list",
    Kind.COPY: "Copied",
    Kind.EXPORT: "Exported",
    Kind.REFUSED: "Refused",
    Kind.EMERGENCY: "Opened in an emergency",
}
ACTIONS = {"insert": "added", "update": "changed", "delete": "deleted"}


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both whole."""

    first: date
    last: date

    @classmethod
    def usual(cls, client: Client, today: date) -> "Period":
        """The last six years, or since the record was created."""
        try:
            years_ago = today.replace(year=today.year - YEARS)
        except ValueError:  # February 29
            years_ago = today.replace(year=today.year - YEARS, day=28)
        return cls(max(years_ago, timezone.localdate(client.date_created)), today)

    @property
    def begin(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        return midnight(self.last + timedelta(days=1))


@dataclass
class Line:
    """What one person did for one organization on one day.

    released_on: when the client released the record to this organization; None for the own one, and
    where it needed no release.
    """

    day: date
    who: str
    organization: str
    released_on: date | None = None
    what: list[str] = field(default_factory=list)  # "Viewed: Client Dashboard, Case Notes"
    times: int = 0


class Accounting:
    """Who saw and who changed a client's record, as far as the officer may know.

    The officer of the client's organization knows every access and change, also those by other
    organizations; of those the organization is named, and not the person (see trail.py).
    """

    def __init__(
        self,
        request: UserRequest,
        client: Client,
        period: Period,
        *,
        page_name: Callable[[str], str],
    ):
        self.request, self.client, self.period = request, client, period
        self.by, self.page_name = request.user, page_name
        self.own = set(self.by.dqo_organizations)
        self.organizations = dict(Organization.objects.values_list("pk", "organization_name"))
        self.releases = Releases(client)
        self.users: dict[int, User] = {}
        self.outside: dict[int, str] = {}

    def lines(self) -> Iterator[Line]:
        """The newest day first; read bit by bit, however many there are."""
        parts = heapq.merge(self._accesses(), self._changes(), key=lambda part: part[0])
        line, place = None, None
        for key, what, times in parts:
            if key != place:
                if line:
                    yield line
                (minus_day, user, organization), place = key, key
                day, name = date.fromordinal(-minus_day), self.organizations.get(organization, "")
                released_on = self.releases.of(organization, day)
                line = Line(day, self._who(user, organization), name, released_on)
            if line:
                line.what.append(what)
                line.times += times
        if line:
            yield line

    def _who(self, key: int, organization: int) -> str:
        if not key:
            return SYSTEM
        if not organization:  # such as an import
            if key not in self.outside:
                self.outside[key] = Names(self.by, [], [key]).user(key)
            return self.outside[key]
        if not (self.by.is_superuser or organization in self.own):
            return SOMEBODY
        if key not in self.users:
            self.users |= {user.pk: user for user in _users([key])}
        return str(self.users.get(key, f"User {key}"))

    def _accesses(self) -> Iterator[tuple[tuple[int, int, int], str, int]]:
        rows = ClientAccess.objects.about(self.client)
        rows = rows.filter(at__gte=self.period.begin, at__lt=self.period.end)
        rows = rows.annotate(day=TruncDate("at")).order_by("-day", "user", "organization", "kind")
        groups = rows.values_list("day", "user", "organization", "kind").annotate(
            pages=ArrayAgg("page", distinct=True), times=Count("pk")
        )
        for day, user, organization, kind, pages, times in groups.iterator(chunk_size=BATCH):
            named = ", ".join(sorted({self.page_name(page) for page in pages}))
            what = DID.get(kind, kind)
            text = what if kind == Kind.REVEAL_SSN else f"{what}: {named}"
            yield (-day.toordinal(), user, organization), _counted(text, times), times

    def _changes(self) -> Iterator[tuple[tuple[int, int, int], str, int]]:
        found = []
        groups = _changes_counted(
            self.by,
            self.client.all_ids,
            [self.period.begin, self.period.end],
            kinds=trail.kinds_for(self.request),
            answers=trail.answers_for(self.by, self.client),
        )
        for day, user, organization, label, what, times in groups:
            text = f"Changed: {what} {ACTIONS.get(label, label)}"
            key = (-day.toordinal(), user or 0, organization or 0)
            found.append((key, _counted(text, times), times))
        return iter(sorted(found))


@compiled
def _users(keys: list[int]) -> QuerySet[User]:
    return User.objects.filter(pk__in=keys)


@compiled
def _changes_counted(
    user: User,
    ids: list[int],
    period: list[datetime],
    *,
    kinds: tuple[type[Model], ...],
    answers: bool,
) -> QuerySet[Any, Any]:
    """How often each kind of record was changed, by day, user and organization."""
    begin, end = period
    arms = [
        source.filter(pgh_created_at__gte=begin, pgh_created_at__lt=end)
        .order_by()
        .annotate(
            changed_on=TruncDate("pgh_created_at"),
            changed_by=F("pgh_context__user"),
            changed_for=F("pgh_context__organization"),
            what=Value(str(source.model.pgh_tracked_model._meta.verbose_name)),
        )
        .values_list("changed_on", "changed_by", "changed_for", "pgh_label", "what")
        .annotate(times=Count("pk"))
        for source in trail.events_about(user, ids, kinds, answers=answers)
    ]
    return arms[0].union(*arms[1:], all=True)


def _counted(text: str, times: int) -> str:
    return f"{text} ({times} times)" if times > 1 else text
