"""Upper floors that want to know when case assignments are written (docs/adr/0012)."""

from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.models import User


class Listener(Protocol):
    """Is called in the transaction that wrote the assignments; looks at them as they are now."""

    def __call__(self, *, clients: Iterable[int], by: User) -> None: ...


def assignments_written(*, clients: Iterable[int], by: User) -> None:
    """Tell every listener of settings.CASE_ASSIGNMENT_LISTENERS.

    Args:
        clients: the IDs of the clients whose assignments were added, changed or ended.
        by: who did it.
    """
    listeners: list[Listener] = [import_string(path) for path in settings.CASE_ASSIGNMENT_LISTENERS]
    ids = sorted(set(clients))
    for listener in listeners if ids else []:
        listener(clients=ids, by=by)
