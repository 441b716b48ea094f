"""The rows of rules that found few, kept with their counts (ADR 16).

A list that has less than a page looks through all rows of its organizations for more. The count
reads these rows anyway, and keeps the keys of the few that it found. A list then asks the rule of
them again, and of the records of those who were written about since. They are kept under a digest
of the rule's SQL: what a release before, or beside, this one kept of another condition is not used.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from agencies.models import User
from data_quality import changes
from data_quality.counts import RuleCount, is_counted_alone
from data_quality.models import StoredCounts
from data_quality.rules.rule import Rule
from data_quality.rules.scope import Scope
from data_quality.rules.subjects import Subject
from records.statements import compiled

MOST = 500  # rows of a rule
Keys = dict[str, list[int]]


def keys_of_few(counts: Iterable[RuleCount], scope: Scope, *, step: Callable[[], None]) -> Keys:
    """All rows that were found, by the `place` of the rule, of the rules that found few.

    Args:
        step: called before each query.
    """
    few = [one for one in counts if one.found <= MOST]
    keys: Keys = {one.rule.key: [] for one in few}
    for rules in _together(one.rule for one in few if one.found):
        step()
        keys |= _keys_of(rules, scope)
    places = {one.rule.key: place(one.rule, scope.today) for one in few}
    return {places[key]: pks for key, pks in keys.items() if len(pks) <= MOST}


@lru_cache(maxsize=256)  # of each rule, for some days
def place(rule: Rule, today: date) -> str:
    """Under what the rows of a rule are kept: its key, and the digest of its SQL on that day."""
    everybody = Scope(User(is_superuser=True), today)
    query = rule.subject.rows(everybody).filter(rule.condition(today)).query
    return f"{rule.key} {hashlib.sha256(str(query).encode()).hexdigest()[:16]}"


def _together(rules: Iterable[Rule]) -> Iterator[list[Rule]]:
    """The rules that one scan can answer, as when they are counted."""
    scans = defaultdict(list)
    for rule in rules:
        own = rule.key if is_counted_alone(rule) else ""
        scans[rule.subject, rule.within, own].append(rule)
    yield from scans.values()


def _keys_of(rules: list[Rule], scope: Scope) -> Keys:
    rows = rules[0].subject.rows(scope).filter(rules[0].within.rows)
    if len(rules) == 1:
        found = rows.filter(rules[0].condition(scope.today))
        return {rules[0].key: list(found.values_list("pk", flat=True)[: MOST + 1])}
    aggregates = {
        rule.key: ArrayAgg("pk", filter=rule.condition(scope.today), default=[]) for rule in rules
    }
    return rows.aggregate(**aggregates)


def possible_rows(rule: Rule, scope: Scope) -> Q | None:
    """Among which rows all are that break a rule; None where that is not known."""
    for counted_at, marks, keys in _kept(
        place(rule, scope.today), *{one.fingerprint for one in scope.wider()}
    ):
        if timezone.localdate(counted_at) == scope.today:
            clients = changes.concerned(scope, marks)
            client = "pk" if rule.subject is Subject.PERSON else "client"
            if clients is not None:
                return Q(pk__in=keys) | Q(**{f"{client}__in": clients})
    return None


@compiled
def _kept(key: str, *fingerprints: str) -> Any:
    rows = StoredCounts.objects.filter(fingerprint__in=fingerprints, rows__has_key=key)
    return rows.order_by("pk").values_list("counted_at", "marks", KeyTransform(key, "rows"))
