"""What a user does with the own notifications; each is one statement, so that a row that moved to
a successor meanwhile is not touched."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from agencies.models import User
from cas.choices import Snooze
from cas.models import Notification
from cas.querysets import NotificationQuerySet


def open_one(*, public_id: UUID, by: User) -> None:
    """Note the first time that the recipient follows it."""
    rows = _of(by, public_id).filter(opened_at=None)
    rows.update(opened_at=timezone.now())


def snooze(*, public_id: UUID, until: Snooze, by: User) -> int:
    """Let it sleep and be new again when it wakes up, even if it was opened."""
    now = timezone.now()
    return (
        _of(by, public_id)
        .filter(resolved_at=None)
        .update(snoozed_until=until.until(now), opened_at=None, dismissed_at=None)
    )


def dismiss(*, public_id: UUID, by: User) -> datetime:
    """Dismiss one, and return the moment by which that can be undone."""
    now = timezone.now()
    _of(by, public_id).filter(dismissed_at=None).update(dismissed_at=now)
    return now


def dismiss_all(*, by: User, shown_at: datetime) -> tuple[datetime, int]:
    """Dismiss what was there when the page was shown; what is snoozed comes back in its time.

    Returns:
        The moment by which all of that can be undone, and how many there were.
    """
    now = timezone.now()
    rows = Notification.objects.of(by).current().awake(now).arrived_by(shown_at)
    return now, rows.update(dismissed_at=now)


def undo_dismiss(*, at: datetime, by: User) -> int:
    """Take back what this user dismissed at that moment."""
    return Notification.objects.of(by).filter(dismissed_at=at).update(dismissed_at=None)


def restore(*, public_id: UUID, by: User) -> int:
    return _of(by, public_id).update(dismissed_at=None)


def _of(user: User, public_id: UUID) -> NotificationQuerySet:
    return Notification.objects.of(user).filter(public_id=public_id)
