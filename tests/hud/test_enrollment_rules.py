"""3.10 start, 3.11 exit, 3.12 destination, 3.15 household, 3.20 move-in, 5.03 annual."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from hud.choices import Destination, ProjectType
from hud.occurrence import ENGAGEMENT, MOVE_IN
from hud.rules import annual, destination, entry, exit, household
from hud.rules.entry import EnrollmentDates
from hud.rules.household import Member
from hud.rules.issues import Level

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "hmis_csv_fy2026_sample"
TODAY = date(2026, 3, 15)
LONG_AGO = date(2020, 1, 1)


def levels(issues):
    return [(issue.level, issue.rule, issue.field) for issue in issues]


ENTRY_ERROR = [(Level.ERROR, "3.10", "entry_date")]
ENTRY_WARNING = [(Level.WARNING, "3.10", "entry_date")]


def test_start_date_is_needed():
    assert levels(entry.issues(None, today=TODAY)) == ENTRY_ERROR


def test_start_in_the_future_is_an_error():
    assert levels(entry.issues(TODAY + timedelta(1), today=TODAY)) == ENTRY_ERROR


@pytest.mark.parametrize("days", [0, 1, 30])
def test_start_within_30_days_passes(days):
    assert entry.issues(TODAY - timedelta(days), today=TODAY) == []


def test_start_more_than_30_days_ago_is_a_warning():
    assert levels(entry.issues(TODAY - timedelta(31), today=TODAY)) == ENTRY_WARNING


def test_stored_start_is_not_called_late_again_but_impossible_still():
    assert entry.issues(TODAY - timedelta(31), today=TODAY, is_new=False) == []
    assert levels(entry.issues(TODAY + timedelta(1), today=TODAY, is_new=False)) == ENTRY_ERROR


def test_start_before_the_date_of_birth_is_an_error():
    found = entry.issues(date(2026, 3, 1), today=TODAY, dob=date(2026, 3, 2))
    assert levels(found) == ENTRY_ERROR


def test_start_on_the_day_of_birth_passes_here():
    assert entry.issues(TODAY, today=TODAY, dob=TODAY) == []


def test_start_before_the_heads_is_a_warning():
    found = entry.issues(date(2026, 3, 1), today=TODAY, head_entry_date=date(2026, 3, 2))
    assert levels(found) == ENTRY_WARNING


@pytest.mark.parametrize("head_entry_date", [None, date(2026, 3, 1), date(2026, 2, 1)])
def test_start_with_or_after_the_heads_passes(head_entry_date):
    found = entry.issues(date(2026, 3, 1), today=TODAY, head_entry_date=head_entry_date)
    assert found == []


@pytest.mark.parametrize("start", [date(2025, 12, 31), date(2026, 2, 1)])
def test_start_outside_the_operating_dates_is_an_error(start):
    found = entry.project_issues(
        start, operating_start=date(2026, 1, 1), operating_end=date(2026, 1, 31)
    )
    assert levels(found) == ENTRY_ERROR


@pytest.mark.parametrize("start", [date(2026, 1, 1), date(2026, 1, 31), None])
def test_start_on_the_first_and_last_operating_day_passes(start):
    found = entry.project_issues(
        start, operating_start=date(2026, 1, 1), operating_end=date(2026, 1, 31)
    )
    assert found == []


def test_project_without_dates_takes_any_start():
    assert entry.project_issues(LONG_AGO, operating_start=None) == []


def test_start_inside_an_open_enrollment_is_an_error():
    found = entry.overlap_issues(EnrollmentDates(TODAY), [EnrollmentDates(LONG_AGO)])
    assert levels(found) == ENTRY_ERROR
    assert "open enrollment" in found[0].message


def test_start_inside_a_closed_enrollment_is_an_error():
    found = entry.overlap_issues(
        EnrollmentDates(date(2026, 1, 5)), [EnrollmentDates(date(2026, 1, 1), date(2026, 1, 10))]
    )
    assert levels(found) == ENTRY_ERROR


@pytest.mark.parametrize(
    ("enrollment", "other"),
    [
        (EnrollmentDates(date(2026, 1, 10)), EnrollmentDates(date(2026, 1, 1), date(2026, 1, 10))),
        (EnrollmentDates(date(2026, 1, 11)), EnrollmentDates(date(2026, 1, 1), date(2026, 1, 10))),
        (EnrollmentDates(date(2026, 1, 1), date(2026, 1, 10)), EnrollmentDates(date(2026, 1, 10))),
        (
            EnrollmentDates(date(2026, 1, 10), date(2026, 1, 10)),
            EnrollmentDates(date(2026, 1, 1), date(2026, 1, 10)),
        ),
    ],
)
def test_day_of_exit_is_free_for_the_next_start(enrollment, other):
    assert entry.overlap_issues(enrollment, [other]) == []


@pytest.mark.parametrize(
    ("enrollment", "other"),
    [
        (EnrollmentDates(date(2026, 1, 1)), EnrollmentDates(date(2026, 1, 1))),
        (EnrollmentDates(date(2026, 1, 1)), EnrollmentDates(date(2026, 1, 5), date(2026, 1, 6))),
        (EnrollmentDates(date(2026, 1, 5), date(2026, 1, 5)), EnrollmentDates(date(2026, 1, 1))),
        (
            EnrollmentDates(date(2026, 1, 1), date(2026, 1, 1)),
            EnrollmentDates(date(2026, 1, 1), date(2026, 1, 1)),
        ),
    ],
)
def test_enrollments_that_hold_one_night_overlap_either_way(enrollment, other):
    assert enrollment.overlaps(other)
    assert other.overlaps(enrollment)


def test_first_enrollment_in_a_project_overlaps_nothing():
    assert entry.overlap_issues(EnrollmentDates(TODAY), []) == []


def test_household_with_one_head_passes():
    assert household.issues([Member("a", 1), Member("b", 2), Member("c", 99)]) == []


@pytest.mark.parametrize("relationship", [None, 2, 99])
def test_household_without_head_is_an_error(relationship):
    found = household.issues([Member("a", relationship)])
    assert levels(found) == [(Level.ERROR, "3.15", "relationship_to_hoh")]
    assert "Choose one member" in found[0].message


def test_household_with_two_heads_is_an_error():
    found = household.issues(iter([Member("a", 1), Member("b", 1)]))
    assert levels(found) == [(Level.ERROR, "3.15", "relationship_to_hoh")]
    assert "only one member" in found[0].message


def test_member_twice_is_an_error():
    found = household.issues([Member("a", 1), Member("b", 2), Member("b", 4)])
    assert levels(found) == [(Level.ERROR, "5.09", "household_id")]


def test_empty_household_has_no_head():
    assert household.issues([])


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample data set is absent")
def test_sample_has_two_households_without_exactly_one_head():
    households = defaultdict(list)
    with (SAMPLE / "Enrollment.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            member = Member(row["PersonalID"], int(row["RelationshipToHoH"]))
            households[row["HouseholdID"]].append(member)
    assert sum(bool(household.issues(members)) for members in households.values()) == 2


EXIT_ERROR = [(Level.ERROR, "3.11", "exit_date")]
EXIT_WARNING = [(Level.WARNING, "3.11", "exit_date")]


def test_exit_before_the_start_is_an_error():
    found = exit.issues(date(2026, 3, 1), entry_date=date(2026, 3, 2), today=TODAY)
    assert levels(found) == EXIT_ERROR


def test_exit_in_the_future_is_an_error():
    found = exit.issues(TODAY + timedelta(1), entry_date=LONG_AGO, today=TODAY)
    assert levels(found) == EXIT_ERROR


def test_exit_more_than_30_days_ago_is_a_warning():
    found = exit.issues(TODAY - timedelta(31), entry_date=LONG_AGO, today=TODAY)
    assert levels(found) == EXIT_WARNING


def test_stored_exit_is_not_called_late_again_but_impossible_still():
    stored = {"entry_date": LONG_AGO, "today": TODAY, "is_new": False}
    assert exit.issues(TODAY - timedelta(31), **stored) == []
    assert levels(exit.issues(TODAY + timedelta(1), **stored)) == EXIT_ERROR


@pytest.mark.parametrize("days", [0, 30])
def test_exit_within_30_days_passes(days):
    assert exit.issues(TODAY - timedelta(days), entry_date=LONG_AGO, today=TODAY) == []


def test_exit_on_the_day_of_the_start_passes():
    assert exit.issues(TODAY, entry_date=TODAY, today=TODAY) == []


def test_open_enrollment_passes():
    assert exit.issues(None, entry_date=TODAY, today=TODAY) == []
    assert exit.head_issues(None, [None]) == []


@pytest.mark.parametrize("others", [[None], [TODAY + timedelta(1)], [LONG_AGO, None]])
def test_head_leaving_before_members_is_a_warning(others):
    assert levels(exit.head_issues(TODAY, others)) == EXIT_WARNING


@pytest.mark.parametrize("others", [[], [TODAY], [LONG_AGO]])
def test_head_leaving_last_passes(others):
    assert exit.head_issues(TODAY, others) == []


@pytest.mark.parametrize("code", [8, 9, 99, 30, 24, 410])
def test_destination_alone_passes(code):
    assert destination.questions(code) == ("destination",)
    assert destination.issues(code) == []


def test_blank_destination_is_a_warning():
    assert levels(destination.issues(None)) == [(Level.WARNING, "3.12", "destination")]


def test_subsidized_rental_asks_which_subsidy():
    code = Destination.RENTAL_WITH_SUBSIDY
    assert destination.questions(code) == ("destination", "destination_subsidy_type")
    assert levels(destination.issues(code)) == [(Level.WARNING, "3.12", "destination_subsidy_type")]
    assert destination.issues(code, subsidy_type=419) == []


def test_other_destination_asks_where():
    assert destination.questions(17) == ("destination", "other_destination")
    assert levels(destination.issues(17, other=" ")) == [
        (Level.WARNING, "3.12", "other_destination")
    ]
    assert destination.issues(17, other="A boat") == []


MOVE_IN_ERROR = [(Level.ERROR, "3.20", "move_in_date")]


def issues_on(day, project_type, exit_date=None, *, element):
    return element.issues(
        day,
        entry_date=date(2026, 1, 1),
        today=TODAY,
        project_type=project_type,
        exit_date=exit_date,
    )


def move_in_on(day, project_type=ProjectType.RAPID_REHOUSING, exit_date=None):
    return issues_on(day, project_type, exit_date, element=MOVE_IN)


@pytest.mark.parametrize("day", [None, date(2026, 1, 1), TODAY])
def test_move_in_within_the_enrollment_passes(day):
    assert move_in_on(day) == []


@pytest.mark.parametrize("day", [date(2025, 12, 31), TODAY + timedelta(1)])
def test_move_in_before_the_start_or_in_the_future_is_an_error(day):
    assert levels(move_in_on(day)) == MOVE_IN_ERROR


def engaged_on(day, project_type=ProjectType.STREET_OUTREACH, exit_date=None):
    return issues_on(day, project_type, exit_date, element=ENGAGEMENT)


@pytest.mark.parametrize("day", [None, date(2026, 1, 1), TODAY])
@pytest.mark.parametrize("kind", [ProjectType.STREET_OUTREACH, ProjectType.ES_NIGHT_BY_NIGHT])
def test_engagement_within_the_enrollment_passes(day, kind):
    assert engaged_on(day, kind, exit_date=TODAY) == []


@pytest.mark.parametrize(
    ("day", "kind", "exit_date"),
    [
        (date(2025, 12, 31), ProjectType.STREET_OUTREACH, None),
        (TODAY + timedelta(1), ProjectType.STREET_OUTREACH, None),
        (TODAY, ProjectType.STREET_OUTREACH, TODAY - timedelta(1)),
        (TODAY, ProjectType.ES_ENTRY_EXIT, None),
    ],
    ids=["before the start", "in the future", "after the exit", "of another kind of project"],
)
def test_engagement_outside_the_enrollment_or_elsewhere_is_an_error(day, kind, exit_date):
    found = levels(engaged_on(day, kind, exit_date))
    assert found == [(Level.ERROR, "4.13", "date_of_engagement")]


def test_move_in_on_the_day_of_the_exit_passes():
    assert move_in_on(TODAY, exit_date=TODAY) == []


def test_move_in_after_the_exit_is_an_error():
    assert levels(move_in_on(TODAY, exit_date=date(2026, 2, 1))) == MOVE_IN_ERROR


@pytest.mark.parametrize("project_type", [0, 2, 8, 14])
def test_move_in_outside_permanent_housing_is_an_error(project_type):
    assert levels(move_in_on(TODAY, project_type)) == MOVE_IN_ERROR


@pytest.mark.parametrize("project_type", [3, 9, 10, 13])
def test_move_in_belongs_to_permanent_housing(project_type):
    assert move_in_on(TODAY, project_type) == []


HEAD_START = date(2025, 3, 10)


def annual_on(day, start=HEAD_START, today=date(2030, 1, 1), **more):
    return levels(annual.issues(day, head_entry_date=start, today=today, **more))


@pytest.mark.parametrize("day", [date(2026, 2, 8), date(2026, 3, 10), date(2026, 4, 9)])
def test_annual_assessment_within_30_days_of_the_anniversary_passes(day):
    assert annual_on(day) == []


@pytest.mark.parametrize("day", [date(2026, 2, 7), date(2026, 4, 10), date(2025, 3, 10)])
def test_annual_assessment_outside_the_window_is_a_warning(day):
    assert annual_on(day) == [(Level.WARNING, "5.03", "information_date")]


def test_annual_assessment_before_the_enrollment_is_an_error():
    assert annual_on(date(2025, 3, 9)) == [(Level.ERROR, "5.03", "information_date")]


def test_annual_assessment_in_the_future_is_an_error():
    found = annual_on(date(2026, 3, 10), today=date(2026, 3, 9))
    assert found == [(Level.ERROR, "5.03", "information_date")]


def test_annual_assessment_of_today_passes():
    assert annual_on(date(2026, 3, 10), today=date(2026, 3, 10)) == []


@pytest.mark.parametrize("day", [date.min, date.max])
def test_annual_assessment_at_the_ends_of_the_calendar_is_an_error(day):
    assert annual_on(day) == [(Level.ERROR, "5.03", "information_date")]


def test_annual_assessment_needs_a_date():
    assert annual_on(None) == [(Level.ERROR, "5.03", "information_date")]


@pytest.mark.parametrize(
    ("done", "is_second"),
    [
        (date(2026, 2, 8), True),
        (date(2026, 3, 10), True),
        (date(2026, 2, 7), False),
        (date(2025, 3, 12), False),
        (date(2027, 3, 10), False),
    ],
)
def test_second_annual_assessment_for_one_anniversary_is_a_warning(done, is_second):
    found = [(Level.WARNING, "5.03", "information_date")] if is_second else []
    assert annual_on(date(2026, 3, 10), done=[done]) == found


def test_second_assessment_of_one_day_is_an_error():
    day, others = date(2026, 3, 10), [date(2026, 3, 9), date(2026, 3, 11)]
    assert annual.same_day_issues(day, done=others, message="Once a day.") == []
    found = annual.same_day_issues(day, done=[*others, day], message="Once a day.")
    assert levels(found) == [(Level.ERROR, "5.03", "information_date")]
    assert found[0].message == "Once a day."


def test_window_may_cross_the_new_year():
    assert annual_on(date(2027, 1, 5), start=date(2024, 12, 20)) == []
    assert annual_on(date(2025, 12, 15), start=date(2024, 1, 5)) == []


def test_window_of_a_leap_day_start():
    window = annual.window(date(2024, 2, 29), 2025)
    assert window == (date(2025, 1, 30), date(2025, 3, 1), date(2025, 3, 31))
