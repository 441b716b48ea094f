"""My caseload and the agency's: found in the menu, narrowed, handed over, printed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from enrollments.models import CaseAssignment
from tests.enrollments.assignments.many import many_cases
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.stories.conftest import heading
from tests.stories.held import hold
from tests.stories.test_intake import ClickCounter

MOST_PRESSED = 6


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")


@pytest.fixture
def thirty(alice, shelter):
    since = timezone.localdate() - timedelta(days=300)
    return many_cases(alice, shelter, 30, last_name="Rivers", since=since)


@pytest.fixture
def family(alice, john, shelter):
    """John and his daughter Grace, whose annual assessment is due."""
    since = timezone.localdate() - timedelta(days=370)
    head = EnrollmentFactory(client=john, project=shelter, entry_date=since, created_by=alice)
    grace = ClientFactory(
        organization=john.organization, created_by=alice, first_name="Grace", last_name="Smith"
    )
    child = EnrollmentFactory(
        client=grace,
        project=shelter,
        household=head.household,
        entry_date=since,
        relationship_to_hoh=2,
        created_by=alice,
    )
    return [
        CaseAssignmentFactory(enrollment=one, case_manager=alice, begins_on=since, created_by=alice)
        for one in (head, child)
    ]


def test_thirty_clients_are_handed_over_in_six_clicks(
    page, at_desk, alice, bob, thirty, look, record_property
):
    at_desk(alice).goto("/")
    counter = ClickCounter(page)
    menu = page.get_by_role("navigation", name="Favorites Menu")
    counter.click(menu.get_by_role("link", name="My caseload"))
    expect(heading(page, "My caseload")).to_be_visible()
    expect(page.get_by_text("30 clients")).to_be_visible()
    look("caseload")
    counter.click(page.get_by_role("link", name="Select all"))
    expect(page.get_by_label(re.compile("^Select Rivers")).last).to_be_checked()
    counter.press("Hand over")
    expect(heading(page, "Hand over")).to_be_visible()
    look("hand-over")
    counter.choose("Hand over to", str(bob))
    counter.press("Hand over")
    expect(page.get_by_text(f"30 case assignments handed over to {bob}.")).to_be_visible()
    expect(page.get_by_text("You have no active case assignments")).to_be_visible()
    look("nobody-left")
    today = timezone.localdate()
    assert CaseAssignment.objects.active_on(today).filter(case_manager=bob).count() == 30
    record_property("keystrokes and clicks", counter.pressed)
    assert counter.pressed <= MOST_PRESSED


def test_caseload_is_narrowed_sorted_grouped_searched_and_printed(
    page, at_desk, alice, family, thirty, look
):
    at_desk(alice).goto("/caseload/")
    filters = page.get_by_role("form", name="Filters")
    filters.get_by_label("Due", exact=True).select_option("Due now or overdue")
    number = page.get_by_text("2 clients", exact=True)  # of 32
    expect(number).to_be_visible()  # filters apply on change
    filters.get_by_label("Group by household").check()
    expect(page.get_by_role("rowheader", name="Smith, John and 1 other")).to_be_visible()
    expect(number).to_be_visible()
    look("household")
    page.get_by_role("columnheader", name="Client", exact=True).get_by_role("link").click()
    sorted_by = page.get_by_role("columnheader", name="Client", exact=True)
    expect(sorted_by).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="Print").click()
    expect(heading(page, "My caseload")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    look("print")
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Show all").click()

    page.get_by_label("Search by name or Client ID").fill("rivers 29")
    page.get_by_role("button", name="Search", exact=True).last.click()
    expect(page.get_by_text("1 client", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Rivers 29")).to_be_visible()
    assert "rivers" not in page.url.lower()
    look("found")
    page.get_by_label("Search by name or Client ID").fill("nobody")
    page.get_by_label("Search by name or Client ID").press("Enter")
    expect(page.get_by_text("No clients found")).to_be_visible()
    look("not-found")


@pytest.mark.new_browser
def test_filter_takes_no_focus_from_who_types_before_the_scripts_are_there(
    page, at_desk, alice, family
):
    at_desk(alice).goto("/caseload/")
    due = page.get_by_label("Due", exact=True)
    due.evaluate("due => sessionStorage.setItem('filter-focus', `/caseload/ ${due.id}`)")
    held, let_go = hold(page, "**/*.js")
    page.goto("/caseload/?due=now", wait_until="commit")
    search = page.get_by_label("Search by name or Client ID")
    search.focus()
    page.keyboard.type("smi")
    assert held
    let_go()
    page.wait_for_load_state()
    expect(search).to_be_focused()
    expect(search).to_have_value("smi")


def test_officer_sees_the_work_of_the_agency(page, at_desk, alice, dana, family, thirty, look):
    at_desk(dana).goto("/admin/")
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("link", name="Caseload").click()
    expect(heading(page, "Caseload")).to_be_visible()
    look("agency")
    page.get_by_role("link", name=f"2 Annual assessments due, {alice}").click()
    expect(heading(page, "Annual assessments due")).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_text(["Smith, Grace", "Smith, John"])
    look("annual-due")
    page.get_by_role("link", name=re.compile("^Annual assessment of client")).first.click()
    expect(page).to_have_url(re.compile("/intake/|/enrollments/"))


def test_it_works_without_javascript(elsewhere, alice, bob, family):
    page = elsewhere(alice, java_script_enabled=False)
    page.goto("/caseload/")
    page.get_by_role("link", name="Select all").click()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_label("Hand over to").select_option(label=str(bob))
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text(f"2 case assignments handed over to {bob}.")).to_be_visible()
