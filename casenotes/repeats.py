"""A service that was provided again and again: the days of it."""

from datetime import date, timedelta

from django.db import models

from hud.anniversaries import months_before

MOST_DAYS = 60  # of one form: two months of every day, five years of every month


class Repeat(models.TextChoices):
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"

    def days(self, first: date, last: date) -> list[date]:
        """From `first` to `last`, one day more than MOST_DAYS at most.

        A month without that day has its last day instead.
        """
        days = [first]
        while (day := self._later(first, len(days))) <= last and len(days) <= MOST_DAYS:
            days.append(day)
        return days

    def _later(self, first: date, times: int) -> date:
        if self == Repeat.MONTHLY:
            return months_before(first, -times)
        return first + timedelta(days=times * (7 if self == Repeat.WEEKLY else 1))
