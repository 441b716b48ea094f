"""3.917, 3.08, 4.02 to 4.11: what is asked at the start and at the exit of an enrollment."""

import operator
from collections.abc import Iterator
from datetime import date
from functools import partial, reduce

from django.db.models import F, Q

from data_quality.rules import groups
from data_quality.rules.completeness import completeness, is_missing
from data_quality.rules.days import MonthsBefore
from data_quality.rules.fixes import BARRIERS, UNIVERSAL, VIOLENCE, exit_answers_at, reopened_at
from data_quality.rules.rule import Level, Rule
from data_quality.rules.subjects import Subject, barrier
from enrollments.intake.draft.order import Step
from hud.choices import (
    DisabilityResponse,
    DisabilityType,
    LengthOfStay,
    MonthsHomeless,
    NoYesMissing,
    NoYesReasons,
    PriorLivingSituation,
    ProjectType,
)
from hud.rules import living_situation
from hud.rules.sources import BENEFITS, INCOME, INSURANCE

enrollment = partial(Rule, subject=Subject.ENROLLMENT, concerns=groups.ENROLLMENTS, fix=UNIVERSAL)
asked = partial(completeness, subject=Subject.ENROLLMENT, concerns=groups.ENROLLMENTS)
LIVING = ("3.917", "Prior Living Situation")
DISABLING = ("3.08", "Disabling Condition")
VIOLENCE_AT_START = ("4.11", "Domestic Violence")
NO, YES = NoYesReasons.NO, NoYesReasons.YES
SUBSTANCES = [one.value for one in DisabilityResponse if one.is_present]


# 3.917


def _coded(choices: type, test: str) -> list[int]:
    return [one.value for one in choices if getattr(one, test)]  # type: ignore[attr-defined]


HOMELESS = Q(living_situation__in=_coded(PriorLivingSituation, "is_homeless"))
INSTITUTION = Q(living_situation__gte=200, living_situation__lt=300)  # HUD's hundreds
STREET_PROJECT = Q(project__project_type__in=_coded(ProjectType, "serves_the_street"))
SHORT = Q(INSTITUTION, length_of_stay__in=_coded(LengthOfStay, "is_under_90_days")) | Q(
    ~INSTITUTION, length_of_stay__in=_coded(LengthOfStay, "is_under_7_nights")
)
_DATE, *_CODES = living_situation.HISTORY
HISTORY_MISSING = reduce(operator.or_, map(is_missing, _CODES), Q(**{f"{_DATE}__isnull": True}))


def follow_ups_missing(today: date) -> Q:
    """A question that the answers so far lead to (`hud.rules.living_situation.questions`)."""
    everybody = HOMELESS | STREET_PROJECT
    others = Q(living_situation__isnull=False) & ~everybody & SHORT
    before = Q(previous_street_essh=NoYesMissing.YES)
    subsidy = Q(
        living_situation=PriorLivingSituation.RENTAL_WITH_SUBSIDY, rental_subsidy_type__isnull=True
    )
    return Q(living_situation__isnull=False) & (
        subsidy
        | is_missing("length_of_stay")
        | (everybody & HISTORY_MISSING)
        | (others & is_missing("previous_street_essh"))
        | (others & before & HISTORY_MISSING)
    )


def impossible_episode(today: date) -> Q:
    late = Q(date_to_street_essh__gt=F("entry_date"))
    return late | Q(date_to_street_essh__lt=F("client__dob"))


def contradicting_episode(today: date) -> Q:
    """`hud.rules.living_situation.episode_issues`: the episode alone is longer than answered."""
    began, start = "date_to_street_essh", F("entry_date")
    several = Q(times_homeless_past_three_years__in=living_situation.SEVERAL_TIMES)
    found = several & Q(**{f"{began}__lt": MonthsBefore(start, 36)})
    for months in range(1, living_situation.MOST_MONTHS + 1):
        code = MonthsHomeless.MONTHS_1 + months - 1
        longer = Q(**{f"{began}__lte": MonthsBefore(start, months + 1)})
        found |= Q(months_homeless_past_three_years=code) & longer
    return found


# 3.08 and 4.05 to 4.10


def _present(kind: DisabilityType) -> Q:
    of_substances = kind is DisabilityType.SUBSTANCE_USE
    return Q(
        **{f"{barrier(kind)}__disability_response__in": SUBSTANCES if of_substances else [YES]}
    )


def _disabling(kind: DisabilityType) -> Q:
    if kind.is_always_disabling:
        return _present(kind)
    return _present(kind) & Q(**{f"{barrier(kind)}__indefinite_and_impairs": YES})


def _ruled_out(kind: DisabilityType) -> Q:
    answered_no = Q(**{f"{barrier(kind)}__disability_response": NO})
    if kind.is_always_disabling:
        return answered_no
    return answered_no | _present(kind) & Q(**{f"{barrier(kind)}__indefinite_and_impairs": NO})


