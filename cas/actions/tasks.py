"""Notify whom a colleague gave a task; what is not so any more is resolved (docs/adr/0012)."""

from django.db import transaction
from django.db.models import QuerySet

from agencies.models import User
from cas import pending
from cas.actions.notify import Pair, Subject, about_subjects, lock, notify
from cas.choices import Kind
from cas.models import Notification
from tasks.models import Task


@transaction.atomic(savepoint=False)
def tasks_written(*, tasks: list[Task], by: User) -> None:
    """Notify who has to do these tasks, but for who wrote them; of a task that is done, nobody.

    Args:
        tasks: as they are now.
    """
    lock(task.client_id for task in tasks)
    known = about_subjects([_key(task) for task in tasks])
    wanted = {_key(task): task.assigned_to_id for task in tasks if task.is_open}
    over = [
        row.pk
        for row in known
        if row.resolved_at is None and wanted.get(row.subject) != row.recipient_id
    ]
    if over:
        Notification.objects.filter(pk__in=over).current().resolve()
    pairs: list[Pair] = [
        (Subject(Kind.TASK, _key(task), task.client_id, _row(task)), task.assigned_to)
        for task in tasks
        if task.is_open and task.assigned_to_id != by.pk
    ]
    notify(pairs)


def _key(task: Task) -> str:
    return pending.key("task", task.pk)


def _row(task: Task) -> QuerySet[Task]:
    return Task.objects.filter(pk=task.pk)
