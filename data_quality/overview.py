"""What the overview shows: sections of counts, and how many records of each level were found."""

from collections.abc import Iterator
from itertools import groupby

from django.utils import timezone

from data_quality.counts import RuleCount, counted
from data_quality.rules.catalog import RULES
from data_quality.rules.rule import Level
from data_quality.rules.scope import Scope


class Overview:
    """
    Args:
        anew: count now, and do not show what was counted some minutes ago.
        in_full: show the rules that found nothing too.
    """

    def __init__(self, scope: Scope, *, anew: bool, in_full: bool) -> None:
        told = counted(scope, anew=anew)
        self.at = timezone.localtime(told.at)
        self.in_full = in_full
        self.by_key = {count.rule.key: count for count in told.rule_counts}

    @property
    def sections(self) -> Iterator[tuple[str, list[RuleCount]]]:
        shown = [self.by_key[rule.key] for rule in RULES if rule.key in self.by_key]
        shown = [one for one in shown if one.found or self.in_full]
        for section, members in groupby(shown, key=lambda one: one.rule.section):
            yield section, list(members)

    @property
    def finds_something(self) -> bool:
        return any(one.found for one in self.by_key.values())

    @property
    def levels(self) -> list[tuple[Level, int]]:
        """How many rules of each level found something."""
        return [
            (level, sum(1 for one in self.by_key.values() if one.found and one.rule.level is level))
            for level in Level
        ]
