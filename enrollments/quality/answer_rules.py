"""4.02 to 4.04 of any stage: whether the answer, the sources and the amounts agree; their dates."""

import operator
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial, reduce

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan, LessThanOrEqual

from enrollments.intake import steps
from enrollments.quality import groups
from enrollments.quality.days import anniversary, year_of
from enrollments.quality.mending import OPEN_STAY, answers_at
from enrollments.quality.rule import Level, Rule
from enrollments.quality.subjects import Subject
from enrollments.quality.windows import OF_ANSWERS, is_within
from hud.choices import NoYesMissing, NoYesReasons
from hud.rules.income import TOTAL
from hud.rules.sources import BENEFITS, INCOME, INSURANCE, Source, Topic

answer = partial(Rule, subject=Subject.ANSWERS, concerns=groups.ANSWERS)
ASSESSED = ("5.03", "Annual and Update Assessments")
TICKED = NoYesMissing.YES


def _is_yes(topic: Topic) -> Q:
    return Q(**{topic.any_field: NoYesReasons.YES})


def _is_not_yes(topic: Topic) -> Q:
    return Q(**{f"{topic.any_field}__isnull": True}) | ~_is_yes(topic)


def _any(conditions: Iterator[Q]) -> Q:
    return reduce(operator.or_, conditions)


def _ticked(source: Source) -> Q:
    return Q(**{source.field: TICKED})


def _not_ticked(source: Source) -> Q:
    return Q(**{f"{source.field}__isnull": True}) | ~_ticked(source)


def _paid(amount: str) -> Q:
    return Q(**{f"{amount}__lt": 0}) | Q(**{f"{amount}__gt": 0})


def _unpaid(amount: str) -> Q:
    return Q(**{f"{amount}__isnull": True}) | Q(**{amount: 0})


def no_source(topic: Topic, today: date) -> Q:
    return _is_yes(topic) & reduce(operator.and_, map(_not_ticked, topic.sources))


def sources_without_yes(topic: Topic, today: date) -> Q:
    some = [*map(_ticked, topic.sources), *map(_paid, topic.amounts)]
    return _is_not_yes(topic) & _any(iter(some))


def impossible_amount(today: date) -> Q:
    """Negative, or of a source that is not ticked."""
    paid_sources = [source for source in INCOME.sources if source.amount]
    stray = _any(_paid(source.amount) & _not_ticked(source) for source in paid_sources)
    negative = _any(Q(**{f"{amount}__lt": 0}) for amount in INCOME.amounts)
    return negative | (_is_yes(INCOME) & stray)


def amount_missing(today: date) -> Q:
    paid_sources = [source for source in INCOME.sources if source.amount]
    return _is_yes(INCOME) & _any(
        _ticked(source) & _unpaid(source.amount) for source in paid_sources
    )


def wrong_total(today: date) -> Q:
    zero = Value(Decimal())
    total = reduce(operator.add, (Coalesce(F(amount), zero) for amount in INCOME.amounts))
    return Q(**{f"{TOTAL}__isnull": False}) & (
        Q(**{f"{TOTAL}__lt": total}) | Q(**{f"{TOTAL}__gt": total})
    )


def outside_window(today: date) -> Q:
    """Near no anniversary of the head's start; the first one is a year after it."""
    day = F("information_date")
    near = _any(_is_near(day, year_of(day) + Value(years)) for years in (-1, 0, 1))
    return Q(LessThanOrEqual(OF_ANSWERS, day)) & Q(information_date__lte=today) & ~near


def _is_near(day: F, year: object) -> Q:
    due = anniversary(OF_ANSWERS, year)
    return is_within(day, due) & Q(LessThan(OF_ANSWERS, due))


def impossible_date(today: date) -> Q:
    return Q(information_date__gt=today) | Q(LessThan(F("information_date"), OF_ANSWERS))


def rules() -> Iterator[Rule]:
    topics = (
        ("income", "Income", INCOME, steps.INCOME),
        ("benefits", "Non-Cash Benefits", BENEFITS, steps.BENEFITS),
        ("insurance", "Health Insurance", INSURANCE, steps.INSURANCE),
    )
    for key, element, topic, step in topics:
        yield answer(
            f"{key}-no-source",
            topic.rule,
            element,
            Level.ERROR,
            f"{element}: the answer is Yes, and no source is named",
            "Choose at least one source, or change the answer to No.",
            wrong=partial(no_source, topic),
            mend=answers_at(step),
        )
        yield answer(
            f"{key}-not-yes",
            topic.rule,
            element,
            Level.ERROR,
            f"{element}: sources or amounts are named, and the answer is not Yes",
            "Change the answer to Yes, or take out the sources and amounts.",
            wrong=partial(sources_without_yes, topic),
            mend=answers_at(step),
        )
    yield from _amounts()
    yield from _dates()


def _amounts() -> Iterator[Rule]:
    of_income: Callable[..., Rule] = partial(
        answer, number=INCOME.rule, element="Income", mend=answers_at(steps.INCOME)
    )
    yield of_income(
        "income-amount-impossible",
        level=Level.ERROR,
        title="An amount is negative, or of a source that is not chosen",
        advice="Choose the source, or take out its amount.",
        wrong=impossible_amount,
    )
    yield of_income(
        "income-amount-missing",
        level=Level.WARNING,
        title="A source has no monthly amount",
        advice="Enter the monthly amount.",
        wrong=amount_missing,
    )
    yield of_income(
        "income-total",
        level=Level.ERROR,
        title="The total is not the sum of the monthly amounts",
        advice="Save Income and Sources again: the total is reckoned anew.",
        wrong=wrong_total,
    )


def _dates() -> Iterator[Rule]:
    yield answer(
        "annual-date-impossible",
        *ASSESSED,
        Level.ERROR,
        "An annual assessment in the future, or before the head of household's start",
        "Look at the enrollment: the assessment, or the start, has a wrong date.",
        concerns=groups.ANNUAL_ANSWERS,
        wrong=impossible_date,
        mend=OPEN_STAY,
    )
    yield answer(
        "annual-outside-window",
        *ASSESSED,
        Level.WARNING,
        "An annual assessment more than 30 days from the anniversary",
        "HUD does not count it. Look whether it was an update.",
        concerns=groups.ANNUAL_ANSWERS,
        wrong=outside_window,
        mend=OPEN_STAY,
    )
