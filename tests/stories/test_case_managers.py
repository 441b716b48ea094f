"""The Case Manager Assignments cheat sheet outside the intake, label by label (4.4, 5)."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from enrollments.models import CaseAssignment
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ProjectFactory, UserFactory
from tests.stories.conftest import heading


@pytest.fixture
def enrollment(john, harbor, alice):
    """John's open enrollment at Harbor's shelter, two weeks old."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    since = timezone.localdate() - timedelta(days=14)
    return EnrollmentFactory(client=john, project=shelter, entry_date=since, created_by=alice)


@pytest.fixture
def assigned(enrollment, alice):
    return CaseAssignmentFactory(
        enrollment=enrollment, case_manager=alice, begins_on=enrollment.entry_date, created_by=alice
    )


def today():
    return f"{timezone.localdate():%m/%d/%Y}"


def row_of(page, name):
    return page.get_by_role("row").filter(has_text=name)


def open_list(page, client):
    page.goto(f"/clients/{client.pk}/case-managers/")


def press(page, name, action):
    row_of(page, name).get_by_label(f"Actions for {name}").click()
    page.get_by_role("link", name=action, exact=True).click()


def test_a_case_manager_is_looked_up_and_assigned(
    page, at_desk, alice, bob, charlie, bridge, enrollment, look
):
    at_desk(alice).goto(enrollment.client.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("link", name="Case Managers").click()
    expect(heading(page, "Case Managers")).to_be_visible()
    look("nobody")
    page.get_by_role("link", name="Add Case Assignment").click()
    manager = page.get_by_label("Case Manager", exact=True)
    expect(manager).to_have_value(str(alice.pk))
    expect(manager.get_by_role("option")).to_have_text([str(alice), str(bob)])
    expect(page.get_by_label("Assignment beginning on")).to_have_value(today())
    expect(page.get_by_label("Ending on")).to_have_value("")
    expect(page.get_by_label("Enrollment", exact=True)).to_contain_text("Harbor Family Shelter")
    expect(page.get_by_label("Status")).to_have_value("active")
    look("form")

    page.get_by_role("link", name="Look up a user").click()
    pop_up = page.get_by_role("dialog", name="Look up a user")
    expect(pop_up.get_by_label("Name")).to_be_focused()
    pop_up.get_by_label("Organization").select_option("Bridge House")
    pop_up.get_by_role("button", name="Search").click()
    expect(pop_up.get_by_role("heading", name="Users of Bridge House")).to_be_focused()
    expect(pop_up.get_by_role("link", name=str(alice))).to_have_count(0)
    look("found")
    pop_up.get_by_role("link", name=str(charlie)).click()
    expect(pop_up).to_be_hidden()
    expect(manager).to_have_value(str(charlie.pk))
    expect(manager).to_be_focused()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Case assignment saved.")).to_be_visible()
    row = row_of(page, str(charlie))
    for words in ("Bridge House", "Harbor Family Shelter", today(), "Active", str(alice)):
        expect(row).to_contain_text(words)
    look("list")


def test_nobody_found_names_the_data_quality_officer(page, at_desk, alice, dana, enrollment, look):
    at_desk(alice).goto(f"/clients/{enrollment.client_id}/case-managers/add/")
    page.get_by_role("link", name="Look up a user").click()
    pop_up = page.get_by_role("dialog", name="Look up a user")
    pop_up.get_by_label("Name").fill("Zebulon")
    pop_up.get_by_label("Name").press("Enter")
    expect(pop_up).to_contain_text("contact the Data Quality Officer of Harbor Services")
    expect(pop_up.get_by_role("link", name=dana.email)).to_be_visible()
    look("nobody-found")
    pop_up.get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="Look up a user")).to_be_focused()
    expect(page.get_by_label("Case Manager", exact=True)).to_have_value(str(alice.pk))


