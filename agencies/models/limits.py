"""What agencies/limits.py counts."""

from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone

from records.migrations._fields import UniqueKeyField

# One statement: two attempts at once are two. A period that ends later than one that begins now was
# begun by a clock that has been set back, or that is ahead on another web server (docs/scaling.md).
COUNT_ONE = """
    INSERT INTO agencies_attemptcount AS held (key, attempts, ends_at)
    VALUES (%(key)s, 1, %(ends_at)s)
    ON CONFLICT (key) DO UPDATE SET (attempts, ends_at) = (
        SELECT CASE WHEN is_over THEN 1 ELSE held.attempts + 1 END,
            CASE WHEN is_over THEN excluded.ends_at ELSE held.ends_at END
        FROM (SELECT held.ends_at <= %(now)s
            OR held.ends_at > excluded.ends_at + interval '1 minute' AS is_over) AS period
    )
    RETURNING attempts, ends_at
"""


class AttemptCountQuerySet(models.QuerySet):
    def count_one(self, key: str, period: timedelta) -> tuple[int, datetime]:
        """Count one more; return how many there are in this period, and when it ends."""
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(COUNT_ONE, {"key": key, "now": now, "ends_at": now + period})
            return cursor.fetchone()

    def take_back_one(self, key: str) -> None:
        self.filter(pk=key, attempts__gt=0).update(attempts=F("attempts") - 1)

    def ended(self) -> "AttemptCountQuerySet":
        return self.filter(ends_at__lte=timezone.now())


class AttemptCount(models.Model):
    """How often something was tried from one place in the current period (agencies/limits.py).

    key: a keyed hash of what, whose account and from where; neither address can be read from it.
    """

    key = UniqueKeyField(max_length=64, primary_key=True)
    attempts = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    objects = AttemptCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.attempts} until {self.ends_at}"


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
    TRANSFERS = "transfers", "exports and imports"
    EMERGENCIES = "emergencies", "requests for emergency access"


class UseCount(models.Model):
    """How much of one kind a user did in one hour, and in the last minute of it.

    Every count is one upsert of this row, so that two requests at once, or two web processes,
    lose nothing (agencies.limits.py).

    reason: why the user goes on after the question of this hour; empty until it is answered.
    """

    user = models.ForeignKey("agencies.User", models.CASCADE, related_name="+", db_index=False)
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
