"""Chronic homelessness at project start, line by line of HUD's reporting glossary."""

from datetime import date, timedelta

import pytest

from hud.choices import ProjectType
from hud.rules.chronic import (
    JOINED_LATER,
    OF_THE_HEAD,
    OF_THE_HOUSEHOLD,
    Finding,
    Person,
    Status,
    at_start,
    of_household,
)

START = date(2026, 3, 2)
STREET, HOSPITAL, RENTAL, TWO_TO_SIX_NIGHTS, LONG = 116, 206, 410, 11, 5
FOUR, LESS, TWELVE, ELEVEN = 4, 2, 112, 111


def found(*, disabling=1, project_type=ProjectType.PSH, **answers) -> Finding:
    return at_start(
        answers, disabling_condition=disabling, entry_date=START, project_type=project_type
    )


def since(days: int) -> date:
    return START - timedelta(days=days)


def street(**answers) -> Finding:
    return found(living_situation=STREET, **answers)


@pytest.mark.parametrize(
    ("disabling", "status"),
    [
        (0, Status.NO),
        (8, Status.NOT_KNOWN),
        (9, Status.NOT_KNOWN),
        (99, Status.MISSING),
        (None, Status.MISSING),
        (1, Status.YES),
    ],
)
def test_disabling_condition_decides_first(disabling, status):
    finding = street(disabling=disabling, date_to_street_essh=since(365))
    assert finding.status is status
    assert ("isabling condition" in finding.reason) is True


@pytest.mark.parametrize(("days", "status"), [(365, Status.YES), (364, Status.MISSING)])
def test_year_in_one_piece_is_365_days_before_the_start(days, status):
    assert street(date_to_street_essh=since(days)).status is status


@pytest.mark.parametrize(
    ("times", "months", "status"),
    [
        (FOUR, TWELVE, Status.YES),
        (FOUR, 113, Status.YES),
        (FOUR, ELEVEN, Status.NO),
        (3, TWELVE, Status.NO),
        (FOUR, 8, Status.NOT_KNOWN),
        (FOUR, 99, Status.MISSING),
        (FOUR, None, Status.MISSING),
        (LESS, TWELVE, Status.NO),
        (9, TWELVE, Status.NOT_KNOWN),
        (99, TWELVE, Status.MISSING),
        (None, TWELVE, Status.MISSING),
    ],
)
def test_else_four_times_and_twelve_months(times, months, status):
    finding = street(
        date_to_street_essh=since(30),
        times_homeless_past_three_years=times,
        months_homeless_past_three_years=months,
    )
    assert finding.status is status


@pytest.mark.parametrize(
    "kind",
    [
        ProjectType.ES_ENTRY_EXIT,
        ProjectType.ES_NIGHT_BY_NIGHT,
        ProjectType.STREET_OUTREACH,
        ProjectType.SAFE_HAVEN,
    ],
)
def test_shelter_and_street_outreach_do_not_ask_where_the_client_came_from(kind):
    answers = {"living_situation": RENTAL, "date_to_street_essh": since(400)}
    assert found(project_type=kind, length_of_stay=LONG, **answers).status is Status.YES
    assert found(length_of_stay=LONG, **answers).status is Status.NO


@pytest.mark.parametrize(
    ("situation", "length", "night_before", "status"),
    [
        (HOSPITAL, 3, 1, Status.YES),  # one month to 90 days
        (HOSPITAL, 3, 0, Status.NO),
        (HOSPITAL, 3, None, Status.MISSING),
        (HOSPITAL, 3, 99, Status.MISSING),
        (HOSPITAL, 8, 1, Status.MISSING),  # HUD has no "does not know" in row 15
        (HOSPITAL, 4, 1, Status.NO),  # 90 days or more
        (RENTAL, TWO_TO_SIX_NIGHTS, 1, Status.YES),
        (RENTAL, 2, 1, Status.NO),  # a week or more
        (RENTAL, None, 1, Status.MISSING),
        (None, None, None, Status.MISSING),
        (8, 8, None, Status.MISSING),
        (99, 99, None, Status.MISSING),
    ],
)
def test_short_stay_after_the_street_counts(situation, length, night_before, status):
    finding = found(
        living_situation=situation,
        length_of_stay=length,
        previous_street_essh=night_before,
        date_to_street_essh=since(500),
    )
    assert finding.status is status


def test_reason_says_which_answer_decided():
    assert "no disabling condition" in street(disabling=0).reason
    assert "7 nights or more" in found(living_situation=RENTAL, length_of_stay=LONG).reason
    assert "90 days or more" in found(living_situation=HOSPITAL, length_of_stay=LONG).reason
    assert street().reason == "Times homeless in the past three years: data not collected."
    unknown = found(living_situation=HOSPITAL, length_of_stay=9, previous_street_essh=None)
    assert unknown.reason == "Length of stay in the prior living situation: data not collected."


YES, NO, MISSING = (Finding(one, "own") for one in (Status.YES, Status.NO, Status.MISSING))


def person(finding, *, is_head=False, is_adult=True, is_first=True) -> Person:
    return Person(finding, is_head, is_adult, is_first)


def test_one_adult_is_enough_for_all_who_are_there_from_the_start():
    rows = of_household(
        [
            person(NO, is_head=True),
            person(YES),
            person(MISSING, is_adult=False),
            person(NO, is_first=False),
        ]
    )
    assert [row.status for row in rows] == [Status.YES, Status.YES, Status.YES, Status.NO]
    assert [row.reason for row in rows] == [OF_THE_HOUSEHOLD, "own", OF_THE_HOUSEHOLD, "own"]


def test_who_joined_later_neither_makes_the_household_chronic_nor_becomes_so():
    rows = of_household([person(NO, is_head=True), person(YES, is_first=False)])
    assert [row.status for row in rows] == [Status.NO, Status.YES]
    born_later = person(MISSING, is_adult=False, is_first=False)
    assert of_household([person(YES, is_head=True), born_later])[1] == (Status.NO, JOINED_LATER)


def test_child_has_the_status_of_the_head_and_not_its_own():
    rows = of_household([person(MISSING, is_head=True), person(NO), person(YES, is_adult=False)])
    assert [row.status for row in rows] == [Status.MISSING, Status.NO, Status.MISSING]
    assert rows[2].reason == OF_THE_HEAD


def test_head_who_is_a_child_counts_where_there_is_no_adult():
    child_head = person(YES, is_head=True, is_adult=False)
    rows = of_household([child_head, person(NO, is_adult=False)])
    assert [row.status for row in rows] == [Status.YES, Status.YES]
    rows = of_household([child_head, person(NO), person(MISSING, is_adult=None)])
    assert [row.status for row in rows][:2] == [Status.YES, Status.NO]


def test_head_of_unknown_age_counts_where_no_adult_is_known():
    rows = of_household([person(YES, is_head=True, is_adult=None), person(NO, is_adult=False)])
    assert [row.status for row in rows] == [Status.YES, Status.YES]


def test_household_without_a_head_leaves_each_with_the_own_answers():
    assert of_household([person(MISSING, is_adult=False)]) == [MISSING]
