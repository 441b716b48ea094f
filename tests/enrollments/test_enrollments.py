"""Enrollments, one of them, and what a client's own pages show of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Client
from hud.choices import DataCollectionStage
from records.models import Visibility
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    DisabilityFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ClientFactory, InterestedOtherFactory
from tests.pages import send

YESTERDAY = TODAY - timedelta(days=1)
DASHBOARD_QUERIES = 13


@pytest.fixture
def list_page(enrollment):
    return reverse("enrollments:enrollments", args=[enrollment.client_id])


def with_grace(enrollment, **values):
    grace = ClientFactory(first_name="Grace", organization=enrollment.organization, **values)
    return EnrollmentFactory(
        household=enrollment.household,
        project=enrollment.project,
        client=grace,
        relationship_to_hoh=2,
        visibility=grace.visibility,
    )


def add_much(enrollment, number):
    """More enrollments, each with a companion and a case manager."""
    for _ in range(number):
        more = EnrollmentFactory(client=enrollment.client, organization=enrollment.organization)
        with_grace(more)
        CaseAssignmentFactory(enrollment=more)
        InterestedOtherFactory(client=enrollment.client)


def test_list_shows_what_one_looks_for(portal, alice, enrollment, list_page):
    grace = with_grace(enrollment).client
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    page = portal(alice).get(list_page)
    for words in ("Harbor Family Shelter", "Harbor Services", "01/05/2026", "Self", "Active"):
        assert words in page.text
    assert "Grace Smith" in page.text
    assert grace.get_absolute_url() in page.text
    assert str(alice) in page.text


def test_open_enrollments_come_first_then_the_latest_exit(portal, alice, enrollment, list_page):
    john = enrollment.client
    old = EnrollmentFactory(client=john, entry_date="2024-01-01", exit_date="2024-03-01")
    newer = EnrollmentFactory(client=john, entry_date="2025-01-01", exit_date="2025-03-01")
    page = portal(alice).get(list_page)
    assert [row.pk for row, _ in page.context["rows"]] == [enrollment.pk, newer.pk, old.pk]


def test_exit_without_destination_is_marked(portal, alice, enrollment, list_page):
    enrollment.exit_date = YESTERDAY
    enrollment.save()
    assert "Exit incomplete" in portal(alice).get(list_page).text


def test_member_who_may_not_be_seen_is_not_named(portal, charlie, enrollment, list_page):
    with_grace(enrollment, visibility=Visibility.OWN_ORGANIZATION)
    for url in (list_page, enrollment.get_absolute_url()):
        page = portal(charlie).get(url)
        assert page.status_code == 200
        assert "Grace" not in page.text


def test_restricted_enrollment_is_not_listed_elsewhere(portal, charlie, enrollment, list_page):
    enrollment.visibility = Visibility.OWN_ORGANIZATION
    enrollment.save()
    assert not portal(charlie).get(list_page).context["rows"]
    assert portal(charlie).get(enrollment.get_absolute_url()).status_code == 404


def test_enrollment_of_another_client_is_404(portal, alice, enrollment):
    other = ClientFactory(organization=enrollment.organization)
    url = reverse("enrollments:enrollment", args=[other.pk, enrollment.pk])
    assert portal(alice).get(url).status_code == 404


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_actions_are_for_the_enrollments_organization(request, portal, enrollment, list_page, who):
    page = portal(request.getfixturevalue(who)).get(list_page)
    labels = [action["label"] for _, actions in page.context["rows"] for action in actions]
    own = ["Re-open in the workflow", "Update assessment", "Annual assessment", "Exit"]
    by_whom = {"alice": ["Open", *own, "Delete"], "bob": ["Open", *own], "charlie": ["Open"]}
    assert labels == by_whom[who]


def test_exited_enrollment_offers_what_fits(portal, alice, enrollment, list_page):
    enrollment.exit_date = YESTERDAY
    enrollment.save()
    ((_, actions),) = portal(alice).get(list_page).context["rows"]
    assert [action["label"] for action in actions] == [
        "Open",
        "Re-open in the workflow",
        "Update assessment",
        "Annual assessment",
        "Edit exit",
        "Exit assessment",
        "Undo exit",
        "Delete",
    ]


@pytest.fixture
def answered(enrollment):
    enrollment.living_situation = 116
    enrollment.save()
    IncomeBenefitsFactory(
        enrollment=enrollment,
        income_from_any_source=1,
        total_monthly_income=967,
        ssi=1,
        ssi_amount=967,
        benefits_from_any_source=1,
        snap=1,
        insurance_from_any_source=0,
    )
    IncomeBenefitsFactory(
        enrollment=enrollment,
        data_collection_stage=2,
        information_date=YESTERDAY,
        income_from_any_source=9,
    )
    DisabilityFactory(enrollment=enrollment, disability_response=1, indefinite_and_impairs=1)
    HealthAndDVFactory(enrollment=enrollment, domestic_violence_survivor=0)
    return enrollment


def test_detail_shows_answers_and_assessments_by_date(portal, alice, answered):
    page = portal(alice).get(answered.get_absolute_url())
    assert "Place not meant for habitation" in page.text
    newest, start = page.context["assessments"]
    assert (newest.day, newest.stage) == (YESTERDAY, DataCollectionStage.UPDATE)
    assert newest.answers == [("Income", "Client prefers not to answer")]
    assert dict(start.answers) == {
        "Income": "$967.00 a month: Supplemental Security Income (SSI) $967.00",
        "Non-Cash Benefits": "Supplemental Nutrition Assistance Program (SNAP)",
        "Health Insurance": "No",
        "Physical disability": "Yes, long-continued and indefinite",
        "Survivor of Domestic Violence": "No",
    }


def test_health_and_violence_are_for_the_enrolling_organization(portal, charlie, answered):
    page = portal(charlie).get(answered.get_absolute_url())
    shown = {label for one in page.context["assessments"] for label, _ in one.answers}
    kept = {
        "Disabilities",
        "Domestic Violence",
    }
    assert shown == {"Income", "Non-Cash Benefits", "Health Insurance"} | kept
    assert "shown to users of Harbor Services and to this enrollment" in page.text


# what it costs


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("enrollments:enrollments", 10),
        ("clients:dashboard", DASHBOARD_QUERIES),
        ("home", 11),  # one for open invitations, one to log whom the caseload shows
    ],
)
def test_page_costs_the_same_with_many_rows(
    portal, alice, enrollment, django_assert_max_num_queries, name, most
):
    browser = portal(alice)
    url = reverse(name, args=[] if name == "home" else [enrollment.client_id])
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    browser.get(url)
    counts = []
    for number in (0, 7):
        add_much(enrollment, number)
        with django_assert_max_num_queries(most) as captured:
            browser.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_one_enrollment_costs_the_same_with_many_members(
    portal, alice, answered, django_assert_max_num_queries
):
    browser = portal(alice)
    for _ in range(7):
        with_grace(answered)
    browser.get(answered.get_absolute_url())
    with django_assert_max_num_queries(14):  # one for the assessments that were deleted lately
        browser.get(answered.get_absolute_url())


# the client's own pages


def test_dashboard_has_the_panels(portal, alice, enrollment):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    page = portal(alice).get(enrollment.client.get_absolute_url())
    assert enrollment.get_absolute_url() in page.text
    for name in ("enrollments", "case_managers", "add_case_assignment"):
        assert reverse(f"enrollments:{name}", args=[enrollment.client_id]) in page.text
    assert f"{reverse('enrollments:intakes')}?client={enrollment.client_id}" in page.text
    headings = ["Enrollments", "Active Alerts", "Case Managers", "Interested Others"]
    places = [page.text.index(f">{heading}</h2>") for heading in headings]
    assert places == sorted(places)


def test_panels_show_nothing_that_may_not_be_seen(portal, charlie, alice, enrollment):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    enrollment.visibility = Visibility.OWN_ORGANIZATION
    enrollment.save()
    page = portal(charlie).get(enrollment.client.get_absolute_url())
    assert "Harbor Family Shelter" not in page.text
    assert str(alice) not in page.text.replace(f"by {alice}", "")


def test_edit_client_shows_relationship_and_veteran_status_only(portal, alice, enrollment):
    url = reverse("clients:edit", args=[enrollment.client_id])
    page = portal(alice).get(url)
    assert "Self (head of household)" in page.text
    assert enrollment.get_absolute_url() in page.text
    names = set(page.context["form"].fields)
    assert not names & {"veteran_status", "relationship_to_hoh"}
    send(portal(alice), url, veteran_status="1", relationship_to_hoh="3")
    enrollment.refresh_from_db()
    assert enrollment.relationship_to_hoh == 1
    assert Client.objects.get().veteran_status == 99


def test_edit_client_without_enrollment_leads_to_the_intake(portal, alice, john):
    page = portal(alice).get(reverse("clients:edit", args=[john.pk]))
    assert "Not enrolled" in page.text
    assert f"{reverse('enrollments:intakes')}?client={john.pk}" in page.text


def test_menu_has_the_pages_in_their_order(portal, alice, enrollment, list_page):
    page = portal(alice).get(list_page)
    folders = [item for item in page.context["menu"]["entries"] if "entries" in item]
    labels = {item["label"]: [line["label"] for line in item["entries"]] for item in folders}
    assert labels["Profile"] == [
        "Edit Client",
        "Case Managers",
        "Case Notes",
        "Client Files",
        "Client Photo",
        "Interested Others",
        "Release of Information",
        "Tasks",
    ]
    assert labels["Enrollments"] == ["Enrollments", "Services", "Attendance"]
    assert labels["Coordinated Access"] == ["Events", "Assessments"]
    assert [item["label"] for item in folders if item["open"]] == ["Profile", "Enrollments"]