def test_hand_over_ends_one_and_begins_the_other(page, at_desk, alice, bob, assigned, look):
    open_list(at_desk(alice), assigned.client)
    actions = row_of(page, str(alice)).get_by_role("cell").first
    assert actions.bounding_box()["x"] < page.get_by_role("rowheader").bounding_box()["x"]
    row_of(page, str(alice)).get_by_label(f"Actions for {alice}").click()
    page.get_by_role("link", name="Hand over", exact=True).click()
    expect(heading(page, "Hand over")).to_be_visible()
    page.get_by_role("link", name="Look up a user").click()
    pop_up = page.get_by_role("dialog", name="Look up a user")
    pop_up.get_by_label("Name").fill("Bo")
    pop_up.get_by_role("button", name="Search").click()
    pop_up.get_by_role("link", name=str(bob)).click()
    expect(page.get_by_label("Hand over to")).to_have_value(str(bob.pk))
    expect(page.get_by_label("Beginning on")).to_have_value(today())
    look("hand-over")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Handed over to {bob}.")).to_be_visible()
    old = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=str(alice)))
    expect(old).to_contain_text("Inactive")
    expect(row_of(page, str(bob))).to_contain_text("Active")
    look("handed-over")
    page.get_by_role("link", name="Active", exact=True).click()
    expect(page.get_by_role("rowheader")).to_have_text([str(bob)])


def test_reassigning_by_hand_ends_the_old_one_first(page, at_desk, alice, assigned, look):
    open_list(at_desk(alice), assigned.client)
    press(page, str(alice), "Edit dates")
    page.get_by_label("Ending on").fill(today())
    page.get_by_role("button", name="Save").click()
    status = page.get_by_label("Status")
    expect(status).to_have_accessible_description(
        "Choose Inactive: the assignment has ended. Or clear its end."
    )
    look("status-and-dates-agree")
    status.select_option("Inactive")
    page.get_by_role("button", name="Save").click()
    expect(row_of(page, str(alice))).to_contain_text("Inactive")
    assert CaseAssignment.objects.get().ends_on == timezone.localdate()


def test_end_asks_in_a_pop_up(page, at_desk, alice, assigned, look):
    open_list(at_desk(alice), assigned.client)
    press(page, str(alice), "End")
    pop_up = page.get_by_role("dialog", name="End Case Assignment")
    ending = pop_up.get_by_label("Ending on")
    expect(ending).to_have_value(today())
    look("pop-up")
    ending.fill("01/01/2020")
    pop_up.get_by_role("button", name="Save").click()
    expect(ending).to_have_accessible_description(
        "Enter a day on or after the day that the assignment began."
    )
    ending.fill(today())
    pop_up.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Case assignment ended.")).to_be_visible()
    expect(row_of(page, str(alice))).to_contain_text("Inactive")


def test_without_an_active_enrollment_the_page_leads_to_the_intake(
    page, at_desk, alice, john, look
):
    at_desk(alice).goto(f"/clients/{john.pk}/case-managers/add/")
    expect(page.get_by_role("main")).to_contain_text("A case manager cannot be assigned now")
    look("no-enrollment")
    page.get_by_role("main").get_by_role("link", name="Intake").click()
    expect(page).to_have_url(re.compile(rf"/intake/\?client={john.pk}$"))


def test_everything_works_without_javascript(elsewhere, alice, charlie, bridge, enrollment, look):
    page = elsewhere(alice, java_script_enabled=False)
    page.goto(f"/clients/{enrollment.client_id}/case-managers/add/")
    page.get_by_role("link", name="Look up a user").click()
    expect(heading(page, "Look up a user")).to_be_visible()
    page.get_by_label("Organization").select_option("Bridge House")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name=str(charlie)).click()
    expect(heading(page, "Add Case Assignment")).to_be_visible()
    expect(page.get_by_label("Case Manager", exact=True)).to_have_value(str(charlie.pk))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Case assignment saved.")).to_be_visible()
    press(page, str(charlie), "End")
    expect(heading(page, "End Case Assignment")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Case assignment ended.")).to_be_visible()


def test_caseload_is_on_home(page, at_desk, alice, assigned, look):
    client = assigned.client
    client.dob = date(timezone.localdate().year - 18, 1, 1)
    client.save()
    UserFactory()
    at_desk(alice).goto("/")
    panel = page.get_by_role("region", name="My caseload")
    expect(panel.get_by_role("row").nth(1)).to_contain_text("Annual assessment")
    look("home")
    panel.get_by_role("link", name="See all of my caseload").click()
    expect(heading(page, "My caseload")).to_be_visible()
    look("caseload")
    page.get_by_role("link", name=client.sorted_name).click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    look("dashboard")
