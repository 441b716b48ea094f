from datetime import date, datetime, time, timedelta

from django.utils import timezone

from hmis.demo.rng import Rng

OPENS, CLOSES = 8, 18


def moment(rng: Rng, today: date, days_ago: int) -> datetime:
    """A moment of that day while the agencies are open; at the latest yesterday."""
    day = today - timedelta(days=max(1, days_ago))
    minutes = rng.between(OPENS * 60, CLOSES * 60 - 1)
    return timezone.make_aware(datetime.combine(day, time(*divmod(minutes, 60))))
