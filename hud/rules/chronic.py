"""Chronic homelessness at project start, as HUD's reports compute it from 3.08 and 3.917.

Sources: the definition in 24 CFR 578.3 ("chronically homeless"; 80 FR 75791, December 4, 2015), and
the flow chart "CH at Project Start" of the HMIS Standard Reporting Terminology Glossary, whose rows
are numbered in the comments below. Processing stops at the first row that decides.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from hud.choices import MonthsHomeless, NoYesMissing, NoYesReasons, ProjectType, TimesHomeless
from hud.choices.situations import SituationCategory
from hud.rules.living_situation import MOST_MONTHS, los_under_threshold

YEAR = timedelta(days=365)
TWELVE_MONTHS = MonthsHomeless.MONTHS_1 + MOST_MONTHS - 1
REFUSED = frozenset({8, 9})
DISABLED = "There is a disabling condition, and"
OF_THE_HOUSEHOLD = "Another member of the household is chronically homeless."
OF_THE_HEAD = "Members who are not adults have the status of the head of household."
JOINED_LATER = "The household's status does not extend to members who join after its start."


class Status(StrEnum):
    YES = "Yes"
    NO = "No"
    NOT_KNOWN = "Not known"  # the client doesn't know, or prefers not to answer
    MISSING = "Data not collected"


class Finding(NamedTuple):
    """The status with the answer that decided it, as a sentence."""

    status: Status
    reason: str


class Person(NamedTuple):
    """A member of a household.

    finding: of this person's own answers.
    is_adult: at project start; None where the age is not known.
    is_first: present since the earliest project start date of the household.
    """

    finding: Finding
    is_head: bool
    is_adult: bool | None
    is_first: bool

    @property
    def has_own(self) -> bool:
        """Heads of household and adults, who are asked 3.917, have a status of their own."""
        return self.is_head or bool(self.is_adult)


def at_start(
    answers: Mapping[str, Any],
    *,
    disabling_condition: int | None,
    entry_date: date,
    project_type: int | None,
) -> Finding:
    """What one person's answers make.

    Args:
        answers: those to 3.917 by name; a question that was not asked is missing or None.
        disabling_condition: 3.08, Yes wherever one of 4.05 to 4.10 makes it so.
    """
    return (
        _by_disability(disabling_condition)
        or _by_prior_stay(answers, project_type)
        or _by_year(answers.get("date_to_street_essh"), entry_date)
        or _by_times(answers.get("times_homeless_past_three_years"))
        or _by_months(answers.get("months_homeless_past_three_years"))
    )


def _by_disability(code: int | None) -> Finding | None:
    """Row 1."""
    if code == NoYesReasons.YES:
        return None
    if code == NoYesReasons.NO:
        return Finding(Status.NO, "There is no disabling condition.")
    return _without(code, "Disabling condition")


def _by_prior_stay(answers: Mapping[str, Any], project_type: int | None) -> Finding | None:
    """Rows 3, 9, 14 and 21: where the person comes from, which shelters do not ask."""
    if project_type is not None and ProjectType(project_type).serves_the_street:
        return None
    situation = answers.get("living_situation")
    if situation is None:
        return _without(None, "Prior living situation")
    category = SituationCategory.of(situation)
    if category is SituationCategory.HOMELESS:
        return None
    was_short = los_under_threshold(situation, answers.get("length_of_stay"))
    if was_short == NoYesMissing.YES:
        return _by_night_before(answers.get("previous_street_essh"))
    if was_short != NoYesMissing.NO:
        return _without(None, "Length of stay in the prior living situation")
    is_institution = category is SituationCategory.INSTITUTIONAL
    length = "90 days or more in an institution" if is_institution else "7 nights or more"
    reason = f"The prior living situation was not homeless, and lasted {length}."
    return Finding(Status.NO, reason)


def _by_night_before(code: int | None) -> Finding | None:
    """Rows 16 and 23. Here and in the rows before them HUD has no answer of 8 or 9."""
    if code == NoYesMissing.YES:
        return None
    if code != NoYesMissing.NO:
        return _without(None, "Where the client stayed on the night before")
    reason = "The night before was not on the streets, in emergency shelter or safe haven."
    return Finding(Status.NO, reason)


def _by_year(began: date | None, entry_date: date) -> Finding | None:
    """Rows 4, 10, 17 and 24: twelve months in one piece, which HUD counts as 365 days."""
    if began is None or entry_date - began < YEAR:
        return None
    return Finding(
        Status.YES,
        f"{DISABLED} this homelessness began a year or more before the project start.",
    )


def _by_times(code: int | None) -> Finding | None:
    """Rows 5, 11, 18 and 25: else four times or more."""
    if code is None or TimesHomeless(code).is_unanswered:
        return _without(code, "Times homeless in the past three years")
    if code == TimesHomeless.FOUR_OR_MORE:
        return None
    return Finding(
        Status.NO,
        "This homelessness did not begin a year or more before the project start, and there were "
        "fewer than four times in the past three years.",
    )


def _by_months(code: int | None) -> Finding:
    """Rows 6, 12, 19 and 26: that make twelve months or more."""
    if code is None or MonthsHomeless(code).is_unanswered:
        return _without(code, "Months homeless in the past three years")
    if code < TWELVE_MONTHS:
        reason = "Four times or more in the past three years make fewer than 12 months."
        return Finding(Status.NO, reason)
    reason = f"{DISABLED} four times or more in the past three years make 12 months or more."
    return Finding(Status.YES, reason)


def _without(code: int | None, question: str) -> Finding:
    """What an answer of 8, 9, 99 or none leaves open."""
    if code in REFUSED:
        reason = f"{question}: the client does not know or prefers not to answer."
        return Finding(Status.NOT_KNOWN, reason)
    return Finding(Status.MISSING, f"{question}: data not collected.")


def of_household(people: Iterable[Person]) -> list[Finding]:
    """The status of each, where one member may make all chronic who are there from the start.

    That member is an adult, or the head in a household without one. Of the others adults and heads
    keep their own, and children of the start have the head's.
    """
    people = list(people)
    first = [one for one in people if one.is_first]
    has_adult = any(one.is_adult for one in first)
    deciding = [one for one in first if one.is_adult or (one.is_head and not has_adult)]
    is_chronic = any(one.finding.status is Status.YES for one in deciding)
    head = next((one.finding for one in people if one.is_head), None)
    return [_of_member(one, head, is_chronic=is_chronic) for one in people]


def _of_member(person: Person, head: Finding | None, *, is_chronic: bool) -> Finding:
    if person.has_own and person.finding.status is Status.YES:
        return person.finding
    if is_chronic and person.is_first:
        return Finding(Status.YES, OF_THE_HOUSEHOLD)
    if person.has_own or head is None:
        return person.finding
    if head.status is Status.YES and not person.is_first:
        return Finding(Status.NO, JOINED_LATER)
    return Finding(head.status, OF_THE_HEAD)
