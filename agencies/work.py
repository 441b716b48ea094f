"""What a user still has in hand, to be handed over before the access ends.

`settings.WORK_IN_HAND` lists dotted paths of callables `(user, organizations) -> list[Work]`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.models import User

MOST = 100


@dataclass(frozen=True)
class Work:
    """One thing in hand: what it is, without a name, and the page where it is handed on."""

    text: str
    url: str


def work_in_hand(user: User, organizations: Iterable[int]) -> list[Work]:
    """Return what the user has in hand for these organizations, at most MOST and one more."""
    found: list[Work] = []
    for path in settings.WORK_IN_HAND:
        found += import_string(path)(user, list(organizations))
    return found
