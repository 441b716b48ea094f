"""The dashboard's left column: what is to do, the enrollments, who is in the household."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from clients.models import Client, ClientAccess
from enrollments.dashboard.rows import household, newest_enrollments
from enrollments.dashboard.to_do import to_do
from records.models import Visibility
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.factories import AlertFactory

KNOWN = {
    "name_data_quality": 1,
    "ssn_data_quality": 9,
    "dob_data_quality": 1,
    "sex": 1,
    "white": True,
    "veteran_status": 0,
}
COMPLETE = {"living_situation": 116, "disabling_condition": 0, "enrollment_coc": "MA-500"}


@pytest.fixture
def complete(john, enrollment, alice):
    """John's record and enrollment with nothing missing."""
    type(john).objects.filter(pk=john.pk).update(**KNOWN, ssn="")
    john.refresh_from_db()
    for name, value in COMPLETE.items():
        setattr(enrollment, name, value)
    enrollment.save()
    IncomeBenefitsFactory(
        enrollment=enrollment, data_collection_stage=1, information_date=enrollment.entry_date
    )
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    return enrollment


def tasks(client, user):
    client = Client.objects.with_sharing(user).get(pk=client.pk)
    rows = newest_enrollments(client, user)
    return {one.what: one for one in to_do(client, rows, user, TODAY)}


def test_complete_record_leaves_nothing_to_do(complete, john, alice):
    assert tasks(john, alice) == {}


@pytest.mark.parametrize(
    ("column", "value", "name", "page"),
    [
        ("living_situation", None, "Prior Living Situation", "/universal/"),
        ("living_situation", 99, "Prior Living Situation", "/universal/"),
        ("disabling_condition", 99, "Disabling Condition", "/universal/"),
        ("enrollment_coc", "", "Enrollment CoC", "/program/"),
    ],
)
def test_what_an_enrollment_lacks_leads_to_its_step(
    complete, john, alice, column, value, name, page
):
    setattr(complete, column, value)
    complete.save()
    (one,) = tasks(john, alice).values()
    assert one.what == f"Not collected: {name}"
    assert page in one.url
    assert one.project == "Harbor Family Shelter"


@pytest.mark.parametrize("value", [8, 9])
def test_refused_answer_is_an_answer(complete, john, alice, value):
    complete.disabling_condition = value
    complete.save()
    assert tasks(john, alice) == {}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"sex": 99}, "Sex"),
        ({"ssn_data_quality": 99}, "Social Security Number"),
        ({"dob": None, "dob_data_quality": 99}, "Date of Birth"),
        ({"white": False}, "Race and Ethnicity"),
        ({"white": False, "race_none": 99}, "Race and Ethnicity"),
    ],
)
def test_what_a_client_lacks_leads_to_edit_client(complete, john, alice, values, name):
    type(john).objects.filter(pk=john.pk).update(**values)
    john.refresh_from_db()
    one = tasks(john, alice)[f"Not collected: {name}"]
    assert one.url == f"/clients/{john.pk}/edit/"


def test_veteran_status_is_asked_of_adults_in_the_workflow(complete, john, alice):
    type(john).objects.filter(pk=john.pk).update(veteran_status=99)
    john.refresh_from_db()
    assert "/basic/" in tasks(john, alice)["Not collected: Veteran Status"].url
    type(john).objects.filter(pk=john.pk).update(dob=date(2015, 1, 1))
    john.refresh_from_db()
    assert tasks(john, alice) == {}


def test_household_without_a_head_leads_to_the_page_that_chooses_one(complete, john, alice):
    rows = type(complete).objects.filter(pk=complete.pk)
    rows.update(relationship_to_hoh=3, is_exempt=True)  # as an import brought it in
    one = tasks(john, alice)["No head of household"]
    assert one.url == f"/clients/{john.pk}/enrollments/{complete.pk}/change-head/"


def test_enrollment_without_case_manager_asks_for_one(complete, john, alice):
    complete.case_assignments.update(ends_on=TODAY)
    one = tasks(john, alice)["No case manager"]
    assert one.url == f"/clients/{john.pk}/case-managers/add/"


def test_enrollment_without_answers_at_start_asks_for_them(complete, john, alice):
    complete.incomebenefits_rows.get().mark_deleted(by=alice)
    assert "/barriers/" in tasks(john, alice)["Answers at project start not collected"].url


@pytest.mark.parametrize(
    ("entry", "label"),
    [
        (date(2025, 3, 20), "Due now"),
        (date(2025, 1, 5), "Overdue"),
        (date(2025, 6, 1), None),
    ],
)
def test_annual_assessment_is_listed_in_its_time(complete, john, alice, entry, label):
    complete.case_assignments.update(begins_on=entry)
    type(complete).objects.filter(pk=complete.pk).update(entry_date=entry)
    one = tasks(john, alice).get("Annual assessment")
    assert (one and one.label) == label
    if one:
        assert one.url == f"{complete.get_absolute_url()}annual/"


