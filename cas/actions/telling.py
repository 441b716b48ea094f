"""Telling the case managers of a client, once (10.1, docs/adr/0012)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import User
from cas.models import Event, Kind, Notification
from clients.models import Client
from enrollments.models import CaseAssignment


@dataclass(frozen=True)
class Matter:
    """Something to be told.

    Attributes:
        subject: a key of `cas.subjects`.
        about: the row, as a queryset, that a recipient must be allowed to see beside the client.
    """

    kind: Kind
    subject: str
    client_id: int
    about: "QuerySet[Any] | None" = None
    event: Event | None = None


Pair = tuple[Matter, User]


def lock(client_ids: Iterable[int]) -> None:
    """Keep others who tell or move notifications of these clients out until the transaction ends.

    No row is locked, so that nobody waits in a circle with writers of the clients; in one order.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cas.notifications', id))"
            " FROM unnest(%s::bigint[]) AS id",
            [sorted(set(client_ids))],
        )


def case_managers(client_id: int, day: date) -> list[User]:
    """The users whose assignment to the client is active on that day."""
    rows = CaseAssignment.objects.active_on(day).filter(client=client_id)
    users = {row.case_manager_id: row.case_manager for row in rows.select_related("case_manager")}
    return list(users.values())


def tell_case_managers(
    matter: Matter, *, but: User | None = None, on: date | None = None
) -> list[User]:
    """Tell who works with the client on a day; run in a transaction, return whom it is news to.

    Args:
        but: who did it, and knows.
        on: today, where it is left out.
    """
    lock([matter.client_id])
    users = case_managers(matter.client_id, on or timezone.localdate())
    return tell((matter, user) for user in users if user != but)


def tell(pairs: Iterable[Pair]) -> list[User]:
    """Tell users of matters, as far as they may see them; return whom something is news to.

    What was settled is news again. The queries do not grow with the matters.
    """
    wanted = {(matter.kind, matter.subject, user.pk): (matter, user) for matter, user in pairs}
    if not wanted:
        return []
    subjects = {subject for _, subject, _ in wanted}
    rows = Notification.objects.filter(subject__in=subjects)
    known = {(row.kind, row.subject, row.recipient_id): row for row in rows}
    news = {
        key: pair
        for key, pair in wanted.items()
        if key not in known or known[key].handled_at is not None
    }
    shown = set(_may_be_seen(news.values()))
    news = {key: pair for key, pair in news.items() if pair in shown}
    again = [known[key].pk for key in news if key in known]
    if again:
        Notification.objects.filter(pk__in=again).renew()
    Notification.objects.bulk_create(
        [_row(matter, user) for key, (matter, user) in news.items() if key not in known],
        ignore_conflicts=True,
    )
    return [user for _, user in news.values()]


def _row(matter: Matter, user: User) -> Notification:
    return Notification(
        recipient=user,
        client_id=matter.client_id,
        kind=matter.kind,
        subject=matter.subject,
        event=matter.event,
    )


def _may_be_seen(pairs: Iterable[Pair]) -> list[Pair]:
    by_user: dict[User, list[Matter]] = defaultdict(list)
    for matter, user in pairs:
        by_user[user].append(matter)
    seen: list[Pair] = []
    for user, matters in by_user.items():
        clients = {matter.client_id for matter in matters}
        visible = set(
            Client.objects.visible_to(user).filter(pk__in=clients).values_list("pk", flat=True)
        )
        for matter in matters:
            is_shown = matter.about is None or matter.about.visible_to(user).exists()  # type: ignore[attr-defined]
            if matter.client_id in visible and is_shown:
                seen.append((matter, user))
    return seen
