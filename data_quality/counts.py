"""Counts of many rules at once: one scan a subject, and a query for each rule that looks further.

`counted` remembers the counts of a scope for some minutes, with the moment that they are of.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.core.cache import cache
from django.db.models import Count, Q, Value
from django.utils import timezone

from data_quality.rules import barriers
from data_quality.rules.catalog import BY_KEY, RULES
from data_quality.rules.groups import ENROLLMENTS
from data_quality.rules.rule import EVERY_ROW, Level, Narrowing, Rule
from data_quality.rules.scope import Scope
from data_quality.rules.subjects import Subject

KEPT_FOR = 600  # seconds


@dataclass(frozen=True)
class RuleCount:
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


def counted(scope: Scope, *, anew: bool) -> tuple[datetime, list[RuleCount]]:
    """The counts of a scope, of the last minutes or of now, after the moment they are of."""
    key = f"data-quality:{scope.fingerprint}"
    kept = None if anew else cache.get(key)
    if kept is None:
        at = timezone.now()
        kept = (at, [(one.rule.key, one.found, one.of) for one in rule_counts(scope)])
        cache.set(key, kept, KEPT_FOR)
    at, rows = kept
    return at, [RuleCount(BY_KEY[key], found, of) for key, found, of in rows if key in BY_KEY]


def rule_counts(scope: Scope, rules: Iterable[Rule] = RULES) -> list[RuleCount]:
    """One for each rule, in their order."""
    rules = list(rules)
    counts: dict[str, int] = {}
    for (subject, within), asked in _scans(rules, scope.today).items():
        rows = subject.rows(scope).filter(within.rows)
        counts |= rows.aggregate(
            **{name: Count("pk", filter=condition or None) for name, condition in asked.items()}
        )
    counts |= _further([rule for rule in rules if rule.alone], scope)
    if any(rule.key in barriers.KEYS for rule in rules):
        told = barriers.found(
            scope, enrollments=counts[f"of_{Subject.ENROLLMENT}_{ENROLLMENTS.name}"]
        )
        counts |= {f"found_{key}": number for key, number in told.items()}
    return [RuleCount(rule, counts[_found(rule)], counts[_of(rule)]) for rule in rules]


def _further(rules: list[Rule], scope: Scope) -> dict[str, int]:
    """Of rules that look into other rows: each a query of its own, sent together."""
    counts = {_found(rule): 0 for rule in rules}
    arms = [
        rule.subject.rows(scope)
        .filter(rule.condition(scope.today))
        .annotate(rule=Value(_found(rule)))
        .values("rule")
        .annotate(found=Count("pk"))
        .values_list("rule", "found")
        for rule in rules
    ]
    if arms:
        counts |= dict(arms[0].union(*arms[1:], all=True))
    return counts


def _scans(rules: list[Rule], today: date) -> dict[tuple[Subject, Narrowing], dict[str, Q]]:
    """What each scan counts: conditions by name."""
    scans: dict[tuple[Subject, Narrowing], dict[str, Q]] = defaultdict(dict)
    for rule in rules:
        group = rule.concerns
        scans[rule.subject, EVERY_ROW][_of(rule)] = group.condition(today)
        if not rule.alone and rule.key not in barriers.KEYS:
            scans[rule.subject, rule.within][_found(rule)] = rule.condition(today)
    return scans


def _found(rule: Rule) -> str:
    return f"found_{rule.key}"


def _of(rule: Rule) -> str:
    return f"of_{rule.subject}_{rule.concerns.name}"


class Overview:
    """Counted now, or some minutes ago; `in_full` shows the rules that found nothing too."""

    def __init__(self, scope: Scope, *, anew: bool, in_full: bool) -> None:
        at, counts = counted(scope, anew=anew)
        self.at, self.in_full = timezone.localtime(at), in_full
        self.by_key = {count.rule.key: count for count in counts}

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
