from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.merge.policies import Stays
from records.model_fields import protected


class Cause(models.TextChoices):
    REQUEST = "request", "The client's request"
    RETENTION = "retention", "The end of the retention period"
    RESTORED = "restored", "Erased before a backup was restored"


class Erasure(models.Model):
    """That a client's identifying data was taken out: IDs and times alone, kept for good.

    `files_deleted_at` is empty until the file store has confirmed that the client's files are gone:
    a run that was killed, or a store that was down, is finished by the next one.
    """

    Cause = Cause

    client = models.OneToOneField("clients.Client", models.PROTECT, related_name="erasure")
    cause = models.CharField(max_length=10, choices=Cause.choices)
    request = protected("privacy.ClientRequest", null=True)
    by = protected("agencies.User", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    files_deleted_at = models.DateTimeField(null=True)

    on_merge = {"client": Stays("nobody merges an erased record")}

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], name="erasure_files_waiting", condition=Q(files_deleted_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="erasure_cause_is_known",
                condition=Q(cause="request", request__isnull=False)
                | Q(cause__in=["retention", "restored"], request=None),
                violation_error_message="An erasure has a request, or another cause.",
            )
        ]

    def __str__(self) -> str:
        return f"Erasure of client {self.client_id}"


class RetentionList(models.Model):
    """One listing of the clients whose retention period has ended: how many, and never who."""

    at = models.DateTimeField(default=timezone.now)
    unchanged_since = models.DateField()
    clients = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Retention list {self.pk}"
