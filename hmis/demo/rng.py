from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from django.utils import timezone

Option = TypeVar("Option")
OPENS, CLOSES = 8, 18


class Rng:
    """Draws that are the same for a seed on every machine and in every version of Python.

    Of `random.Random` that is promised for `random()` alone, so everything here is made of it, by
    multiplications only: `pow` may differ in its last bit.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed).random  # noqa: S311 -- it must repeat itself

    def chance(self, share: float) -> bool:
        return self.random() < share

    def below(self, limit: int) -> int:
        return int(self.random() * limit)

    def between(self, first: int, last: int) -> int:
        return first + self.below(last - first + 1)

    def pick(self, options: Sequence[Option]) -> Option:
        return options[self.below(len(options))]

    def early(self, options: Sequence[Option]) -> Option:
        """One of the options, the first of them the most often: a long tail."""
        return options[int(self.random() * self.random() * len(options))]

    def moment(self, today: date, days_ago: int) -> datetime:
        """A moment of that day while the agencies are open; at the latest yesterday."""
        day = today - timedelta(days=max(1, days_ago))
        minutes = self.between(OPENS * 60, CLOSES * 60 - 1)
        return timezone.make_aware(datetime.combine(day, time(*divmod(minutes, 60))))
