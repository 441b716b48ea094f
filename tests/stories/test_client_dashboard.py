"""The Client Dashboard (3.1) and the masked SSN (3.6)."""

from datetime import date

import pytest
from playwright.sync_api import expect

from clients.models import ClientAccess, SSNReveal
from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import AlertFactory, ClientFactory
from tests.plugins.look import PHONE, resize
from tests.stories.conftest import heading

pytestmark = pytest.mark.new_browser


@pytest.fixture
def page(page, at_desk, alice):
    return at_desk(alice)


def panel(page, name):
    return page.get_by_role("region", name=name, exact=True)


def test_client_information_leads_to_edit_client(page, john, look):
    page.goto(john.get_absolute_url())
    facts = panel(page, "Client Information")
    for fact in ("John Smith", str(john.pk), "05/17/1980", "•••-••-9871", "Jack Smithson"):
        expect(facts).to_contain_text(fact)
    expect(facts).not_to_contain_text("219-09-9871")
    look("dashboard")
    facts.get_by_role("link", name="Edit").click()
    expect(heading(page, "Edit Client")).to_be_visible()


def test_ssn_is_revealed_for_a_reason_and_the_look_is_logged(page, john, alice, look):
    page.goto(john.get_absolute_url())
    facts = panel(page, "Client Information")
    facts.get_by_role("button", name="Reveal SSN").click()
    pop_up = page.get_by_role("dialog")
    expect(pop_up.get_by_label("Verify identity at intake")).to_be_focused()
    look("reason")
    page.keyboard.press("Enter")
    expect(pop_up.get_by_role("alert")).to_contain_text("Choose why the SSN is needed.")
    pop_up.get_by_label("Verify identity at intake").focus()
    # From here on the keyboard alone: a choice, Enter, and the way back to the page.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(pop_up).to_be_hidden()
    expect(facts).to_contain_text("219-09-9871")
    expect(facts.get_by_role("link", name="Hide")).to_be_focused()
    assert [one.reason for one in SSNReveal.objects.all()] == ["benefits"]
    revealed = ClientAccess.objects.filter(kind=ClientAccess.Kind.REVEAL_SSN)
    assert [(one.client_id, one.user_id) for one in revealed] == [(john.pk, alice.pk)]
    facts.get_by_role("link", name="Hide").click()
    expect(facts).not_to_contain_text("219-09-9871")
    expect(facts).to_contain_text("•••-••-9871")
    assert revealed.count() == 1


def test_a_revealed_ssn_hides_by_itself(page, john, look):
    page.clock.install()
    page.goto(john.get_absolute_url())
    facts = panel(page, "Client Information")
    facts.get_by_role("button", name="Reveal SSN").click()
    page.get_by_label("Verify identity at intake").check()
    page.get_by_label("Use the same reason for this client for 15 minutes").check()
    page.get_by_role("button", name="Reveal", exact=True).click()
    expect(facts).to_contain_text("219-09-9871")
    look("revealed")  # where it may hide before it is taken
    # Not fast_forward: the half minute begins when htmx has settled what it swapped in.
    page.clock.run_for(31_000)
    expect(facts).not_to_contain_text("219-09-9871")
    expect(facts).to_contain_text("•••-••-9871")
    facts.get_by_role("button", name="Reveal SSN").click()  # the reason still holds
    expect(facts).to_contain_text("219-09-9871")


def test_active_alerts_stand_on_every_page_of_the_client(page, john, look):
    AlertFactory(client=john, text="Call before visiting")
    AlertFactory(
        client=john, text="Was banned", ends_on=date(2020, 1, 2), begins_on=date(2020, 1, 1)
    )
    page.goto(john.get_absolute_url())
    expect(panel(page, "Active Alerts")).to_contain_text("Call before visiting")
    expect(panel(page, "Active Alerts")).not_to_contain_text("Was banned")
    panel(page, "Active Alerts").get_by_role("link", name="See all alerts").click()
    expect(heading(page, "Alerts")).to_be_visible()
    expect(page.get_by_role("row", name="Was banned")).to_contain_text("Inactive")
    look("alerts")
    page.get_by_role("link", name="Add New Alert").click()
    page.get_by_label("Alert", exact=True).fill("Uses a wheelchair ramp")
    look("add-alert")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Alert saved.")).to_be_visible()
    bar = page.get_by_label("Client", exact=True)
    expect(bar.get_by_label("Alerts")).to_contain_text("Uses a wheelchair ramp")
    page.goto(f"/clients/{john.pk}/interested-others/")
    expect(bar.get_by_label("Alerts")).to_contain_text("Call before visiting")


