from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

# One statement: two attempts at once are two.
COUNT_ONE = """
    INSERT INTO agencies_attemptcount AS held (key, attempts, ends_at)
    VALUES (%(key)s, 1, %(ends_at)s)
    ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN held.ends_at <= %(now)s THEN 1 ELSE held.attempts + 1 END,
        ends_at = CASE WHEN held.ends_at <= %(now)s THEN excluded.ends_at ELSE held.ends_at END
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

    key = models.CharField(max_length=64, primary_key=True)
    attempts = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    objects = AttemptCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.attempts} until {self.ends_at}"
