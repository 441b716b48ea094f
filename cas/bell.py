"""The red count of the bell, on every page: one look into a partial index, at any size."""

from datetime import datetime

from agencies.models import User
from cas.models import Notification
from cas.querysets import NotificationQuerySet

MOST = 99


def waiting(user: User, now: datetime | None = None) -> NotificationQuerySet:
    """What the user has not answered and has not snoozed."""
    return Notification.objects.of(user).unanswered().awake(now)


def count(user: User) -> str:
    """How many wait, as the bell shows it: "99+" at most, empty for none."""
    # In the order of the partial index: without an order, the planner may read what was answered.
    many = waiting(user).latest_shown_first()[: MOST + 1].count()
    return f"{MOST}+" if many > MOST else str(many or "")
