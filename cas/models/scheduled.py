from django.db import models


class ScheduledRun(models.Model):
    """How far the notifications that time brings have been looked for: one row, rewritten.

    Attributes:
        day: the day of which all clients were looked at; the others are not looked at again on it.
        changes_from: what is written of a client from then on may call for another look.
    """

    day = models.DateField()
    changes_from = models.DateTimeField()

    def __str__(self) -> str:
        return f"Scheduled run {self.pk}"
