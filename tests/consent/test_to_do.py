"""To do: releases that end or have ended, are missing, or are due at 18 (R13.5, R13.6)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.models import Release
from consent.actions import Answer, record_release
from enrollments.assignments.caseload import caseload
from enrollments.assignments.due import What
from enrollments.dashboard.rows import newest_enrollments
from enrollments.dashboard.to_do import to_do
from records.models import Visibility
from tests.consent.conftest import TODAY
from tests.consent.factories import ReleaseFactory, revoked
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory

MISSING = "Release of Information not asked for"


@pytest.fixture(autouse=True)
def always(today):
    pass


@pytest.fixture
def john(harbor, alice):
    client = ClientFactory(organization=harbor, created_by=alice, dob=date(1980, 5, 17))
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    row = EnrollmentFactory(client=client, project=shelter, created_by=alice)
    CaseAssignmentFactory(enrollment=row, case_manager=alice)
    return client


def release(client, days, **more):
    begin = TODAY - timedelta(days=100)
    ends = TODAY + timedelta(days=days)
    return ReleaseFactory(client=client, answered_on=begin, begins_on=begin, ends_on=ends, **more)


def releases_of(client, user):
    """What the dashboard says of releases, and how urgent it is; it leads to Add Release."""
    found = to_do(client, newest_enrollments(client, user), user, TODAY)
    url = reverse("consent:add_release", args=[client.pk])
    return [(one.what, one.label) for one in found if one.url == url]


@pytest.mark.parametrize(
    ("days", "label"), [(31, None), (30, "Due now"), (0, "Due now"), (-1, "Overdue")]
)
def test_next_release_is_due_30_days_before_one_ends(alice, john, days, label):
    release(john, days)
    expected = [(What.RELEASE, label)] if label else []
    assert releases_of(john, alice) == expected


@pytest.mark.parametrize(
    "answer", ["renewed", "refused", "revoked"], ids=["renewed", "refused", "revoked"]
)
def test_answer_that_came_after_it_ends_the_reminder(alice, john, policy, answer):
    policy("required")
    old = release(john, -1)
    if answer == "renewed":
        ReleaseFactory(client=john)
    elif answer == "refused":
        ReleaseFactory(client=john, refused=True)
    else:
        revoked(old)
    assert releases_of(john, alice) == []


@pytest.mark.parametrize(
    ("chosen", "is_missing"), [("open", False), ("parts", True), ("required", True)]
)
def test_release_is_missing_where_the_agency_shares_on_one(alice, john, policy, chosen, is_missing):
    policy(chosen)
    assert releases_of(john, alice) == ([(MISSING, "")] if is_missing else [])


def test_release_recorded_by_mistake_is_missing_still(alice, john, policy):
    policy("required")
    revoked(ReleaseFactory(client=john), reason="mistake")
    assert releases_of(john, alice) == [(MISSING, "")]


def test_restricted_client_needs_none(alice, john, policy):
    policy("required")
    john.visibility = Visibility.OWN_ORGANIZATION
    john.save(update_fields=["visibility"])
    assert releases_of(john, alice) == []


def test_own_release_is_due_at_18_and_the_guardians_ends_the_day_before(alice, bob, john, harbor):
    john.dob = date(2008, 3, 12)
    john.save(update_fields=["dob", "dob_data_quality"])
    answer = Answer(
        kind=Release.Kind.VERBAL,
        organization=harbor,
        answered_on=TODAY,
        ends_on=date(2027, 3, 1),
        guardian_name="Gloria Guardian",
        witness=bob,
    )
    (row,) = record_release(clients=[john], answer=answer, by=alice)
    assert row.ends_on == date(2026, 3, 11)
    assert releases_of(john, alice) == [("Turns 18: own Release of Information", "Due now")]


def test_dashboard_leads_to_the_page_that_fixes_it(portal, alice, john):
    release(john, -1)
    page = portal(alice).get(john.get_absolute_url()).text
    assert What.RELEASE in page
    assert reverse("consent:add_release", args=[john.pk]) in page


def test_user_who_may_not_change_the_enrollment_has_nothing_to_do(charlie, john):
    release(john, -1)
    assert releases_of(john, charlie) == []


def test_home_lists_the_case_by_its_release(alice, john):
    release(john, 10)
    (case,) = caseload(alice, TODAY)
    assert (case.due.what, case.due.on, case.label) == (
        What.RELEASE,
        TODAY + timedelta(days=10),
        "Due now",
    )


def test_my_caseload_is_narrowed_to_releases_that_end(portal, alice, john):
    release(john, 10)
    address = reverse("enrollments:caseload")
    assert john.last_name in portal(alice).get(f"{address}?due=release").text
    assert john.last_name not in portal(alice).get(f"{address}?due=annual").text


def test_case_without_an_end_is_due_by_its_annual_assessment(alice, john):
    ReleaseFactory(client=john)
    (case,) = caseload(alice, TODAY)
    assert case.due.what == What.ANNUAL
