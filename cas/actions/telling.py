"""Telling the case managers of a client, once (10.1, docs/adr/0012)."""

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

    def may_be_seen_by(self, user: User) -> bool:
        clients = Client.objects.visible_to(user).filter(pk=self.client_id)
        if not clients.exists():
            return False
        return self.about is None or self.about.visible_to(user).exists()  # type: ignore[attr-defined]


def lock(client_id: int) -> None:
    """Keep others who tell or move notifications of this client out until the transaction ends.

    No row is locked, so that nobody waits in a circle with writers of the client.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cas.notifications', %s))", [client_id]
        )


def case_managers(client_id: int, day: date) -> list[User]:
    """The active users whose assignment to the client holds on that day."""
    rows = CaseAssignment.objects.active_on(day).filter(client=client_id)
    users = {row.case_manager_id: row.case_manager for row in rows.select_related("case_manager")}
    return [user for user in users.values() if user.is_active]


def tell_case_managers(
    matter: Matter, *, but: User | None = None, on: date | None = None
) -> list[User]:
    """Tell who works with the client on a day; run in a transaction, return whom it is news to.

    Args:
        but: who did it, and knows.
        on: today, where it is left out.
    """
    lock(matter.client_id)
    users = case_managers(matter.client_id, on or timezone.localdate())
    return tell(matter, [user for user in users if user != but])


def tell(matter: Matter, users: Iterable[User]) -> list[User]:
    """Tell these users, as far as they may see what it is about; return whom it is news to.

    What was settled is news again.
    """
    same = Notification.objects.about_this(matter.kind, matter.subject)
    known = set(same.filter(handled_at=None).values_list("recipient", flat=True))
    news = [user for user in users if user.pk not in known and matter.may_be_seen_by(user)]
    same.settled().filter(recipient__in=news).renew()
    Notification.objects.bulk_create(
        [
            Notification(
                recipient=user,
                client_id=matter.client_id,
                kind=matter.kind,
                subject=matter.subject,
                event=matter.event,
            )
            for user in news
        ],
        ignore_conflicts=True,
    )
    return news