def no_though_disabled(today: date) -> Q:
    any_disabling = reduce(operator.or_, map(_disabling, DisabilityType))
    return Q(disabling_condition=NO) & any_disabling


def yes_though_ruled_out(today: date) -> Q:
    all_ruled_out = reduce(operator.and_, map(_ruled_out, DisabilityType))
    return Q(disabling_condition=YES) & all_ruled_out


def barriers_missing(today: date) -> Q:
    columns = (f"{barrier(kind)}__disability_response" for kind in DisabilityType)
    return reduce(operator.or_, map(is_missing, columns))


# 4.11


def violence_incomplete(today: date) -> Q:
    row = "violence_at_start"
    follow_up = is_missing(f"{row}__when_occurred") | is_missing(f"{row}__currently_fleeing")
    return Q(**{f"{row}__domestic_violence_survivor": YES}) & follow_up


def rules() -> Iterator[Rule]:
    yield from _living()
    yield from _disabilities()
    yield from _violence()
    yield from _money()


def _living() -> Iterator[Rule]:
    yield from asked(
        key="living",
        number="3.917",
        element="Prior Living Situation",
        column="living_situation",
        concerns=groups.HEADS_AND_ADULTS_EVER,
        fix=UNIVERSAL,
    )
    yield enrollment(
        "living-incomplete",
        *LIVING,
        Level.MISSING,
        "A question that follows from the prior living situation is not answered",
        "Ask about the length of stay, the night before, and the homelessness that came before.",
        concerns=groups.HEADS_AND_ADULTS_EVER,
        wrong=follow_ups_missing,
        field="living_situation",
    )
    yield enrollment(
        "homelessness-impossible",
        *LIVING,
        Level.ERROR,
        "Homelessness began after the start, or before the client was born",
        "Correct the approximate date this episode of homelessness started.",
        wrong=impossible_episode,
        field="date_to_street_essh",
    )
    yield enrollment(
        "homelessness-contradicts",
        *LIVING,
        Level.WARNING,
        "This episode of homelessness is longer than the months, or the times, that were answered",
        "Ask again: months and times of the past three years include this episode.",
        wrong=contradicting_episode,
        field="months_homeless_past_three_years",
    )


def _disabilities() -> Iterator[Rule]:
    yield from asked(
        key="disabling",
        number="3.08",
        element="Disabling Condition",
        column="disabling_condition",
        fix=BARRIERS,
    )
    yield enrollment(
        "disabling-no",
        *DISABLING,
        Level.ERROR,
        "Disabling Condition is No, and one of the disabilities is disabling",
        "Change it to Yes, or correct the disability.",
        wrong=no_though_disabled,
        fix=BARRIERS,
        field="disabling_condition",
    )
    yield enrollment(
        "disabling-yes",
        *DISABLING,
        Level.ERROR,
        "Disabling Condition is Yes, and every disability is ruled out",
        "Change it to No, or the disability that makes it Yes.",
        wrong=yes_though_ruled_out,
        fix=BARRIERS,
        field="disabling_condition",
    )
    yield enrollment(
        "barriers-missing",
        "4.05-4.10",
        "Disabilities",
        Level.MISSING,
        "One of the six disabilities was not asked at the start",
        "Ask, and enter the answers.",
        wrong=barriers_missing,
        fix=BARRIERS,
        field="response_5",
    )


def _violence() -> Iterator[Rule]:
    yield from asked(
        key="violence",
        number="4.11",
        element="Domestic Violence",
        of="at start",
        column="violence_at_start__domestic_violence_survivor",
        concerns=groups.HEADS_AND_ADULTS,
        fix=VIOLENCE,
    )
    yield enrollment(
        "violence-incomplete",
        *VIOLENCE_AT_START,
        Level.MISSING,
        "When the violence occurred, or whether the client is fleeing, is missing",
        "Ask the questions that follow a Yes.",
        concerns=groups.HEADS_AND_ADULTS,
        wrong=violence_incomplete,
        fix=VIOLENCE,
        field="domestic_violence_survivor",
    )


def _money() -> Iterator[Rule]:
    topics = (
        ("income", "Income", INCOME, Step.INCOME, True),
        ("benefits", "Non-Cash Benefits", BENEFITS, Step.BENEFITS, True),
        ("insurance", "Health Insurance", INSURANCE, Step.INSURANCE, False),
    )
    for key, element, topic, step, of_adults in topics:
        yield from asked(
            key=f"{key}-start",
            of="at start",
            column=f"income_at_start__{topic.any_field}",
            concerns=groups.HEADS_AND_ADULTS if of_adults else groups.ENROLLMENTS,
            fix=reopened_at(step),
            number=topic.rule,
            element=element,
        )
        yield from asked(
            key=f"{key}-exit",
            of="at exit",
            column=f"income_at_exit__{topic.any_field}",
            concerns=groups.EXITED_HEADS_AND_ADULTS if of_adults else groups.EXITS,
            fix=exit_answers_at(step),
            number=topic.rule,
            element=element,
        )
