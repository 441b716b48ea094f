"""Tasks: written, done, handed over with the work that they belong to."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import User
from clients.locks import lock_clients, lock_found
from clients.models import Client
from enrollments.listeners import HandOver
from enrollments.models import CaseAssignment
from records.constraints import constraint_messages
from tasks.listeners import tasks_written
from tasks.models import CalendarFeed, Task


@constraint_messages()
def save_task(*, task: Task, by: User) -> Task:
    """Write a new or changed task, and let a colleague who has to do it know."""
    task.stamp(by=by)
    task.save()
    tasks_written(tasks=[task], by=by)
    return task


def finish(*, task: Task, by: User) -> bool:
    """Mark a task done; False where somebody was quicker. Run in a transaction."""
    current = _current(task)
    if current.done_at is None:
        current.mark_done(by=by)
        return True
    return False


def reopen(*, task: Task, by: User) -> bool:
    """Open a task again that was done; False where it is open already. Run in a transaction."""
    current = _current(task)
    if current.done_at is not None:
        current.mark_open(by=by)
        return True
    return False


def hand_over_tasks(*, hand_overs: Iterable[HandOver], by: User) -> int:
    """Let the open tasks of a former case manager go along with the work; return how many.

    Those of the enrollment go; those of the client that name none go where the former case manager
    has no other work with the client. What is due before the work changes hands stays, as does
    what `by` may not change or the new case manager may not see: it stands on the client's list,
    where a colleague takes it over.
    """
    moved: list[Task] = []
    for (giver_id, to, on), group in _together(hand_overs).items():
        clients = {one.client_id for one in group}
        shared = by.access.keys() & to.access.keys()
        work = Task.objects.open_work_of(giver_id, shared).filter(client__in=clients)
        if not work.exists():  # as of most
            continue
        visible = Client.objects.visible_to(to).filter(pk__in=clients)
        seen = set(visible.order_by().values_list("pk", flat=True))
        others = CaseAssignment.objects.not_over_on(on).filter(client__in=seen)
        kept = others.filter(case_manager=giver_id).order_by().values_list("client", flat=True)
        enrollments = [one.enrollment_id for one in group if one.client_id in seen]
        rows = work.of_work(enrollments, seen.difference(kept))
        if on > timezone.localdate():
            rows = rows.due_from(on)
        moved += _give(rows.locked(), to, by)
    tasks_written(tasks=moved, by=by)
    return len(moved)


def hand_over_all(*, user: User, organizations: Iterable[int], to: User, by: User) -> int:
    """Hand over what a user has still to do for these organizations; return how many tasks.

    What the new one may not see stays where it is, as of an organization without access.
    """
    theirs = [pk for pk in organizations if pk in to.access]
    rows = Task.objects.open_work_of(user.pk, theirs)
    seen = Client.objects.visible_to(to).order_by()
    moved = _give(rows.filter(client__in=seen).locked(), to, by)
    tasks_written(tasks=moved, by=by)
    return len(moved)


def lock_clients_of_work(*, user: User, organizations: Iterable[int], to: User, by: User) -> int:
    """Lock all clients with work to hand over, once, before any of it is written (docs/locks.md).

    Returns:
        0: nothing changes hands here.
    """
    theirs = list(organizations)
    assigned = CaseAssignment.objects.open_work_of(user, theirs, timezone.localdate())
    tasks = Task.objects.open_work_of(user.pk, theirs)
    lock_found(lambda: _clients_of(assigned) | _clients_of(tasks))
    return 0


def _clients_of(work: QuerySet) -> set[int]:
    return set(work.order_by().values_list("client", flat=True))


def turn_calendar_on(*, user: User) -> CalendarFeed:
    """Give the user's calendar an address that is new: any earlier one is not there any more."""
    new = {"key": uuid.uuid4(), "created_at": timezone.now()}
    feed, _ = CalendarFeed.objects.update_or_create(user=user, defaults=new)
    return feed


def turn_calendar_off(*, user: User) -> bool:
    """Take the calendar's address away; False where there was none."""
    count, _ = CalendarFeed.objects.filter(user=user).delete()
    return bool(count)


def _together(hand_overs: Iterable[HandOver]) -> dict[tuple[int, User, date], list[HandOver]]:
    """What goes from one user to another on one day: however many, as many statements."""
    found: dict[tuple[int, User, date], list[HandOver]] = {}
    for one in hand_overs:
        found.setdefault((one.giver_id, one.to, one.on), []).append(one)
    return found


def _current(task: Task) -> Task:
    """The row as it is now, locked."""
    lock_clients([task.client_id])
    return Task.objects.locked().get(pk=task.pk)


def _give(rows: Iterable[Task], to: User, by: User) -> list[Task]:
    given = list(rows)
    for row in given:
        row.assigned_to = to
        row.stamp(by=by)
        row.save(update_fields=["assigned_to", "date_updated", "updated_by"])
    return given