def test_exit_without_destination_is_overdue_work(complete, john, alice):
    complete.case_assignments.update(ends_on=TODAY - timedelta(days=2))
    complete.exit_date = TODAY - timedelta(days=2)
    complete.save()
    (one,) = tasks(john, alice).values()
    assert (one.what, one.label) == ("Exit incomplete: destination", "Overdue")
    assert one.url == f"{complete.get_absolute_url()}exit/"


def test_what_is_overdue_stands_first(complete, john, alice, shelter):
    other = EnrollmentFactory(client=john, entry_date=date(2025, 1, 5), created_by=alice)
    listed = list(tasks(john, alice).values())
    assert (listed[0].label, listed[0].project) == ("Overdue", str(other.project))
    assert not listed[-1].label


def test_another_agency_is_given_nothing_to_do_with_an_enrollment(
    portal, enrollment, john, charlie
):
    type(john).objects.filter(pk=john.pk).update(**KNOWN, ssn="")
    john.refresh_from_db()
    assert tasks(john, charlie) == {}
    assert "Nothing is due or missing." not in portal(charlie).get(john.get_absolute_url()).text


def test_household_lists_ages_relationships_and_who_is_in_what(enrollment, child, john, alice):
    other = EnrollmentFactory(client=child.client, created_by=alice)
    people = household(john, alice)
    assert [one.client for one in people] == [john, child.client]
    assert people[0].relationships == ["Head of household"]
    assert people[1].enrollments == [child, other]
    assert people[1].elsewhere == [other]


def test_client_alone_has_no_household_card(enrollment, john, alice):
    assert household(john, alice) == []


def test_former_member_is_not_in_the_household(enrollment, child, john, alice):
    child.exit_date = TODAY
    child.save()
    assert household(john, alice) == []


def test_member_who_may_not_be_seen_is_not_named_through_another_project(
    enrollment, child, john, bridge, charlie
):
    """Charlie's agency serves Grace too, but her enrollment with John is Harbor's alone."""
    shared = EnrollmentFactory(client=child.client, organization=bridge, created_by=charlie)
    assert [one.client for one in household(john, charlie)] == [john, child.client]
    type(child).objects.filter(pk=child.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    assert shared in type(child).objects.visible_to(charlie)
    assert household(john, charlie) == []


def test_restricted_member_is_not_named_to_another_agency(enrollment, child, john, charlie, portal):
    person = child.client
    person.visibility = Visibility.OWN_ORGANIZATION
    person.save()
    assert household(john, charlie) == []
    assert "Grace" not in portal(charlie).get(john.get_absolute_url()).content.decode()


def test_household_on_the_dashboard_is_in_the_access_log(portal, enrollment, child, john, alice):
    page = portal(alice).get(john.get_absolute_url()).content.decode()
    assert "Grace Smith" in page
    listed = ClientAccess.objects.filter(user=alice, listed__contains=[child.client_id])
    assert listed.exists()


def test_dashboard_has_the_four_buttons_of_the_day(portal, enrollment, john, alice):
    page = portal(alice).get(john.get_absolute_url()).content.decode()
    buttons = page.partition('class="page-actions"')[2].partition("</div>")[0]
    for label, place in (
        ("Add New Case Note", "case-notes/add/"),
        ("Add File", "files/add/"),
        ("Add New Service", "services/add/"),
    ):
        assert label in buttons
        assert f"{john.get_absolute_url()}{place}" in buttons
    assert f"/intake/?client={john.pk}" in buttons


def test_empty_cards_are_one_line_each_and_stand_last(portal, enrollment, john, alice):
    page = portal(alice).get(john.get_absolute_url()).content.decode()
    now = page.partition('<div class="columns">')[2]
    slim = now.index('class="card card-slim" aria-labelledby="alerts-panel"')
    assert now.index('class="card" aria-labelledby="enrollments-panel"') < slim
    assert 'class="card" aria-labelledby="case-notes-panel"' not in now


def test_change_by_somebody_else_is_marked_for_a_week(portal, enrollment, john, alice, bob):
    def marked():
        return "New by Bob" in portal(alice).get(enrollment.client.get_absolute_url()).text

    assert not marked()
    other = EnrollmentFactory(client=john, created_by=bob)
    assert marked()
    assert "by Bob" not in portal(bob).get(john.get_absolute_url()).text.partition("columns")[2]
    week = timezone.now() - timedelta(days=8)
    type(other).objects.filter(pk=other.pk).update(date_created=week, date_updated=week)
    assert not marked()


def test_alert_of_somebody_else_is_marked(portal, enrollment, john, alice, bob):
    AlertFactory(client=john, text="Call first", created_by=bob)
    assert "badge-info" in portal(alice).get(john.get_absolute_url()).text
