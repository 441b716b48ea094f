"""Tasks that somebody has still to do, for the officer who ends the access."""

from django.db.models import QuerySet
from django.urls import reverse

from agencies.models import User
from agencies.work import MOST, Work
from tasks.models import Task


def tasks(user: User, organizations: list[int]) -> list[Work]:
    """Return the open tasks for these organizations; each leads to its form, where it is given."""
    rows: QuerySet[Task] = Task.objects.open_work_of(user.pk, organizations).due_first()
    return [
        Work(
            text=f"Task for client {row.client_id}, due {row.due_on:%m/%d/%Y}",
            url=reverse("tasks:edit_task", args=[row.client_id, row.pk]),
        )
        for row in rows[: MOST + 1]
    ]
