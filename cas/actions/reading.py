"""What a user does with the own notifications."""

from datetime import datetime

from django.utils import timezone

from agencies.models import User
from cas.models import Notification


def dismiss_all(*, by: User, shown_at: datetime) -> tuple[datetime, int]:
    """Dismiss what was there when the page was shown; what is snoozed comes back in its time.

    Returns:
        The moment that all of them carry, for undoing, and how many there were.
    """
    now = timezone.now()
    rows = Notification.objects.of(by).current().awake(now).arrived_by(shown_at)
    return now, rows.update(dismissed_at=now)


def undo_dismiss_all(*, by: User, at: datetime) -> int:
    return Notification.objects.of(by).filter(dismissed_at=at).update(dismissed_at=None)
