"""Counts of many rules: one scan a subject, and a query for each rule that looks further."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from django.db.models import Count, Q

from data_quality.models import StoredCounts
from data_quality.rules import barriers
from data_quality.rules.catalog import RULES
from data_quality.rules.groups import ENROLLMENTS
from data_quality.rules.rule import EVERY_ROW, Level, Narrowing, Rule
from data_quality.rules.scope import Scope
from data_quality.rules.subjects import Subject

Counts = dict[str, int]
Step = Callable[[int, int], None]  # steps done, of how many


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


def rule_counts(
    scope: Scope, rules: Iterable[Rule] = RULES, *, step: Step | None = None
) -> list[RuleCount]:
    """One for each rule, in their order; `step` is called before each of the queries."""
    rules = list(rules)
    counts: Counts = {}
    parts = _parts(rules, scope)
    for done, part in enumerate(parts):
        if step:
            step(done, len(parts))
        counts |= part(counts)
    return [RuleCount(rule, counts[_found(rule)], counts[_of(rule)]) for rule in rules]


def _parts(rules: list[Rule], scope: Scope) -> list[Callable[[Counts], Counts]]:
    """The queries, each of which gets the counts of those before it."""
    parts: list[Callable[[Counts], Counts]] = [
        partial(_scanned, scope, subject, within, asked)
        for (subject, within), asked in _scans(rules, scope.today).items()
    ]
    parts += [partial(_further, scope, rule) for rule in rules if rule.alone]
    if any(rule.key in barriers.KEYS for rule in rules):
        parts.append(partial(_of_barriers, scope))
    return parts


def _scanned(
    scope: Scope, subject: Subject, within: Narrowing, asked: dict[str, Q], counts: Counts
) -> Counts:
    rows = subject.rows(scope).filter(within.rows)
    return rows.aggregate(
        **{name: Count("pk", filter=condition or None) for name, condition in asked.items()}
    )


def _further(scope: Scope, rule: Rule, counts: Counts) -> Counts:
    """Of a rule that looks into other rows."""
    rows = rule.subject.rows(scope).filter(rule.condition(scope.today))
    return rows.aggregate(**{_found(rule): Count("pk")})


def _of_barriers(scope: Scope, counts: Counts) -> Counts:
    of = counts[f"of_{Subject.ENROLLMENT}_{ENROLLMENTS.name}"]
    return {f"found_{key}": number for key, number in barriers.found(scope, enrollments=of).items()}


def _scans(rules: list[Rule], today: date) -> dict[tuple[Subject, Narrowing], dict[str, Q]]:
    """What each scan counts: conditions by name."""
    scans: dict[tuple[Subject, Narrowing], dict[str, Q]] = defaultdict(dict)
    for rule in rules:
        group = rule.concerns
        scans[rule.subject, EVERY_ROW][_of(rule)] = group.condition(today)
        if not is_counted_alone(rule):
            scans[rule.subject, rule.within][_found(rule)] = rule.condition(today)
    return scans


def is_counted_alone(rule: Rule) -> bool:
    """Whether no scan of its subject answers it together with other rules."""
    return rule.alone or rule.key in barriers.KEYS


def _found(rule: Rule) -> str:
    return f"found_{rule.key}"


def _of(rule: Rule) -> str:
    return f"of_{rule.subject}_{rule.concerns.name}"


class Overview:
    """The stored counts of a scope; `in_full` shows the rules that found nothing too."""

    def __init__(self, stored: StoredCounts, *, in_full: bool) -> None:
        self.stored, self.in_full = stored, in_full
        self.by_key = {
            rule.key: RuleCount(rule, *stored.counts[rule.key])
            for rule in RULES
            if rule.key in stored.counts
        }

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
