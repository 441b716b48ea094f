from datetime import datetime, time, timedelta

from django.db import models
from django.utils import timezone

MORNING = time(8)


class Snooze(models.TextChoices):
    """How long a notification sleeps: it is back on the morning of that day."""

    TOMORROW = "tomorrow", "until tomorrow"
    THREE_DAYS = "3-days", "for 3 days"
    WEEK = "1-week", "for 1 week"

    def until(self, now: datetime) -> datetime:
        days = {Snooze.TOMORROW: 1, Snooze.THREE_DAYS: 3, Snooze.WEEK: 7}[self]
        day = timezone.localdate(now) + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, MORNING))
