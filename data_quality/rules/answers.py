"""4.02 to 4.04 of any stage: whether the answer, the sources and the amounts agree; their dates."""

import operator
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial, reduce

from django.db.models import F, Q, Value
from django.db.models.lookups import LessThan, LessThanOrEqual

from data_quality.rules import groups
from data_quality.rules.days import anniversary, year_of
from data_quality.rules.fixes import CORRECT_ANNUAL, reopened_at
from data_quality.rules.rule import EVERY_ROW, Level, Rule
from data_quality.rules.subjects import Subject
from data_quality.rules.windows import OF_ANSWERS, is_within
from enrollments import contradictions
from enrollments.intake.draft.order import Step
from hud.rules.sources import BENEFITS, INCOME, INSURANCE, Topic

answer = partial(
    Rule, subject=Subject.ANSWERS, concerns=groups.ANSWERS, within=groups.CONTRADICTING
)
ASSESSED = ("5.03", "Annual and Update Assessments")


def _any(conditions: Iterator[Q]) -> Q:
    return reduce(operator.or_, conditions)


def no_source(topic: Topic, today: date) -> Q:
    return contradictions.no_source(topic)


def not_yes(topic: Topic, today: date) -> Q:
    return contradictions.not_yes(topic)


def impossible_amount(today: date) -> Q:
    return contradictions.impossible_amount()


def amount_missing(today: date) -> Q:
    return contradictions.amount_missing()


def wrong_total(today: date) -> Q:
    return contradictions.wrong_total()


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
        ("income", "Income", INCOME, Step.INCOME),
        ("benefits", "Non-Cash Benefits", BENEFITS, Step.BENEFITS),
        ("insurance", "Health Insurance", INSURANCE, Step.INSURANCE),
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
            fix=reopened_at(step),
            field=topic.any_field,
        )
        yield answer(
            f"{key}-not-yes",
            topic.rule,
            element,
            Level.ERROR,
            f"{element}: sources or amounts are named, and the answer is not Yes",
            "Change the answer to Yes, or take out the sources and amounts.",
            wrong=partial(not_yes, topic),
            fix=reopened_at(step),
            field=topic.any_field,
        )
    yield from _amounts()
    yield from _dates()


def _amounts() -> Iterator[Rule]:
    of_income: Callable[..., Rule] = partial(
        answer, number=INCOME.rule, element="Income", fix=reopened_at(Step.INCOME)
    )
    yield of_income(
        "income-amount-impossible",
        level=Level.ERROR,
        title="An amount is negative, or of a source that is not chosen",
        advice="Choose the source, or take out its amount.",
        wrong=impossible_amount,
        field="income_from_any_source",
    )
    yield of_income(
        "income-amount-missing",
        level=Level.WARNING,
        title="A source has no monthly amount",
        advice="Enter the monthly amount.",
        wrong=amount_missing,
        field="income_from_any_source",
    )
    yield of_income(
        "income-total",
        level=Level.ERROR,
        title="The total is not the sum of the monthly amounts",
        advice="Save Income and Sources again: the total is reckoned anew.",
        wrong=wrong_total,
        field="income_from_any_source",
    )


def _dates() -> Iterator[Rule]:
    yield answer(
        "annual-date-impossible",
        *ASSESSED,
        Level.ERROR,
        "An annual assessment in the future, or before the head of household's start",
        "Look at the enrollment: the assessment, or the start, has a wrong date.",
        concerns=groups.ANNUAL_ANSWERS,
        within=EVERY_ROW,
        wrong=impossible_date,
        fix=CORRECT_ANNUAL,
        field="information_date",
    )
    yield answer(
        "annual-outside-window",
        *ASSESSED,
        Level.WARNING,
        "An annual assessment more than 30 days from the anniversary",
        "HUD does not count it. Look whether it was an update.",
        concerns=groups.ANNUAL_ANSWERS,
        within=EVERY_ROW,
        wrong=outside_window,
        fix=CORRECT_ANNUAL,
        field="information_date",
    )
