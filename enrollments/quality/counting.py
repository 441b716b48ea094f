"""Counts of many rules at once: one scan a subject, and a query for each rule that looks further.

Nothing is remembered: a count is that of now.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from enrollments.quality.catalogue import RULES
from enrollments.quality.rule import Rule
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
    for subject in Subject:
        ours = [rule for rule in rules if rule.subject is subject]
        if ours:
            counts |= _in_one_scan(subject, ours, scope)
    for rule in rules:
        if rule.alone:
            rows = rule.subject.rows(scope).filter(rule.condition(scope.today))
            counts[f"found_{rule.key}"] = rows.count()
    return [Tally(rule, counts[f"found_{rule.key}"], counts[_group(rule)]) for rule in rules]


def _in_one_scan(subject: Subject, rules: list[Rule], scope: Scope) -> dict[str, int]:
    asked: dict[str, Q] = {_group(rule): rule.concerns.condition(scope.today) for rule in rules}
    asked |= {f"found_{rule.key}": rule.condition(scope.today) for rule in rules if not rule.alone}
    counted = {name: Count("pk", filter=condition or None) for name, condition in asked.items()}
    return subject.rows(scope).aggregate(**counted)


def _group(rule: Rule) -> str:
    return f"of_{rule.subject}_{rule.concerns.condition.__name__}"
