"""Assigned, taken off, and what is unanswered goes on with the case (5.4, docs/adr/0012).

Nothing here knows what was done with an assignment, only how the assignments are: it may be called
as often as one likes, after every write and by the calendar.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from cas.actions.telling import Matter, lock, tell
from cas.models import Event, Kind, Notification
from cas.querysets import NotificationQuerySet
from cas.subjects import of_assignment
from clients.models import Client
from enrollments.models import CaseAssignment

Rows = list[CaseAssignment]


@transaction.atomic
def assignments_written(
    *, clients: Iterable[int], by: User | None = None, on: date | None = None
) -> None:
    """Tell who was assigned or taken off, and pass on what former case managers left unanswered.

    Args:
        clients: their IDs.
        by: told by every listener; here each assignment knows who wrote it.
        on: today, where it is left out.
    """
    day = on or timezone.localdate()
    for client_id in sorted(set(clients)):
        lock(client_id)
        rows = list(
            CaseAssignment.objects.filter(client=client_id)
            .select_related("case_manager")
            .order_by("begins_on", "pk")
        )
        _tell_of_begins(rows, day)
        _tell_of_ends(rows, day)
        _pass_on(client_id, rows, day)


def _tell_of_begins(rows: Rows, day: date) -> None:
    for row in rows:
        is_own = row.created_by_id == row.case_manager_id
        if row.is_active_on(day) and not is_own and _is_news(row.begins_on, row.date_created, day):
            _tell(row, Kind.ASSIGNED)
        elif not row.is_active_on(day):
            _told(row, Kind.ASSIGNED).settle()


def _tell_of_ends(rows: Rows, day: date) -> None:
    working = {row.case_manager_id for row in rows if row.is_active_on(day)}
    for row in rows:
        if row.case_manager_id in working:
            _told(row, Kind.TAKEN_OFF).settle()
        elif row.ends_on is not None and row.ends_on <= day:
            is_own = row.updated_by_id == row.case_manager_id
            if not is_own and _is_news(row.ends_on, row.date_updated, day):
                _tell(row, Kind.TAKEN_OFF)


def _is_news(happened_on: date, written_at: datetime, day: date) -> bool:
    latest = max(happened_on, timezone.localdate(written_at))
    return latest >= day - timedelta(days=settings.CAS_NEWS_DAYS)


def _tell(row: CaseAssignment, kind: Kind) -> None:
    users = [row.case_manager] if row.case_manager.is_active else []
    tell(Matter(kind, of_assignment(row), row.client_id), users)


def _told(row: CaseAssignment, kind: Kind) -> NotificationQuerySet:
    told = Notification.objects.unanswered().about_this(kind, of_assignment(row))
    return told.filter(recipient=row.case_manager_id)


def _pass_on(client_id: int, rows: Rows, day: date) -> None:
    active = [row for row in rows if row.is_active_on(day)]
    working = {row.case_manager_id for row in active}
    left = Notification.objects.filter(client=client_id).unanswered().of_the_case()
    for recipient_id in left.exclude(recipient__in=working).recipients():
        ended = [row for row in rows if row.case_manager_id == recipient_id]
        successor = _successor([row for row in ended if row.ends_on and row.ends_on <= day], active)
        if successor:
            _move(left.filter(recipient=recipient_id), successor)


def _successor(ended: Rows, active: Rows) -> User | None:
    """Whose work began, or was entered, when the former case manager's ended, or later.

    On the same enrollment first. Who worked with the client before has been told already.
    """
    if not ended:
        return None
    last = max(ended, key=lambda row: (row.ends_on, row.pk))
    later = [
        row
        for row in active
        if max(row.begins_on, timezone.localdate(row.date_created)) >= last.ends_on
        and row.case_manager.is_active
        and Client.objects.visible_to(row.case_manager).filter(pk=row.client_id).exists()
    ]
    later.sort(key=lambda row: (row.enrollment_id != last.enrollment_id, row.begins_on, row.pk))
    return later[0].case_manager if later else None


def _move(left: NotificationQuerySet, successor: User) -> None:
    """Give to the successor what the successor may see; what both were told is settled."""
    left.told_to_both(successor).settle()
    visible = Event.objects.visible_to(successor)
    left.without_event_or_with(visible).hand_to(successor)
