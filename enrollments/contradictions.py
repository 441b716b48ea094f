"""4.02 to 4.04: answers, sources and amounts that contradict each other (`hud.rules.income`).

Forms refuse them; an import brings them. The rows that have one are few and have an index of their
own (`income_contradicts`), so that finding them does not read the others. Whoever changes a
condition here changes that index in a migration.
"""

import operator
from collections.abc import Iterable
from decimal import Decimal
from functools import reduce

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from hud.choices import NoYesMissing, NoYesReasons
from hud.rules.income import TOTAL
from hud.rules.sources import BENEFITS, INCOME, INSURANCE, Source, Topic

TOPICS = (INCOME, BENEFITS, INSURANCE)
PAID = [(source, source.amount) for source in INCOME.sources if source.amount]


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(operator.or_, conditions)


def _is_yes(topic: Topic) -> Q:
    return Q(**{topic.any_field: NoYesReasons.YES.value})


def _ticked(source: Source) -> Q:
    return Q(**{source.field: NoYesMissing.YES.value})


def _paid(amount: str) -> Q:
    return Q(**{f"{amount}__lt": 0}) | Q(**{f"{amount}__gt": 0})


def no_source(topic: Topic) -> Q:
    """Yes, and no source is named."""
    return _is_yes(topic) & ~_any(map(_ticked, topic.sources))


def not_yes(topic: Topic) -> Q:
    """Sources or amounts are named, and the answer is not yes."""
    some = [*map(_ticked, topic.sources), *map(_paid, topic.amounts)]
    return ~_is_yes(topic) & _any(some)


def _negative() -> Q:
    return _any(Q(**{f"{amount}__lt": 0}) for _, amount in PAID)


def impossible_amount() -> Q:
    """Negative, or of a source that is not ticked."""
    unticked = _any(_paid(amount) & ~_ticked(source) for source, amount in PAID)
    return _negative() | (_is_yes(INCOME) & unticked)


def amount_missing() -> Q:
    """A source is ticked and has no amount."""
    unpaid = (_ticked(source) & ~_paid(amount) for source, amount in PAID)
    return _is_yes(INCOME) & _any(unpaid)


def wrong_total() -> Q:
    zero = Value(Decimal())
    total = reduce(operator.add, (Coalesce(F(amount), zero) for _, amount in PAID))
    return Q(**{f"{TOTAL}__isnull": False}) & ~Q(**{TOTAL: total})


def _in_short() -> Q:
    """The rows of all conditions above, told with fewer words.

    PostgreSQL 14 to 17 keep the condition of an index within 8 kB. An amount without its source, or
    a source without its amount, needs no word about the answer: whatever it is, one of the
    conditions holds.
    """
    named = (~_is_yes(topic) & _any(map(_ticked, topic.sources)) for topic in TOPICS)
    unticked = (Q(**{f"{amount}__gt": 0}) & ~_ticked(source) for source, amount in PAID)
    unpaid = (_ticked(source) & ~Q(**{f"{amount}__gt": 0}) for source, amount in PAID)
    return _any([*map(no_source, TOPICS), *named, _negative(), *unticked, *unpaid, wrong_total()])


CONTRADICTS = _in_short()
