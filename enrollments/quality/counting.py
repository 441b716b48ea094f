"""Counts of many rules at once: one scan a subject, and a query for each rule that looks further.

Nothing is remembered: a count is that of now.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from enrollments.quality import barriers
from enrollments.quality.catalogue import RULES
from enrollments.quality.groups import STAYS
from enrollments.quality.rule import Narrowing, Rule
from enrollments.quality.scope import Scope
from enrollments.quality.subjects import Subject


@dataclass(frozen=True)
class Tally:
    """How many records a rule found, of how many that it concerns."""

    rule: Rule
    found: int
    of: int

    @property
    def share(self) -> float:
        """In percent."""
        return 100 * self.found / self.of if self.of else 0.0

    @property
    def found_words(self) -> str:
        return f"{self.found:,}"

    @property
    def of_words(self) -> str:
        return f"{self.of:,}"


def tallies(scope: Scope, rules: Iterable[Rule] = RULES) -> list[Tally]:
    """One for each rule, in their order."""
    rules = list(rules)
    counts: dict[str, int] = {}
    for (subject, within), asked in _scans(rules, scope.today).items():
        rows = subject.rows(scope).filter(within.rows)
        counts |= rows.aggregate(
            **{name: Count("pk", filter=condition or None) for name, condition in asked.items()}
        )
    for rule in rules:
        if rule.alone:
            rows = rule.subject.rows(scope).filter(rule.condition(scope.today))
            counts[_found(rule)] = rows.count()
    if any(rule.key in barriers.KEYS for rule in rules):
        told = barriers.found(scope, stays=counts[f"of_{Subject.STAY}_{STAYS.name}"])
        counts |= {f"found_{key}": number for key, number in told.items()}
    return [Tally(rule, counts[_found(rule)], counts[_of(rule)]) for rule in rules]


def _scans(rules: list[Rule], today: date) -> dict[tuple[Subject, Narrowing], dict[str, Q]]:
    """What each scan counts: conditions by name."""
    scans: dict[tuple[Subject, Narrowing], dict[str, Q]] = defaultdict(dict)
    for rule in rules:
        group = rule.concerns
        scans[rule.subject, group.within][_of(rule)] = group.condition(today)
        if not rule.alone and rule.key not in barriers.KEYS:
            scans[rule.subject, rule.within][_found(rule)] = rule.condition(today)
    return scans


def _found(rule: Rule) -> str:
    return f"found_{rule.key}"


def _of(rule: Rule) -> str:
    return f"of_{rule.subject}_{rule.concerns.name}"
