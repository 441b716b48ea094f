"""A session that nobody uses warns, ends and can be taken up again."""

import re

import pytest
from playwright.sync_api import expect

from clients.models import FormDraft, InterestedOther
from tests.factories import UserFactory
from tests.stories.conftest import heading, log_in
from tests.waits import wait_until

pytestmark = pytest.mark.new_browser


@pytest.fixture
def leave_alone(page, settings):
    """A function that lets nobody use the session until nearly ten minutes of it are left."""
    settings.IDLE_WARNING = 600
    usual = settings.IDLE_TIMEOUT
    page.clock.install()

    def go_by():
        settings.IDLE_TIMEOUT = 599  # as the server counts
        page.clock.fast_forward((usual - 599) * 1000)
        expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
        settings.IDLE_TIMEOUT = usual  # from the next use on

    return go_by


@pytest.fixture
def let_time_pass(page, settings, watch):
    """A function that lets nobody use the session until it ends, without waiting for it.

    All that was typed is kept by then: what is sent of it afterwards is refused.
    """
    settings.NOTE_AUTOSAVE_SECONDS = 0.2
    page.clock.install()
    watch.expects(401)

    def pass_by():
        wait_until(lambda: ("last_name", "Ownerby") in typed_fields())
        expect(page.get_by_text(re.compile("Draft kept at"))).to_be_visible()
        usual, settings.IDLE_TIMEOUT = settings.IDLE_TIMEOUT, 0  # as the server counts
        page.clock.fast_forward(usual * 1000)
        expect(page.get_by_role("dialog", name="You were logged out")).to_be_visible()
        settings.IDLE_TIMEOUT = usual  # of the next log-in

    return pass_by


def typed_fields():
    return [field for draft in FormDraft.objects.all() for field in draft.fields]


def come_back(page):
    # A headless browser gives every tab the focus, so that none ever gets it back.
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def readable(page):
    """What a person or a screen reader gets of the page."""
    return page.evaluate("document.body.innerText") + page.locator("body").aria_snapshot()


def test_the_warning_keeps_the_user_logged_in(page, at_desk, alice, john, leave_alone):
    at_desk(alice).goto(john.get_absolute_url())
    leave_alone()
    warning = page.get_by_role("dialog", name="Are you still there?")
    stay = warning.get_by_role("button", name="Stay logged in")
    expect(stay).to_be_focused()
    expect(warning.get_by_role("timer")).to_have_text(re.compile(r"\s*9:\d\d\s*"))
    page.keyboard.press("Escape")
    expect(warning).to_be_visible()
    stay.click()
    expect(warning).to_be_hidden()
    expect(page.get_by_role("main")).to_be_visible()
    leave_alone()  # it is counted from the click on


def test_the_warning_looks_like_ours(page, at_desk, alice, john, leave_alone, look):
    at_desk(alice).goto(john.get_absolute_url())
    leave_alone()
    look("warning")


def test_a_covered_page_gives_nothing_away_and_typed_text_is_saved_after_a_new_log_in(
    page, at_desk, alice, john, let_time_pass, look
):
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/add/")
    page.get_by_label("Type/Description").fill("Landlord")
    page.get_by_label("Last Name", exact=True).fill("Ownerby")
    assert "Client ID" in readable(page)
    let_time_pass()
    covered = page.get_by_role("dialog", name="You were logged out")
    for value in ("John", "Smith", "Ownerby", "Client ID"):
        assert value not in readable(page)
    page.keyboard.press("Escape")
    expect(covered).to_be_visible()
    look("covered")
    page.emulate_media(media="print")
    assert "John" not in readable(page)
    page.emulate_media(media="screen")

    with page.context.expect_page() as opened:
        covered.get_by_role("link", name="Log in again").click()
    tab = opened.value
    log_in(tab, alice)
    expect(heading(tab, "Good to see you, Alice")).to_be_visible()

    come_back(page)
    expect(covered).to_be_hidden()
    expect(page.get_by_label("Last Name", exact=True)).to_have_value("Ownerby")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Interested other saved.")).to_be_visible()
    assert InterestedOther.objects.get().last_name == "Ownerby"


def test_typed_text_is_filed_under_its_organization_when_none_is_chosen_after_the_new_log_in(
    page, at_desk, john, harbor, bridge, settings
):
    settings.NOTE_AUTOSAVE_SECONDS = 600  # nothing is sent while nobody is logged in
    erin = UserFactory(email="erin@harbor.example", at=[harbor, bridge])
    at_desk(erin).goto(f"/clients/{john.pk}/interested-others/add/")
    page.get_by_label("Harbor Services").check()
    page.get_by_role("button", name="Use these settings").click()
    page.get_by_label("Type/Description").fill("Landlord")
    page.context.clear_cookies()

    tab = page.context.new_page()
    tab.goto("/accounts/login/")
    log_in(tab, erin)
    expect(heading(tab, "Choose your organization")).to_be_visible()

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Interested other saved.")).to_be_visible()
    assert InterestedOther.objects.get().organization == harbor


def test_somebody_else_who_logs_in_sees_nothing_of_the_covered_page(
    page, at_desk, alice, charlie, john, let_time_pass, watch
):
    type(john).objects.filter(pk=john.pk).update(visibility="own")
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/add/")
    page.get_by_label("Last Name", exact=True).fill("Ownerby")
    let_time_pass()
    watch.expects(404)
    tab = page.context.new_page()
    tab.goto("/accounts/login/")
    log_in(tab, charlie)
    expect(tab.get_by_role("main")).to_contain_text("Bridge House")
    come_back(page)
    expect(heading(page, "Page not found")).to_be_visible()
    assert "John" not in readable(page)
