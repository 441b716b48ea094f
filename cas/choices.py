"""The choices of Coordinated Access."""

from datetime import datetime, time, timedelta

from django.db import models
from django.utils import timezone

MORNING = time(8)


class Kind(models.TextChoices):
    """What users are notified of (10.1); no label says anything about a person."""

    REFERRED = "referred", "Referred or matched"
    ACCEPTED = "accepted", "Referral accepted"
    REJECTED = "rejected", "Referral rejected"
    NO_SHOW = "no_show", "No show"
    OUTCOME = "outcome", "Outcome recorded"
    DOCUMENTS_MISSING = "missing", "Documents missing"
    DOCUMENTS_VERIFIED = "verified", "Documents verified"
    DOCUMENTS_EXPIRING = "expiring", "Documents about to expire"
    INACTIVITY = "inactive", "Inactivity"
    REMOVED = "removed", "Removed from the queue"
    ASSIGNED = "assigned", "Assigned to a case"
    UNASSIGNED = "unassigned", "Unassigned from a case"
    PROPOSED = "proposed", "Removal from the queue proposed"
    TASK = "task", "Task assigned to you"
    RELEASE_ENDING = "roi_ending", "Release of Information ends soon"
    RELEASE_ENDED = "roi_ended", "Release of Information ended"
    RELEASE_REVOKED = "roi_gone", "Release of Information revoked"
    WITNESS = "witness", "Named as witness of a release"

    @property
    def is_personal(self) -> bool:
        """Whether it is about the recipient, so that it moves to nobody else."""
        return self in {
            *(self.ASSIGNED, self.UNASSIGNED, self.TASK),
            *(self.RELEASE_REVOKED, self.WITNESS),
        }

    @property
    def outlives_access(self) -> bool:
        """Whether users who do not see the client any more are notified: it says just that."""
        return self is self.RELEASE_REVOKED

    @property
    def is_about_a_release(self) -> bool:
        return self in {
            *(self.RELEASE_ENDING, self.RELEASE_ENDED),
            *(self.RELEASE_REVOKED, self.WITNESS),
        }

    @property
    def is_of_coordinated_access(self) -> bool:
        """Whether CAS administrators look after it."""
        return self is not self.TASK and not self.is_about_a_release


PERSONAL_KINDS = [kind for kind in Kind if kind.is_personal]
RELEASE_KINDS = [kind for kind in Kind if kind.is_about_a_release]
AFTER_ACCESS = [kind for kind in Kind if kind.outlives_access]
OF_THE_AGENCY = [kind for kind in Kind if not kind.is_of_coordinated_access]


class State(models.TextChoices):
    """What has become of a notification."""

    NEW = "new", "New"
    SNOOZED = "snoozed", "Snoozed"
    OPENED = "opened", "Opened"
    DISMISSED = "dismissed", "Dismissed"
    RESOLVED = "resolved", "Resolved"


class Snooze(models.TextChoices):
    """How long a notification sleeps: it is back on the morning of that day."""

    TOMORROW = "tomorrow", "until tomorrow"
    THREE_DAYS = "3-days", "for 3 days"
    WEEK = "1-week", "for 1 week"

    def until(self, now: datetime) -> datetime:
        days = {Snooze.TOMORROW: 1, Snooze.THREE_DAYS: 3, Snooze.WEEK: 7}[self]
        day = timezone.localdate(now) + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, MORNING))


class EventKind(models.TextChoices):
    """What happens to a client in CAS: an event of HUD's list, or something HUD does not list."""

    HUD = "hud", "Coordinated entry event"
    MATCHED = "matched", "Matched to an opening"
    DOCUMENTS_MISSING = "missing", "Documents missing"
    DOCUMENTS_VERIFIED = "verified", "Documents verified"
    INACTIVE = "inactive", "Inactive"
    REMOVED = "removed", "Removed from the queue"

    @property
    def is_hud(self) -> bool:
        return self == self.HUD

    @property
    def notification_kind(self) -> Kind:
        """What case managers are notified of when it is recorded (10.1)."""
        return Kind.REFERRED if self in (self.HUD, self.MATCHED) else Kind(self.value)


class Purpose(models.TextChoices):
    """What a mail of Coordinated Access is for."""

    FIRST = "first", "First notice"
    REMINDER = "reminder", "Reminder"
    ESCALATION = "escalation", "Escalation"


class MailRhythm(models.TextChoices):
    """How a user hears of notifications by e-mail (10.3)."""

    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "As a daily digest"
