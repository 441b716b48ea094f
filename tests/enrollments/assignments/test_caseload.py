"""My caseload on Home: who is in it, and what is due next."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from enrollments.assignments.caseload import caseload
from enrollments.assignments.due import What, annual_due
from records.models import Visibility
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ClientFactory

ANNUAL, UPDATE = 5, 2


def case(by, *, entry, dob=date(1980, 5, 17), at=None, **values):
    """A client with an open enrollment whose case manager is `by`."""
    client = ClientFactory(organization=at or by.organizations[0], dob=dob)
    enrollment = EnrollmentFactory(client=client, entry_date=entry, **values)
    ends_on = enrollment.exit_date
    return CaseAssignmentFactory(
        enrollment=enrollment,
        case_manager=by,
        organization=by.organizations[0],
        begins_on=entry,
        ends_on=ends_on,
    )


def dues(user):
    return [(one.due.what, one.due.on, one.label) for one in caseload(user, TODAY) if one.due]


def test_active_assignments_are_listed_and_no_others(today, alice, bob):
    mine = case(alice, entry=date(2026, 1, 5))
    case(bob, entry=date(2026, 1, 5))
    over = case(alice, entry=date(2026, 1, 5))
    over.ends_on = TODAY
    over.save()
    future = case(alice, entry=date(2026, 1, 5))
    future.begins_on = TODAY + timedelta(days=1)
    future.save()
    assert [one.assignment for one in caseload(alice, TODAY)] == [mine]


def test_client_who_may_not_be_seen_is_not_listed(today, charlie, harbor):
    theirs = case(charlie, entry=date(2026, 1, 5), at=harbor)
    client = theirs.client
    client.visibility = Visibility.OWN_ORGANIZATION
    client.save()
    assert caseload(charlie, TODAY) == []


def test_what_is_due_first_stands_first(today, alice):
    case(alice, entry=date(2025, 6, 1))
    case(alice, entry=date(2025, 3, 20))
    case(alice, entry=date(2025, 1, 10))
    assert dues(alice) == [
        (What.ANNUAL, date(2026, 1, 10), "Overdue"),
        (What.ANNUAL, date(2026, 3, 20), "Due now"),
        (What.ANNUAL, date(2026, 6, 1), ""),
    ]


def test_annual_assessment_counts_from_the_heads_start(today, alice):
    head = EnrollmentFactory(entry_date=date(2025, 3, 1))
    child = EnrollmentFactory(
        household=head.household,
        project=head.project,
        entry_date=date(2025, 9, 1),
        relationship_to_hoh=2,
    )
    CaseAssignmentFactory(enrollment=child, case_manager=alice, begins_on=date(2025, 9, 1))
    assert dues(alice) == [(What.ANNUAL, date(2026, 3, 1), "Due now")]


def test_annual_assessment_that_is_made_is_due_next_year(today, alice):
    mine = case(alice, entry=date(2025, 3, 1))
    IncomeBenefitsFactory(
        enrollment=mine.enrollment,
        data_collection_stage=ANNUAL,
        information_date=date(2026, 2, 15),
    )
    assert dues(alice) == [(What.ANNUAL, date(2027, 3, 1), "")]


def test_update_is_no_annual_assessment(today, alice):
    mine = case(alice, entry=date(2025, 3, 1))
    IncomeBenefitsFactory(
        enrollment=mine.enrollment,
        data_collection_stage=UPDATE,
        information_date=date(2026, 2, 15),
    )
    assert dues(alice)[0][1] == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("head", "entry", "done", "due"),
    [
        (date(2025, 3, 1), date(2025, 3, 1), [], date(2026, 3, 1)),
        (date(2025, 3, 1), date(2025, 3, 1), [date(2026, 1, 29)], date(2026, 3, 1)),
        (date(2025, 3, 1), date(2025, 3, 1), [date(2026, 1, 30)], date(2027, 3, 1)),
        (date(2025, 1, 1), date(2026, 2, 10), [], date(2027, 1, 1)),
        (date(2026, 2, 1), date(2026, 2, 1), [], date(2027, 2, 1)),
        (date(2024, 2, 29), date(2024, 2, 29), [], date(2026, 3, 1)),
    ],
)
def test_window_of_the_annual_assessment(head, entry, done, due):
    assert annual_due(head, entry, done, TODAY).on == due


def test_who_turned_18_since_the_start_is_due(today, alice):
    case(alice, entry=date(2026, 1, 5), dob=date(2008, 2, 20))
    assert dues(alice) == [(What.ADULT, date(2026, 2, 20), "Due now")]


def test_who_turned_18_is_due_until_assessed(today, alice):
    mine = case(alice, entry=date(2026, 1, 5), dob=date(2008, 2, 20))
    IncomeBenefitsFactory(
        enrollment=mine.enrollment, data_collection_stage=UPDATE, information_date=TODAY
    )
    assert dues(alice) == [(What.ANNUAL, date(2027, 1, 5), "")]


def test_who_was_18_at_the_start_is_not_due(today, alice):
    case(alice, entry=date(2026, 1, 5), dob=date(2008, 1, 5))
    assert dues(alice) == [(What.ANNUAL, date(2027, 1, 5), "")]


def test_exit_without_destination_is_due_though_the_assignment_ended(today, alice):
    case(alice, entry=date(2026, 1, 5), exit_date=date(2026, 2, 20))
    assert dues(alice) == [(What.EXIT, date(2026, 2, 20), "Overdue")]


def test_complete_exit_is_no_case(today, alice):
    case(alice, entry=date(2026, 1, 5), exit_date=date(2026, 2, 20), destination=410)
    assert caseload(alice, TODAY) == []


def test_home_shows_the_first_and_leads_to_all(today, portal, alice):
    for day in range(12):
        case(alice, entry=date(2025, 6, 1) + timedelta(days=day))
    page = portal(alice).get("/")
    assert len(page.context["caseload"]) == 10
    assert page.context["caseload_count"] == 12
    assert reverse("enrollments:caseload") in page.text
    everything = portal(alice).get(reverse("enrollments:caseload"))
    assert everything.text.count('data-label="Client ID"') == 12


def test_caseload_costs_one_query(today, alice, django_assert_num_queries):
    for _ in range(3):
        case(alice, entry=date(2025, 6, 1))
    with django_assert_num_queries(1):
        cases = caseload(alice, TODAY)
        assert [str(one.assignment.enrollment.project) for one in cases]


def test_caseload_reads_what_a_line_shows_and_no_more(today, alice, django_assert_num_queries):
    case(alice, entry=date(2026, 1, 5))
    with django_assert_num_queries(1) as queries:
        [one] = caseload(alice, TODAY)
        assert str(one.assignment.enrollment.project)
        assert str(one.assignment.organization)
        assert one.assignment.client.sorted_name
        assert one.may_be_handed_over
    [sql] = [query["sql"] for query in queries.captured_queries]
    assert '"clients_client"."first_name"' in sql
    assert '"clients_client"."address1"' not in sql


def test_home_counts_all_of_an_account_that_stands_for_many(today, portal, alice, monkeypatch):
    monkeypatch.setattr("enrollments.assignments.caseload.MOST", 3)
    for day in range(5):
        case(alice, entry=date(2025, 6, 1) + timedelta(days=day))
    page = portal(alice).get("/")
    assert page.context["caseload_count"] == 5
    assert [one.assignment.begins_on.day for one in page.context["caseload"]] == [1, 2, 3, 4, 5]
