"""3.917 Prior Living Situation: which questions follow which answers.

HUD asks how long the person has been homeless of everybody who comes from homelessness. Of others
only where it was a short one (under 90 days in an institution, under 7 nights elsewhere) and
the night before it was on the street, in shelter or safe haven. Shelters, safe havens and street
outreach serve the street and ask everybody (3.917 A), where the caller names the project type.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hud.anniversaries import months_before
from hud.choices import (
    LengthOfStay,
    MonthsHomeless,
    NoYesMissing,
    PriorLivingSituation,
    ProjectType,
    TimesHomeless,
)
from hud.choices.situations import SituationCategory
from hud.rules.issues import Issue, collected, error, warning

RULE = "3.917"
MOST_MONTHS = 12  # then comes "More than 12 months"
SEVERAL_TIMES = (TimesHomeless.TWO, TimesHomeless.THREE, TimesHomeless.FOUR_OR_MORE)
HISTORY = (
    "date_to_street_essh",
    "times_homeless_past_three_years",
    "months_homeless_past_three_years",
)
FIELDS = (
    "living_situation",
    "rental_subsidy_type",
    "length_of_stay",
    "previous_street_essh",
    *HISTORY,
)


def los_under_threshold(
    living_situation: int | None, length_of_stay: int | None
) -> NoYesMissing | None:
    """LOSUnderThreshold, derived: whether it was a short one; None where that is not asked."""
    if living_situation is None or length_of_stay is None:
        return None
    category = SituationCategory.of(living_situation)
    length = LengthOfStay(length_of_stay)
    if category is SituationCategory.HOMELESS:
        return None
    if length.is_unanswered:
        return NoYesMissing.NOT_COLLECTED
    institutional = category is SituationCategory.INSTITUTIONAL
    short = length.is_under_90_days if institutional else length.is_under_7_nights
    return NoYesMissing.YES if short else NoYesMissing.NO


def questions(
    living_situation: int | None,
    *,
    length_of_stay: int | None = None,
    previous_street_essh: int | None = None,
    project_type: int | None = None,
) -> tuple[str, ...]:
    """The fields to ask so far, in their order; the rest of FIELDS is not asked and stays blank."""
    if living_situation is None:
        return ("living_situation",)
    asked = ["living_situation"]
    if living_situation == PriorLivingSituation.RENTAL_WITH_SUBSIDY:
        asked.append("rental_subsidy_type")
    asked.append("length_of_stay")
    if _asks_everybody(living_situation, project_type):
        return (*asked, *HISTORY)
    if los_under_threshold(living_situation, length_of_stay) == NoYesMissing.YES:
        asked.append("previous_street_essh")
        if previous_street_essh == NoYesMissing.YES:
            asked.extend(HISTORY)
    return tuple(asked)


@collected
def issues(
    date_to_street_essh: date | None, *, entry_date: date | None, dob: date | None = None
) -> Iterator[Issue]:
    """3.917.3: homelessness began by the project start, and not before the person was born."""
    if date_to_street_essh is None:
        return
    if entry_date and date_to_street_essh > entry_date:
        message = "Enter a date on or before the project start date."
        yield error(RULE, "date_to_street_essh", message)
    if dob and date_to_street_essh < dob:
        message = "Enter a date that is not before the date of birth."
        yield error(RULE, "date_to_street_essh", message)


@collected
def episode_issues(
    date_to_street_essh: date | None,
    *,
    entry_date: date | None,
    times: int | None,
    months: int | None,
) -> Iterator[Issue]:
    """3.917.3 to 5: this episode counts into the times and months of the past three years.

    The date is approximate, so that what disagrees is unlikely and not impossible. A month begun
    counts as one. Times and months are codes of 3.917.4 and 5.
    """
    if date_to_street_essh is None or entry_date is None:
        return
    answered = (months or 0) - MonthsHomeless.MONTHS_1 + 1
    if 1 <= answered <= MOST_MONTHS and date_to_street_essh <= months_before(
        entry_date, answered + 1
    ):
        message = "Check the months: this episode of homelessness began longer ago than that."
        yield warning(RULE, "months_homeless_past_three_years", message)
    if times in SEVERAL_TIMES and date_to_street_essh < months_before(entry_date, 36):
        message = "Check the times: an episode that began over three years ago is the only one."
        yield warning(RULE, "times_homeless_past_three_years", message)


def history_issues(
    answers: Mapping[str, Any], *, entry_date: date | None, dob: date | None
) -> list[Issue]:
    """Both of the above, of answers by name."""
    began = answers.get("date_to_street_essh")
    times = answers.get("times_homeless_past_three_years")
    months = answers.get("months_homeless_past_three_years")
    return [
        *issues(began, entry_date=entry_date, dob=dob),
        *episode_issues(began, entry_date=entry_date, times=times, months=months),
    ]


def _asks_everybody(living_situation: int, project_type: int | None) -> bool:
    if SituationCategory.of(living_situation) is SituationCategory.HOMELESS:
        return True
    return project_type is not None and ProjectType(project_type).serves_the_street
