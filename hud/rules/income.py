"""4.02 Income and Sources, 4.03 Non-Cash Benefits, 4.04 Health Insurance.

Checks take the values of a page by field name, as a form has them; a field that is missing counts
as blank, and an amount of zero as none.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hud.choices import NoYesReasons
from hud.rules.issues import Issue, collected, error, warning
from hud.rules.sources import INCOME, Source, Topic

TOTAL = "total_monthly_income"
Values = Mapping[str, Any]


def total(values: Values) -> Decimal:
    """4.02.18: the sum of the monthly amounts, in dollars."""
    return sum((_amount(values, field) for field in INCOME.amounts), Decimal())


def questions(topic: Topic, any_source: int | None, other: Any = None) -> tuple[str, ...]:
    """The fields that are asked: the sources after a yes, what the other one is after its tick."""
    if any_source != NoYesReasons.YES:
        return (topic.any_field,)
    sources = tuple(source.field for source in topic.sources)
    named = (topic.identify_field,) if other == NoYesReasons.YES else ()
    return (topic.any_field, *sources, *topic.amounts, *named)


def reasons(topic: Topic, values: Values) -> list[str]:
    """4.04.A: the fields of why not, of the sources without a tick where it is known."""
    if values.get(topic.any_field) not in {NoYesReasons.YES, NoYesReasons.NO}:
        return []
    return [one.reason for one in topic.sources if one.reason and not _is_yes(values, one)]


@collected
def issues(topic: Topic, values: Values) -> Iterator[Issue]:
    """Whether "from any source", the sources and the amounts of a topic agree."""
    yes = values.get(topic.any_field) == NoYesReasons.YES
    ticked = any(_is_yes(values, source) for source in topic.sources)
    paid = any(_amount(values, field) for field in topic.amounts)
    if yes and not ticked:
        message = "Choose at least one source, or change the answer to No."
        yield error(topic.rule, topic.any_field, message)
    if not yes and (ticked or paid):
        message = "Change the answer to Yes, or take out the sources and amounts."
        yield error(topic.rule, topic.any_field, message)
    for source in topic.sources:
        yield from _source_issues(topic, source, values, yes=yes)
    stated = values.get(TOTAL)
    if topic is INCOME and stated is not None and _amount(values, TOTAL) != total(values):
        yield error(topic.rule, TOTAL, "Set the total to the sum of the monthly amounts.")


def _source_issues(topic: Topic, source: Source, values: Values, *, yes: bool) -> Iterator[Issue]:
    if source.amount is None:
        return
    amount = _amount(values, source.amount)
    ticked = _is_yes(values, source)
    if amount < 0:
        yield error(topic.rule, source.amount, "Enter an amount that is not negative.")
    if yes and amount and not ticked:
        yield error(topic.rule, source.field, "Choose this source, or take out its amount.")
    if yes and ticked and not amount:
        yield warning(topic.rule, source.amount, "Enter the monthly amount of this source.")


def _is_yes(values: Values, source: Source) -> bool:
    # A tick box answers True, a code list 1.
    return values.get(source.field) == NoYesReasons.YES


def _amount(values: Values, field: str) -> Decimal:
    # By way of text: a float would bring its binary cents.
    return Decimal(str(values.get(field) or 0))
