"""Assigned, unassigned, and what is unanswered goes on with the case (5.4, docs/adr/0012).

Nothing here knows what was done with an assignment, only how the assignments are: it may be called
as often as one likes, after every write and by the calendar.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from cas import pending
from cas.actions.notify import Pair, Subject, ask_for_removals, lock, notify, notify_of_event
from cas.choices import Kind
from cas.models import Event, Notification
from cas.querysets import NotificationQuerySet
from clients.models import Client
from enrollments.models import CaseAssignment
from enrollments.querysets import CaseAssignmentQuerySet
from records.statements import compiled

Rows = list[CaseAssignment]


@compiled
def assignments_of(client_ids: list[int]) -> CaseAssignmentQuerySet:
    rows = CaseAssignment.objects.filter(client__in=client_ids).with_access()
    return rows.select_related("case_manager").order_by("begins_on", "pk")


@compiled
def unanswered_of(client_ids: list[int]) -> NotificationQuerySet:
    return Notification.objects.filter(client__in=client_ids).unanswered()


@transaction.atomic(savepoint=False)
def assignments_written(
    *, clients: Iterable[int], by: User | None = None, on: date | None = None
) -> None:
    """Notify who was assigned or unassigned, and of events recorded while nobody was assigned.

    What former case managers left unanswered is passed on.

    Args:
        clients: their IDs.
        by: given to every listener; here each assignment knows who wrote it.
        on: today, where it is left out.
    """
    ids, day = sorted(set(clients)), on or timezone.localdate()
    lock(ids)
    rows: dict[int, Rows] = defaultdict(list)
    for row in assignments_of(ids):
        rows[row.client_id].append(row)
    left: dict[int, list[Notification]] = defaultdict(list)
    for notification in unanswered_of(ids):
        left[notification.client_id].append(notification)
    since = day - timedelta(days=settings.CAS_RECENT_DAYS)
    notify(pair for client in ids for pair in _recent_changes(rows[client], day, since))
    over = [one.pk for client in ids for one in _outdated(rows[client], left[client], day)]
    if over:
        Notification.objects.filter(pk__in=over).resolve()
    for client in ids:
        _pass_on(rows[client], left[client], day)
    if any(one.kind == Kind.PROPOSED for rows in left.values() for one in rows):
        pending.outdated_removals().filter(client__in=ids).resolve()
    ask_for_removals(ids, on=day, by=by)
    for event in pending.events_of(ids, day, since):
        notify_of_event(event, but=event.updated_by, on=day)


def _recent_changes(rows: Rows, day: date, since: date) -> Iterator[Pair]:
    """Who was assigned or unassigned lately by somebody else."""
    working = {row.case_manager_id for row in rows if row.is_active_on(day)}
    for row in rows:
        if row.is_active_on(day):
            kind, changed_on = Kind.ASSIGNED, row.begins_on
            changed_by, changed_at = row.created_by_id, row.date_created
        elif row.ends_on and row.ends_on <= day and row.case_manager_id not in working:
            kind, changed_on = Kind.UNASSIGNED, row.ends_on
            changed_by, changed_at = row.updated_by_id, row.date_updated
        else:
            continue
        is_recent = max(changed_on, timezone.localdate(changed_at)) >= since
        if is_recent and changed_by != row.case_manager_id and row.case_manager_has_access:
            yield Subject(kind, pending.key("assignment", row.pk), row.client_id), row.case_manager


def _outdated(rows: Rows, left: list[Notification], day: date) -> Iterator[Notification]:
    """Notifications of an assignment that is over, or of an end that was undone."""
    active = [row for row in rows if row.is_active_on(day)]
    working = {row.case_manager_id for row in active}
    keys = {pending.key("assignment", row.pk) for row in active}
    for one in left:
        is_over = one.kind == Kind.ASSIGNED and one.subject not in keys
        is_back = one.kind == Kind.UNASSIGNED and one.recipient_id in working
        if is_over or is_back:
            yield one


def _pass_on(rows: Rows, left: list[Notification], day: date) -> None:
    """Give to the successor what the successor may see; what both were notified of is resolved."""
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
            theirs = Notification.objects.filter(pk__in=keys).unanswered()
            theirs.notified_to_both(successor).resolve()
            seen = Event.objects.visible_to(successor)
            theirs.without_event_or_with(seen).reassign(successor)


def _successor(ended: Rows, active: Rows) -> User | None:
    """Whose work began, or was entered, when the former case manager's ended, or later.

    On the same enrollment first. Who worked with the client before has been notified already.
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