def test_interested_others_can_be_seen_and_added_from_the_dashboard(page, john, mary):
    page.goto(john.get_absolute_url())
    others = panel(page, "Interested Others")
    expect(others).to_contain_text("Mary Smith")
    expect(others).to_contain_text("617-555-0155")
    others.get_by_role("link", name="See all").click()
    expect(heading(page, "Interested Others")).to_be_visible()
    page.go_back()
    others.get_by_role("link", name="Add").click()
    expect(heading(page, "Add New Interested Other")).to_be_visible()


def test_the_day_begins_with_what_is_to_do(page, john, alice, bob, look):
    """Alice opens John: what is missing leads to its page, and Bob's note of today is marked."""
    head = EnrollmentFactory(client=john, created_by=alice, entry_date=date(2026, 1, 5))
    CaseAssignmentFactory(enrollment=head, case_manager=alice, begins_on=date(2026, 1, 5))
    grace = ClientFactory(
        organization=john.organization, created_by=alice, first_name="Grace", dob=date(2019, 2, 3)
    )
    child = EnrollmentFactory(
        household=head.household, project=head.project, client=grace, relationship_to_hoh=2
    )
    EnrollmentFactory(client=grace, created_by=alice)
    CaseNoteFactory(client=john, created_by=bob, title="Called the landlord")
    page.goto(john.get_absolute_url())
    expect(panel(page, "Case Notes")).to_contain_text("New by Bob")
    household = panel(page, "Household")
    expect(household.get_by_role("listitem").filter(has_text="Grace Smith")).to_contain_text(
        "Child"
    )
    expect(household.get_by_role("list", name="Enrolled in").nth(1)).to_contain_text(
        str(child.project)
    )
    expect(panel(page, "Enrollments")).to_contain_text(str(alice))
    expect(panel(page, "Client Files")).to_contain_text("No files yet.")
    look("day")
    panel(page, "To do").get_by_role("link", name="Not collected: Prior Living Situation").click()
    expect(heading(page, "Universal Data Assessment")).to_be_visible()
    page.go_back()
    for label, title in (
        ("Add New Case Note", "Add New Case Note"),
        ("Add File", "Add File"),
        ("Add New Service", "Add New Service"),
        ("Intake", "Intake"),
    ):
        page.get_by_role("main").get_by_role("link", name=label, exact=True).first.click()
        expect(heading(page, title)).to_be_visible()
        page.go_back()


def test_the_columns_stand_side_by_side_on_a_desk_and_under_each_other_on_a_phone(page, john, mary):
    CaseNoteFactory(client=john, created_by=john.created_by)
    page.goto(john.get_absolute_url())

    def places():
        return [panel(page, name).bounding_box() for name in ("Case Notes", "Interested Others")]

    notes, others = places()
    assert notes["x"] + notes["width"] < others["x"]
    resize(page, PHONE)
    notes, others = places()
    assert notes["x"] == others["x"]
    assert notes["y"] < others["y"]


def test_the_printed_dashboard_is_the_record_alone(page, john, mary, picture):
    AlertFactory(client=john)
    page.goto(john.get_absolute_url())
    page.emulate_media(media="print")
    picture("print")
    expect(page.get_by_text("Confidential · printed")).to_be_visible()
    expect(panel(page, "Client Information")).to_be_visible()
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Favorites Menu")).to_be_hidden()
    expect(page.get_by_role("button", name="Reveal SSN")).to_be_hidden()
