from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import localize

from clients.fields import EncryptedTextField
from clients.merge.policies import Stays
from records.history import tracked

if TYPE_CHECKING:
    from agencies.models import User


class EmergencyAccessQuerySet(models.QuerySet):
    def open_to(self, user: "User") -> Self:
        """What this user may read right now; none where the setting is off.

        An organization that became a victim service provider, or allows it no more, ends it too.
        """
        if not settings.BREAK_GLASS:
            return self.none()
        return self.filter(
            user=user,
            ended_at=None,
            ends_at__gt=timezone.now(),
            client__organization__victim_service_provider=False,
            client__organization__allows_emergency_access=True,
        ).order_by()

    def running(self) -> Self:
        return self.filter(ended_at=None, ends_at__gt=timezone.now())


@tracked()
class EmergencyAccess(models.Model):
    """A user reads one restricted client of another organization for some hours, for a reason.

    organization: the one that the user worked for. The client's own answers for the record: its
    officers are alerted and may end this at once (docs/adr/0034).
    """

    class Reason(models.TextChoices):
        DANGER = "danger", "Somebody is in danger"
        MEDICAL = "medical", "Medical emergency"
        MISSING = "missing", "Missing person"
        OTHER = "other", "Another emergency"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "agencies.Organization", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
    explanation = EncryptedTextField()
    begins_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = EmergencyAccessQuerySet.as_manager()
    on_merge = {"client": Stays("emergency access was to the ID that was typed")}

    class Meta:
        verbose_name = "emergency access"
        verbose_name_plural = "emergency accesses"
        ordering = ["-begins_at", "-id"]
        indexes = [
            models.Index(
                fields=["user", "ends_at"],
                name="emergency_open_to_user",
                condition=Q(ended_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="emergency_reason_is_known",
                condition=Q(reason__in=["danger", "medical", "missing", "other"]),
                violation_error_message="Choose what the emergency is.",
            ),
            models.CheckConstraint(
                name="emergency_is_explained",
                condition=~Q(explanation=""),
                violation_error_message="Write why this record is needed now.",
            ),
            models.CheckConstraint(
                name="emergency_ends_after_begin",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message="Emergency access ends after it begins.",
            ),
            models.CheckConstraint(
                name="emergency_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                violation_error_message="Ending emergency access needs who and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"Emergency access {localize(timezone.localtime(self.begins_at))}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.ends_at > timezone.now()
