"""Rows that the constraints of tasks accept and refuse (tests/test_constraints.py)."""

from functools import partial

from django.utils import timezone

from tests.factories import UserFactory
from tests.tasks.factories import TaskFactory

NOW = timezone.now()
ROWS = {
    "task_says_what": ([partial(TaskFactory, text="x")], [partial(TaskFactory, text="")]),
    "task_done_by_somebody": (
        [lambda: TaskFactory(done_at=NOW, done_by=UserFactory())],
        [partial(TaskFactory, done_at=NOW), lambda: TaskFactory(done_by=UserFactory())],
    ),
    "task_stays_in_organization": (
        [partial(TaskFactory, visibility="own")],
        [partial(TaskFactory, visibility="all")],
    ),
}
