"""Assigned, taken off, and what is unanswered goes on with the case (5.4, docs/adr/0012).

Nothing here knows what was done with an assignment, only how the assignments are: it may be called
as often as one likes, after every write and by the calendar.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from cas import upcoming
from cas.actions.deaths import propose_removals
from cas.actions.events import tell_of
from cas.actions.telling import Matter, Pair, lock, tell
from cas.models import Event, Kind, Notification
from cas.subjects import of_assignment
from clients.models import Client
from enrollments.models import CaseAssignment

Rows = list[CaseAssignment]
Told = list[Notification]


@transaction.atomic
def assignments_written(
    *, clients: Iterable[int], by: User | None = None, on: date | None = None
) -> None:
    """Tell who was assigned or taken off, and of what happened while nobody was.

    What former case managers left unanswered is passed on.

    Args:
        clients: their IDs.
        by: told by every listener; here each assignment knows who wrote it.
        on: today, where it is left out.
    """
    ids, day = sorted(set(clients)), on or timezone.localdate()
    lock(ids)
    rows: dict[int, Rows] = defaultdict(list)
    found = CaseAssignment.objects.filter(client__in=ids).with_access()
    for row in found.select_related("case_manager").order_by("begins_on", "pk"):
        rows[row.client_id].append(row)
    left: dict[int, Told] = defaultdict(list)
    for notification in Notification.objects.filter(client__in=ids).unanswered():
        left[notification.client_id].append(notification)
    tell(pair for client in ids for pair in _news(rows[client], day))
    over = [one.pk for client in ids for one in _outdated(rows[client], left[client], day)]
    if over:
        Notification.objects.filter(pk__in=over).settle()
    for client in ids:
        _pass_on(rows[client], left[client], day)
    propose_removals(clients=ids, on=day, by=by)
    for event in upcoming.events_to_tell(day).filter(client__in=ids):
        tell_of(event, but=event.updated_by, on=day)


def _news(rows: Rows, day: date) -> Iterator[Pair]:
    """Who was assigned or taken off lately by somebody else."""
    working = {row.case_manager_id for row in rows if row.is_active_on(day)}
    for row in rows:
        matter = None
        if row.is_active_on(day):
            is_own = row.created_by_id == row.case_manager_id
            if not is_own and _is_recent(row.begins_on, row.date_created, day):
                matter = Matter(Kind.ASSIGNED, of_assignment(row), row.client_id)
        elif row.ends_on and row.ends_on <= day and row.case_manager_id not in working:
            is_own = row.updated_by_id == row.case_manager_id
            if not is_own and _is_recent(row.ends_on, row.date_updated, day):
                matter = Matter(Kind.TAKEN_OFF, of_assignment(row), row.client_id)
        if matter and row.case_manager_has_access:
            yield matter, row.case_manager


def _is_recent(happened_on: date, written_at: datetime, day: date) -> bool:
    latest = max(happened_on, timezone.localdate(written_at))
    return latest >= day - timedelta(days=settings.CAS_NEWS_DAYS)


def _outdated(rows: Rows, left: Told, day: date) -> Iterator[Notification]:
    """Who was told of an assignment that is over, or of an end that was taken back."""
    working = {row.case_manager_id for row in rows if row.is_active_on(day)}
    active = {of_assignment(row) for row in rows if row.is_active_on(day)}
    for one in left:
        is_over = one.kind == Kind.ASSIGNED and one.subject not in active
        is_back = one.kind == Kind.TAKEN_OFF and one.recipient_id in working
        if is_over or is_back:
            yield one


def _pass_on(rows: Rows, left: Told, day: date) -> None:
    active = [row for row in rows if row.is_active_on(day)]
    working = {row.case_manager_id for row in active}
    by_recipient: dict[int, list[int]] = defaultdict(list)
    for one in left:
        if not Kind(one.kind).is_personal and one.recipient_id not in working:
            by_recipient[one.recipient_id].append(one.pk)
    for recipient, keys in sorted(by_recipient.items()):
        ended = [row for row in rows if row.case_manager_id == recipient]
        successor = _successor([row for row in ended if row.ends_on and row.ends_on <= day], active)
        if successor:
            _move(keys, successor)


def _successor(ended: Rows, active: Rows) -> User | None:
    """Whose work began, or was entered, when the former case manager's ended, or later.

    On the same enrollment first. Who worked with the client before has been told already.
    """
    if not ended:
        return None
    last = max(ended, key=lambda row: (row.ends_on, row.pk))
    end = last.ends_on or date.min
    later = [
        row
        for row in active
        if max(row.begins_on, timezone.localdate(row.date_created)) >= end
        and Client.objects.visible_to(row.case_manager).filter(pk=row.client_id).exists()
    ]
    later.sort(key=lambda row: (row.enrollment_id != last.enrollment_id, row.begins_on, row.pk))
    return later[0].case_manager if later else None


def _move(keys: list[int], successor: User) -> None:
    """Give to the successor what the successor may see; what both were told is settled."""
    left = Notification.objects.filter(pk__in=keys).unanswered()
    left.told_to_both(successor).settle()
    left.without_event_or_with(Event.objects.visible_to(successor)).hand_to(successor)
