from django.db import models
from django.db.models import Q


class LimitedUse(models.TextChoices):
    """What is counted for each user and hour; docs/security/limits.md has the numbers."""

    SEARCHES = "searches", "searches"
    CLIENTS = "clients", "clients opened"
    REVEALS = "reveals", "SSNs revealed"
    DOWNLOADS = "downloads", "files opened"
    EXPORTS = "exports", "rows exported"
    LOOKUPS = "lookups", "users looked up"
    REPORTS = "reports", "duplicates reported"
    UPLOADS = "uploads", "megabytes uploaded"
    NEW_CLIENTS = "new_clients", "clients added"
    EMERGENCIES = "emergencies", "requests for emergency access"


class UseCount(models.Model):
    """How much of one kind a user did in one hour, and in the last minute of it.

    Every count is one upsert of this row, so that two requests at once, or two web processes,
    lose nothing (agencies.limits.py).

    reason: why the user goes on after the question of this hour; empty until it is answered.
    """

    user = models.ForeignKey(
        "agencies.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=LimitedUse.choices)
    hour = models.DateTimeField()
    count = models.PositiveBigIntegerField(default=0)
    minute = models.DateTimeField()
    count_in_minute = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="use_counted_once_an_hour",
                fields=["user", "kind", "hour"],
                violation_error_message="There is one count of a kind for each user and hour.",
            ),
            models.CheckConstraint(
                name="use_kind_is_known",
                condition=Q(kind__in=LimitedUse.values),
                violation_error_message="Choose a kind of use that is counted.",
            ),
        ]
        indexes = [models.Index(fields=["hour"], name="use_by_hour")]

    def __str__(self) -> str:
        return f"{self.count} {self.get_kind_display()}"
