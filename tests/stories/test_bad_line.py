"""What a slow server, a lost connection, and going back and forth do to what is typed."""

import re

import pytest
from playwright.sync_api import expect

from casenotes.models import NoteDraft
from clients.models import FormDraft
from enrollments.intake.draft.start import start
from enrollments.models import IntakeDraft
from tests.waits import wait_until

pytestmark = pytest.mark.new_browser

LATER = 60_000  # milliseconds: longer than any pause


@pytest.fixture
def page_of_intake(page, at_desk, alice, john, harbor, watch):
    draft = start(by=alice, organization=harbor, client=john)
    page.clock.install()
    at_desk(alice).goto(draft.get_absolute_url())
    page.wait_for_load_state("networkidle")
    yield page
    watch.complaints.clear()  # of the requests that were lost


@pytest.mark.parametrize(
    ("fails", "why"),
    [
        (lambda route: route.abort(), "no connection"),
        (lambda route: route.fulfill(status=502), "the server has a problem"),
    ],
)
def test_autosave_of_an_intake_is_sent_again(page_of_intake, watch, fails, why):
    page = page_of_intake
    watch.expects(502)
    page.route("**/autosave/", fails)
    page.get_by_label("Middle Name", exact=True).fill("Quincy")
    page.clock.run_for(3000)
    said = page.locator("#autosaved")
    expect(said).to_contain_text(f"Not saved yet: {why}.")
    expect(page.locator("[data-messages] .notice")).to_have_count(0)
    page.clock.run_for(LATER)
    expect(said).to_contain_text(f"Not saved yet: {why}.")
    page.unroute("**/autosave/", fails)
    page.clock.run_for(LATER)
    expect(said).to_contain_text(re.compile(r"^\s*Saved "))
    wait_until(lambda: "Quincy" in IntakeDraft.objects.get().answers_json)


def test_autosave_of_an_intake_is_sent_as_soon_as_there_is_a_connection(page_of_intake):
    page = page_of_intake
    page.context.set_offline(True)
    page.get_by_label("Middle Name", exact=True).fill("Quincy")
    page.clock.run_for(3000)
    expect(page.locator("#autosaved")).to_contain_text("Not saved yet: no connection.")
    page.context.set_offline(False)
    expect(page.locator("#autosaved")).to_contain_text(re.compile(r"^\s*Saved "))


def test_step_of_an_intake_is_not_left_without_a_connection(page_of_intake, john):
    page = page_of_intake
    save = page.get_by_role("button", name="Save & Next").last
    page.context.set_offline(True)
    page.get_by_label("Middle Name", exact=True).fill("Quincy")
    save.click()
    expect(page.locator("#autosaved")).to_contain_text("Not saved: no connection.")
    expect(save).to_be_enabled()
    page.context.set_offline(False)
    save.click()
    expect(page.get_by_role("heading", name="Family Members")).to_be_visible()
    john.refresh_from_db()
    assert john.middle_name == "Quincy"


def no_content(route):
    """No answer yet: the page stays as it is."""
    route.fulfill(status=204)


def test_form_says_at_once_that_it_is_being_saved(page, at_desk, alice, john):
    at_desk(alice).goto(f"/clients/{john.pk}/alerts/add/")
    page.get_by_role("textbox", name="Alert").fill("Dog in the yard")
    save = page.get_by_role("button", name="Save")
    before = save.bounding_box()
    page.route("**/alerts/add/", no_content)
    save.click()
    expect(page.locator("[data-note-said]")).to_have_text("Saving …")
    expect(page.get_by_role("status").filter(has_text="Saving …")).to_have_count(1)
    expect(save).to_have_attribute("aria-busy", "true")
    expect(save).to_be_disabled()
    assert save.bounding_box() == before


def test_step_of_an_intake_says_at_once_that_it_is_being_saved(page_of_intake):
    page = page_of_intake
    page.route("**/basic/", no_content)
    page.get_by_role("button", name="Save & Next").last.click()
    expect(page.locator("#autosaved")).to_contain_text("Saving …")


@pytest.mark.parametrize(
    ("address", "label", "model"),
    [("alerts/add/", "Alert", FormDraft), ("case-notes/add/", "Note", NoteDraft)],
)
def test_back_and_forward_go_on_with_the_draft(
    page, at_desk, alice, john, settings, address, label, model
):
    settings.NOTE_AUTOSAVE_SECONDS = 0.2
    page.on("dialog", lambda dialog: dialog.accept())
    at_desk(alice).goto(john.get_absolute_url())
    page.goto(f"{john.get_absolute_url()}{address}")
    said = page.locator("[data-note-said]")
    field = page.get_by_label(label, exact=True)
    field.fill("Dog in the yard")
    expect(said).to_contain_text("Draft kept at")
    page.go_back()
    page.go_forward()
    expect(field).to_have_value("Dog in the yard")
    field.fill("Dog in the yard, and a cat")
    expect(said).to_contain_text("Draft kept at")
    page.wait_for_load_state("networkidle")
    [draft] = model.objects.all()
    assert "and a cat" in draft.typed_json
    expect(page.get_by_role("button", name="Discard")).to_have_count(0)
