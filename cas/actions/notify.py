"""Notify users of what happened in Coordinated Access, each of it once (10.1, docs/adr/0012)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from agencies.models import Membership, User
from cas import pending
from cas.choices import Kind
from cas.models import Event, Notification
from cas.querysets import NotificationQuerySet
from clients.models import Client
from enrollments.models import CaseAssignment, Enrollment
from hud.choices import Destination
from records.statements import compiled


@dataclass(frozen=True)
class Subject:
    """What a notification is about.

    Attributes:
        key: a `cas.pending.key`.
        about: the row, as a queryset, that a recipient must be allowed to see beside the client.
    """

    kind: Kind
    key: str
    client_id: int
    about: "QuerySet[Any] | None" = None
    event: Event | None = None


Pair = tuple[Subject, User]


def lock(client_ids: Iterable[int]) -> None:
    """Keep others who write or move notifications of these clients out until the transaction ends.

    No row is locked, so that nobody waits in a circle with writers of the clients; in one order.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cas.notifications', id))"
            " FROM unnest(%s::bigint[]) AS id",
            [sorted(set(client_ids))],
        )


@transaction.atomic(savepoint=False)
def event_saved(event: Event, *, by: User) -> list[User]:
    """Notify of an event that a user recorded or changed; return those newly notified."""
    pending.outdated_removals().filter(client=event.client_id).resolve()
    return notify_of_event(event, but=by)


def notify_of_event(event: Event, *, but: User | None = None, on: date | None = None) -> list[User]:
    """Notify of an event or, once there is one, of its result; return those newly notified.

    What was said of it before is resolved. Run in a transaction.

    Args:
        but: who recorded it.
        on: the day whose case managers are notified; today, where it is left out.
    """
    kinds = [event.notification_kind, event.event_kind.notification_kind]
    event.notifications.unanswered().exclude(kind__in=kinds).resolve()
    if event.date_deleted:
        return []
    about = Event.objects.filter(pk=event.pk)
    subject = Subject(kinds[0], pending.key("event", event.pk), event.client_id, about, event)
    return notify_case_managers(subject, but=but, on=on)


def propose_removals(*, clients: Iterable[int], on: date) -> list[User]:
    """Notify of clients in the queue whom an exit calls deceased; return those newly notified.

    What was proposed and is not called for any more is resolved. Run in a transaction.

    Args:
        clients: their IDs.
        on: the day whose case managers are notified.
    """
    ids = sorted(set(clients))
    lock(ids)
    pending.outdated_removals().filter(client__in=ids).resolve()
    return ask_for_removals(ids, on=on)


def ask_for_removals(ids: list[int], *, on: date, by: User | None = None) -> list[User]:
    """Notify of those of the clients who are in the queue and deceased, under their `lock`.

    Those who decide are asked; nothing is removed by itself.

    Args:
        on: the day whose case managers are notified, with those whose work ended by that exit.
        by: who recorded it, and knows.
    """
    pairs: list[Pair] = []
    for pk in pending.queued_after_death_of(ids):
        exits = Enrollment.objects.deceased().filter(client=pk)
        subject = Subject(Kind.PROPOSED, pending.key("death", pk), pk, about=exits)
        ended = CaseAssignment.objects.filter(
            client=pk, enrollment__destination=Destination.DECEASED, ends_on__isnull=False
        ).select_related("case_manager")
        users = [*case_managers(pk, on), *(row.case_manager for row in ended)]
        users = list(dict.fromkeys([*users, *cas_administrators()]))
        pairs += [(subject, user) for user in users if user.is_active and user != by]
    return notify(pairs)


def case_managers(client_id: int, day: date) -> list[User]:
    """The users whose assignment to the client is active on that day."""
    rows = CaseAssignment.objects.active_on(day).filter(client=client_id)
    users = {row.case_manager_id: row.case_manager for row in rows.select_related("case_manager")}
    return list(users.values())


def cas_administrators() -> list[User]:
    """Active members of a CAS organization."""
    members = Membership.objects.filter(user=OuterRef("pk"), organization__is_cas=True)
    users = User.objects.active().filter(Exists(members.order_by()))
    return list(users.select_related("cas_preference").order_by("pk"))


def notify_case_managers(
    subject: Subject, *, but: User | None = None, on: date | None = None
) -> list[User]:
    """Notify who works with the client on a day; return those newly notified.

    Run in a transaction.

    Args:
        but: who did it, and knows.
        on: today, where it is left out.
    """
    lock([subject.client_id])
    users = case_managers(subject.client_id, on or timezone.localdate())
    return notify((subject, user) for user in users if user != but)


def notify(pairs: Iterable[Pair]) -> list[User]:
    """Notify users who may see the subject; return those newly notified.

    What was resolved is notified again. The queries do not grow with the subjects.
    """
    wanted = {(subject.kind, subject.key, user.pk): (subject, user) for subject, user in pairs}
    if not wanted:
        return []
    rows = about_subjects(sorted({key for _, key, _ in wanted}))
    known = {(row.kind, row.subject, row.recipient_id): row for row in rows}
    new = {
        key: pair
        for key, pair in wanted.items()
        if key not in known or known[key].resolved_at is not None
    }
    visible = _visible(new.values())
    new = {key: pair for key, pair in new.items() if pair in visible}
    again = [known[key].pk for key in new if key in known]
    if again:
        Notification.objects.filter(pk__in=again).renew()
    Notification.objects.bulk_create(
        [
            Notification(
                recipient=user,
                client_id=subject.client_id,
                kind=subject.kind,
                subject=subject.key,
                event=subject.event,
            )
            for key, (subject, user) in new.items()
            if key not in known
        ],
        ignore_conflicts=True,
    )
    return [user for _, user in new.values()]


@compiled
def about_subjects(keys: list[str]) -> NotificationQuerySet:
    return Notification.objects.filter(subject__in=keys)


@compiled
def visible_ids(user: User, client_ids: list[int]) -> QuerySet[Client, int]:
    clients = Client.objects.visible_to(user).filter(pk__in=client_ids)
    return clients.values_list("pk", flat=True)


def _visible(pairs: Iterable[Pair]) -> set[Pair]:
    """Those whose user may see the client and what it is about, or is told that this is over."""
    by_user: dict[User, list[Subject]] = defaultdict(list)
    for subject, user in pairs:
        by_user[user].append(subject)
    found: set[Pair] = set()
    for user, subjects in by_user.items():
        ids = set(visible_ids(user, sorted({one.client_id for one in subjects})))
        for one in subjects:
            is_shown = one.about is None or one.about.visible_to(user).exists()  # type: ignore[attr-defined]
            if one.kind.outlives_access or (one.client_id in ids and is_shown):
                found.add((one, user))
    return found
