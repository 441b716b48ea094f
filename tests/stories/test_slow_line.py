"""What is typed before the page's scripts have come is no less typed."""

import pytest
from playwright.sync_api import expect

from casenotes.models import NoteDraft
from enrollments.intake.draft.start import start
from enrollments.models import IntakeDraft
from tests.stories.conftest import heading
from tests.stories.held import hold
from tests.waits import wait_until

pytestmark = pytest.mark.new_browser


@pytest.fixture
def typed_early(page, at_desk, alice):
    """A function that opens a page and types into a field, and only then lets the scripts come."""
    at_desk(alice)

    def type_early(url, label, text):
        held, let_go = hold(page, "**/*.js")
        page.goto(url, wait_until="commit")
        field = page.get_by_label(label, exact=True)
        field.wait_for()
        field.focus()
        page.keyboard.type(text)
        assert held
        let_go()
        page.wait_for_load_state()
        expect(field).to_have_value(text)

    return type_early


def test_note_is_kept(page, john, settings, typed_early):
    settings.NOTE_AUTOSAVE_SECONDS = 1
    typed_early(f"/clients/{john.pk}/case-notes/add/", "Note", "Met John")
    expect(page.locator("[data-note-said]")).to_contain_text("Draft kept at")
    wait_until(NoteDraft.objects.exists)
    tab = page.context.new_page()
    tab.goto(f"/clients/{john.pk}/case-notes/")
    expect(tab.get_by_role("region", name="Drafts")).to_contain_text("Met John")


def test_answer_of_an_intake_is_kept(page, john, alice, harbor, typed_early):
    draft = start(by=alice, organization=harbor, client=john)
    typed_early(draft.get_absolute_url(), "Middle Name", "Quincy")
    expect(page.locator("#autosaved")).to_contain_text("Saved ")
    assert "Quincy" in IntakeDraft.objects.get().answers_json


def test_leaving_a_form_asks_first(page, john, typed_early):
    typed_early(f"/clients/{john.pk}/alerts/add/", "Alert", "Ask for Anna")
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="Cancel").click()
    assert asked.value.type == "beforeunload"
    expect(page.get_by_label("Alert", exact=True)).to_have_value("Ask for Anna")


def test_form_that_nobody_touched_is_left_without_a_question(page, at_desk, alice, john):
    page.on("dialog", lambda dialog: dialog.dismiss())  # a question would keep the page
    at_desk(alice).goto(f"/clients/{john.pk}/edit/")
    page.get_by_role("link", name="Cancel").click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
