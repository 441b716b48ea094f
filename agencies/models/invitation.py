"""What officers begin and a mail's link completes: invitations, and resets of two-step log-in."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models.organization import Role
from records import clock

if TYPE_CHECKING:
    from agencies.models.user import User


class State(models.TextChoices):
    PENDING = "pending", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Taken back"


class InvitationQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those that can still be answered."""
        return self.filter(state=State.PENDING, expires_at__gt=clock.now())

    def open_for(self, user: "User") -> Self:
        """An administrator has access everywhere and is given none."""
        return self.none() if user.is_superuser else self.open().filter(user=user)


class Invitation(models.Model):
    """An organization invites a user, whose access begins with the user's own answer.

    email: as it was typed; all that the organization knows of the user until then.
    """

    State = State

    organization = models.ForeignKey(
        "agencies.Organization", models.CASCADE, related_name="invitations"
    )
    user = models.ForeignKey("agencies.User", models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CASE_MANAGER)
    invited_by = models.ForeignKey(
        "agencies.User", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField("sent", default=timezone.now)
    expires_at = models.DateTimeField("expires")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    answered_at = models.DateTimeField("answered", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="invitation_pending_once",
                fields=["organization", "user"],
                condition=Q(state=State.PENDING),
                violation_error_message="This person has an invitation already.",
            ),
            models.CheckConstraint(
                name="invitation_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_message="Choose case manager or Data Quality Officer.",
            ),
            models.CheckConstraint(
                name="invitation_answered_when",
                condition=Q(state=State.PENDING, answered_at=None)
                | Q(
                    state__in=[State.ACCEPTED, State.DECLINED, State.WITHDRAWN],
                    answered_at__isnull=False,
                ),
                violation_error_message="Say when the invitation was answered.",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.state == State.PENDING and self.expires_at > timezone.now()

    @property
    def state_now(self) -> str:
        """In words; nobody writes down that one has expired."""
        is_pending = self.state == State.PENDING
        return "Expired" if is_pending and not self.is_open else self.get_state_display()


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

    user = models.ForeignKey("agencies.User", models.CASCADE, related_name="+")
    by = models.ForeignKey(
        "agencies.User", models.SET_NULL, null=True, related_name="+", db_index=False
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
