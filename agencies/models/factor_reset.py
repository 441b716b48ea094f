from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from agencies.models.user import User


class Identified(models.TextChoices):
    """How an officer made sure of who asked, at least as sure as when the account was given."""

    IN_PERSON = "in_person", "In person, with an identity document or staff badge"
    VIDEO = "video", "In a video call, with an identity document or staff badge"
    CALLED_BACK = "called_back", "Called back at the number that the agency has on file"
    SUPERVISOR = "supervisor", "Confirmed by the supervisor, whom I asked myself"


class FactorResetQuerySet(models.QuerySet):
    def open_for(self, user: "User") -> Self:
        """The reset after which the user has not set up a new app yet."""
        return self.filter(user=user, ended_at=None)

    def end(self) -> int:
        return self.update(ended_at=timezone.now())


class FactorReset(models.Model):
    """An officer took a lost second factor away: a new one needs the link of a mail.

    The password alone sets up none: whoever stole it may be the one who asked.

    ended_at: when a new app was set up, or another reset took its place.
    """

    Identified = Identified

    user = models.ForeignKey("agencies.User", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        "agencies.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    identified = models.CharField(max_length=20, choices=Identified.choices)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="factor_reset_open_once",
                fields=["user"],
                condition=Q(ended_at=None),
                violation_error_message="Two-step log-in of this user has been reset already.",
            ),
            models.CheckConstraint(
                name="factor_reset_identified",
                condition=Q(identified__in=Identified.values),
                violation_error_message="Say how you made sure who asks.",
            ),
        ]

    def __str__(self) -> str:
        return f"Reset {self.pk}"
