"""Upper floors that want to know when case assignments are written (docs/adr/0012)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class HandOver:
    """One enrollment's work that changed hands.

    Attributes:
        giver_id: the former case manager.
        to: the new one.
        on: the day from which on it is the new one's work.
    """

    client_id: int
    enrollment_id: int
    giver_id: int
    to: User
    on: date


def work_handed_over(*, hand_overs: Iterable[HandOver], by: User) -> None:
    """Tell every listener of settings.HAND_OVER_LISTENERS, in the transaction that wrote it.

    What belongs to the work goes along: callables that take `hand_overs` and `by`.
    """
    rows = list(hand_overs)
    for path in settings.HAND_OVER_LISTENERS if rows else []:
        import_string(path)(hand_overs=rows, by=by)
