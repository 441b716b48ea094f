"""4.02 to 4.04 of any stage: whether the answer, the sources and the amounts agree; their dates."""

import operator
from datetime import date
from functools import reduce

from django.db.models import F, Q, Value
from django.db.models.lookups import LessThan, LessThanOrEqual

from data_quality.rules import groups
from data_quality.rules.days import OF_ANSWERS, anniversary, is_within, year_of
from data_quality.rules.fixes import CORRECT_ANNUAL, reopened_at
from data_quality.rules.rule import EVERY_ROW, RuleSet, name_of
from data_quality.rules.subjects import Subject
from enrollments import contradictions
from enrollments.intake.draft.sections import TOPICS, Step

rules = RuleSet(subject=Subject.ANSWERS, concerns=groups.ANSWERS, within=groups.CONTRADICTING)


def outside_window(today: date) -> Q:
    """Near no anniversary of the head's start; the first one is a year after it."""
    day = F("information_date")
    dues = [anniversary(OF_ANSWERS, year_of(day) + Value(years)) for years in (-1, 0, 1)]
    near = reduce(
        operator.or_, (is_within(day, due) & Q(LessThan(OF_ANSWERS, due)) for due in dues)
    )
    return Q(LessThanOrEqual(OF_ANSWERS, day)) & Q(information_date__lte=today) & ~near


for step, topic in TOPICS.items():
    name = name_of(topic.rule)
    source = rules.about(topic.rule, fix=reopened_at(step), field=topic.any_field)
    source.error(
        f"{step}-no-source",
        f"{name}: the answer is Yes, and no source is named",
        "Choose at least one source, or change the answer to No.",
        wrong=contradictions.no_source(topic),
    )
    source.error(
        f"{step}-not-yes",
        f"{name}: sources or amounts are named, and the answer is not Yes",
        "Change the answer to Yes, or take out the sources and amounts.",
        wrong=contradictions.not_yes(topic),
    )
income = rules.about("4.02", fix=reopened_at(Step.INCOME), field="income_from_any_source")
income.error(
    "income-amount-impossible",
    "An amount is negative, or of a source that is not chosen",
    "Choose the source, or take out its amount.",
    wrong=contradictions.impossible_amount(),
)
income.warning(
    "income-amount-missing",
    "A source has no monthly amount",
    "Enter the monthly amount.",
    wrong=contradictions.amount_missing(),
)
income.error(
    "income-total",
    "The total is not the sum of the monthly amounts",
    "Save Income and Sources again: the total is recalculated.",
    wrong=contradictions.wrong_total(),
)
annual = rules.about(
    "5.03",
    concerns=groups.ANNUAL_ANSWERS,
    within=EVERY_ROW,
    fix=CORRECT_ANNUAL,
    field="information_date",
)
annual.error(
    "annual-date-impossible",
    "An annual assessment in the future, or before the head of household's start",
    "Look at the enrollment: the assessment, or the start, has a wrong date.",
    wrong=lambda today: (
        Q(information_date__gt=today) | Q(LessThan(F("information_date"), OF_ANSWERS))
    ),
)
annual.warning(
    "annual-outside-window",
    "An annual assessment more than 30 days from the anniversary",
    "HUD does not count it. Look whether it was an update.",
    wrong=outside_window,
)
