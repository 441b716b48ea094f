"""What the overview shows: sections of tallies, and how many records of each level were found."""

from collections.abc import Iterator

from django.utils import timezone

from enrollments.quality.catalogue import sections
from enrollments.quality.counting import Tally, counted
from enrollments.quality.rule import Level
from enrollments.quality.scope import Scope


class Overview:
    """
    Args:
        anew: count now, and do not show what was counted some minutes ago.
    """

    def __init__(self, scope: Scope, *, anew: bool) -> None:
        told = counted(scope, anew=anew)
        self.at = timezone.localtime(told.at)
        self.by_key = {tally.rule.key: tally for tally in told.tallies}

    @property
    def sections(self) -> Iterator[tuple[str, list[Tally]]]:
        for section, rules in sections():
            yield section, [self.by_key[rule.key] for rule in rules if rule.key in self.by_key]

    @property
    def levels(self) -> list[tuple[Level, int]]:
        """How many rules of each level found something."""
        return [
            (level, sum(1 for one in self.by_key.values() if one.found and one.rule.level is level))
            for level in Level
        ]
