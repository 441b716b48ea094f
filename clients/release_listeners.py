"""Upper floors that want to know what became of releases (docs/adr/0012)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from agencies.models import User
    from clients.models import Release


class Listener(Protocol):
    """Is called in the transaction that wrote the releases; looks at them as they are now."""

    def __call__(self, *, releases: list["Release"], by: "User") -> None: ...


def releases_written(*, releases: Iterable["Release"], by: "User") -> None:
    """Tell every listener of settings.RELEASE_LISTENERS.

    Args:
        releases: those that were recorded, refused, revoked or whose revocation was undone; that a
            merge held back, and that count again since.
        by: who did it.
    """
    rows = list(releases)
    listeners: list[Listener] = [import_string(path) for path in settings.RELEASE_LISTENERS]
    for listener in listeners if rows else []:
        listener(releases=rows, by=by)
