"""Sessions and the browsers they began in: the tables alone neither let in nor name anybody."""

from typing import Self

from django.db import models
from django.utils import timezone

from records.migrations._fields import UniqueKeyField


class EndReason(models.TextChoices):
    """Why a session was ended from outside, in the words that its user reads at the log-in page."""

    ANOTHER_LOG_IN = (
        "another_log_in",
        "You were logged out because you logged in on another computer.",
    )
    ENDED_ELSEWHERE = "ended_elsewhere", "You ended this session from another computer."
    SECURITY_CHANGE = (
        "security_change",
        "You were logged out because the password or the two-step log-in of your account was "
        "changed. Log in again.",
    )
    BY_OFFICER = "by_officer", "Your session was ended by an administrator. Log in again."


class UserSessionQuerySet(models.QuerySet):
    def owned_by(self, owners: list[str]) -> Self:
        """The sessions of one user, by the keyed hashes of the user's ID."""
        return self.filter(owner__in=owners)

    def open_at(self, now) -> Self:
        return self.filter(ended_as="", expires_at__gt=now)


class UserSession(models.Model):
    """One session, of whichever store.

    Neither the key in the user's cookie nor the user's ID is here: `key_hash` is the SHA-256 of the
    one, `owner` a keyed hash of the other, blank before the log-in. `data` is encrypted, and blank
    where Redis keeps it. A session that was ended from outside keeps the reason until it expires.
    """

    key_hash = UniqueKeyField(max_length=64, primary_key=True)
    owner = models.CharField(max_length=64, blank=True)
    data = models.TextField(blank=True)
    ended_as = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["owner"], condition=~models.Q(owner=""), name="session_of_its_owner"
            )
        ]

    def __str__(self) -> str:
        return f"Session until {self.expires_at:%Y-%m-%d %H:%M}"


class KnownBrowser(models.Model):
    """A browser that a user has logged in with: a keyed hash of its cookie, and nothing else."""

    user = models.ForeignKey(
        "agencies.User", models.CASCADE, related_name="known_browsers", db_index=False
    )
    digest = models.CharField(max_length=64)
    first_used_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="known_browser_once",
                fields=["user", "digest"],
                violation_error_message="This browser is known already.",
            )
        ]

    def __str__(self) -> str:
        return f"Browser {self.pk}"
