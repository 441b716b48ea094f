"""3.917, 3.08, 4.02 to 4.11: what is asked at the start and at the exit of an enrollment."""

import operator
from datetime import date
from functools import reduce

from django.db.models import F, Q

from data_quality.rules import barriers, groups
from data_quality.rules.days import MonthsBefore
from data_quality.rules.fixes import BARRIERS, UNIVERSAL, VIOLENCE, exit_answers_at, reopened_at
from data_quality.rules.rule import RuleSet, is_missing
from data_quality.rules.subjects import Subject
from enrollments.intake.draft.sections import TOPICS
from hud.choices import (
    LengthOfStay,
    MonthsHomeless,
    NoYesMissing,
    NoYesReasons,
    PriorLivingSituation,
    ProjectType,
)
from hud.elements import Audience, element
from hud.rules import living_situation

rules = RuleSet(subject=Subject.ENROLLMENT, concerns=groups.ENROLLMENTS, fix=UNIVERSAL)
NO, YES = NoYesReasons.NO, NoYesReasons.YES


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


living = rules.about("3.917")
living.completeness("living", "living_situation", concerns=groups.HEADS_AND_ADULTS_EVER)
living.missing(
    "living-incomplete",
    "A question that follows from the prior living situation is not answered",
    "Ask about the length of stay, the night before, and the homelessness that came before.",
    concerns=groups.HEADS_AND_ADULTS_EVER,
    wrong=follow_ups_missing,
    field="living_situation",
)
living.error(
    "homelessness-impossible",
    "Homelessness began after the start, or before the client was born",
    "Correct the approximate date this episode of homelessness started.",
    wrong=Q(date_to_street_essh__gt=F("entry_date")) | Q(date_to_street_essh__lt=F("client__dob")),
    field="date_to_street_essh",
)
living.warning(
    "homelessness-contradicts",
    "This episode of homelessness is longer than the months, or the times, that were answered",
    "Ask again: months and times of the past three years include this episode.",
    wrong=contradicting_episode,
    field="months_homeless_past_three_years",
)
disabling = rules.about("3.08", fix=BARRIERS, field="disabling_condition")
disabling.completeness("disabling", "disabling_condition")
disabling.error(
    "disabling-no",
    "Disabling Condition is No, and one of the disabilities is disabling",
    "Change it to Yes, or correct the disability.",
    wrong=Q(barriers.any_disabling(), disabling_condition=NO),
)
disabling.error(
    "disabling-yes",
    "Disabling Condition is Yes, and every disability is ruled out",
    "Change it to No, or the disability that makes it Yes.",
    wrong=Q(barriers.all_ruled_out(), disabling_condition=YES),
)
disabilities = rules.about("4.05-4.10", fix=BARRIERS)
disabilities.missing(
    "barriers-missing",
    "One of the six disabilities was not asked at the start",
    "Ask, and enter the answers.",
    wrong=~Q(barriers.all_answered()),
    field="response_5",
)
violence = rules.about("4.11", concerns=groups.HEADS_AND_ADULTS, fix=VIOLENCE)
violence.completeness(
    "violence",
    "violence_at_start__domestic_violence_survivor",
    when="at start",
)
violence.missing(
    "violence-incomplete",
    "When the violence occurred, or whether the client is fleeing, is missing",
    "Ask the questions that follow a Yes.",
    wrong=Q(violence_at_start__domestic_violence_survivor=YES)
    & (
        is_missing("violence_at_start__when_occurred")
        | is_missing("violence_at_start__currently_fleeing")
    ),
    field="domestic_violence_survivor",
)
for step, topic in TOPICS.items():
    of_adults = element(topic.rule).audience is Audience.HEAD_AND_ADULTS
    income = rules.about(topic.rule)
    income.completeness(
        f"{step}-start",
        f"income_at_start__{topic.any_field}",
        when="at start",
        concerns=groups.HEADS_AND_ADULTS if of_adults else groups.ENROLLMENTS,
        fix=reopened_at(step),
    )
    income.completeness(
        f"{step}-exit",
        f"income_at_exit__{topic.any_field}",
        when="at exit",
        concerns=groups.EXITED_HEADS_AND_ADULTS if of_adults else groups.EXITS,
        fix=exit_answers_at(step),
    )
