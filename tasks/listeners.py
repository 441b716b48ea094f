"""Upper floors that want to know when tasks are written (docs/adr/0012)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from agencies.models import User
    from tasks.models import Task


class Listener(Protocol):
    """Is called in the transaction that wrote the tasks; looks at them as they are now."""

    def __call__(self, *, tasks: list["Task"], by: "User") -> None: ...


def tasks_written(*, tasks: Iterable["Task"], by: "User") -> None:
    """Tell every listener of settings.TASK_LISTENERS.

    Args:
        tasks: those that were added, changed, done, reopened, deleted or restored.
        by: who did it.
    """
    rows = list(tasks)
    listeners: list[Listener] = [import_string(path) for path in settings.TASK_LISTENERS]
    for listener in listeners if rows else []:
        listener(tasks=rows, by=by)
