"""What the overview shows: sections of tallies, and how many records of each level were found."""

from collections.abc import Iterator

from enrollments.quality.catalogue import sections
from enrollments.quality.counting import Tally, tallies
from enrollments.quality.rule import Level
from enrollments.quality.scope import Scope


class Overview:
    def __init__(self, scope: Scope) -> None:
        self.by_key = {tally.rule.key: tally for tally in tallies(scope)}

    @property
    def sections(self) -> Iterator[tuple[str, list[Tally]]]:
        for section, rules in sections():
            yield section, [self.by_key[rule.key] for rule in rules]

    @property
    def levels(self) -> list[tuple[Level, int]]:
        """How many rules of each level found something."""
        return [
            (level, sum(1 for one in self.by_key.values() if one.found and one.rule.level is level))
            for level in Level
        ]
