"""What an officer should look at: unusual events of one user, once a day."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies.models.security_event import Kind

if TYPE_CHECKING:
    from agencies.models.user import User


class SecurityAlertQuerySet(models.QuerySet):
    def for_officer(self, officer: "User") -> Self:
        """Alerts to the officer's organizations, and of users who work for one of them."""
        if officer.is_superuser:
            return self
        users = officer._meta.model._default_manager.known_to(officer).order_by()
        is_theirs = Exists(users.filter(pk=OuterRef("user")))
        own = Q(organization__in=officer.dqo_organizations)
        return self.filter(own | (Q(organization=None) & is_theirs))

    def unseen(self) -> Self:
        return self.filter(seen_at=None)

    def mark_seen(self, *, by: "User") -> int:
        """Note who has looked at these; return how many nobody had looked at before."""
        return self.unseen().update(seen_at=timezone.now(), seen_by=by)


class SecurityAlert(models.Model):
    """One user, one kind of event, one day; the events have what happened when.

    user: whose events they are; of a reset, whose second factor it was.
    organization: whose officers are notified; None for all that the user works for.
    """

    kind = models.CharField("alert", max_length=30, choices=Kind.choices)
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "agencies.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    day = models.DateField()
    at = models.DateTimeField("when", default=timezone.now)
    seen_at = models.DateTimeField("seen", null=True)
    seen_by = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = SecurityAlertQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="alert_unseen", condition=Q(seen_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="security_alert_once_a_day",
                fields=["user", "kind", "day"],
                condition=Q(organization=None),
                violation_error_message="There is an alert of this kind for the user today.",
            ),
            models.UniqueConstraint(
                name="security_alert_once_a_day_and_organization",
                fields=["user", "kind", "organization", "day"],
                condition=Q(organization__isnull=False),
                violation_error_message="There is an alert of this kind for the user today.",
            ),
            models.CheckConstraint(
                name="security_alert_kind_is_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message="Choose a kind of security event.",
            ),
            models.CheckConstraint(
                name="security_alert_seen_by_somebody",
                condition=Q(seen_at=None, seen_by=None)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                violation_error_message="Say who has seen the alert, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user}"
