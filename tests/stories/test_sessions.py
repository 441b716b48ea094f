"""Where somebody is logged in, another computer, and what a log-out leaves in the browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agencies.models import UserSession
from clients.models import FormDraft
from tests.stories.conftest import heading, log_in
from tests.waits import wait_until

pytestmark = pytest.mark.new_browser

STORED = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"


def test_a_session_on_another_computer_is_ended_from_the_list(page, alice, elsewhere, look):
    other = elsewhere()
    for browser in (other, page):
        browser.goto("/accounts/login/")
        log_in(browser, alice)
        expect(heading(browser, "Good to see you, Alice")).to_be_visible()
    page.goto("/settings/")
    page.get_by_role("link", name="Where you are logged in").first.click()
    expect(heading(page, "Where you are logged in")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("This one"))).to_have_count(1)
    look("sessions")
    page.get_by_role("button", name=re.compile("End the session of Chrome")).click()
    expect(page.get_by_text("That session has ended.")).to_be_visible()
    other.goto("/clients/")
    expect(other.get_by_text("You ended this session from another computer.")).to_be_visible()


def test_a_log_in_elsewhere_covers_the_page_says_why_and_keeps_the_text(
    page, at_desk, alice, john, elsewhere, settings, watch
):
    settings.ONE_SESSION_PER_USER, settings.NOTE_AUTOSAVE_SECONDS = True, 0.2
    watch.expects(401, 403)
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/add/")
    page.get_by_label("Last Name", exact=True).fill("Ownerby")
    expect(page.get_by_text(re.compile("Draft kept at"))).to_be_visible()
    other = elsewhere()
    other.goto("/accounts/login/")
    log_in(other, alice)
    expect(heading(other, "Good to see you, Alice")).to_be_visible()

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    covered = page.get_by_role("dialog", name="You were logged out")
    expect(covered).to_contain_text("because you logged in on another computer")
    assert not {"John", "Ownerby"} & set(re.findall(r"\w+", page.content()))
    with page.context.expect_page() as opened:
        covered.get_by_role("link", name="Log in again").click()
    log_in(opened.value, alice)
    expect(heading(opened.value, "Good to see you, Alice")).to_be_visible()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_label("Last Name", exact=True)).to_have_value("Ownerby")


COPIES = "() => Object.keys(localStorage).filter((name) => name.startsWith('hmis-note-'))"


def press_log_out(page):
    page.locator("summary", has_text="Your account").click()
    page.get_by_role("button", name="Log out").click()


def log_out(page):
    press_log_out(page)
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()


def test_log_out_hands_in_own_text_and_leaves_another_users(
    page, at_desk, alice, john, settings, watch
):
    settings.NOTE_AUTOSAVE_SECONDS = 0.2
    page.clock.install()
    page.on("dialog", lambda dialog: dialog.accept())  # yes, leave the page
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/add/")
    page.route("**/drafts/", lambda route: route.fulfill(status=502))
    watch.expects(502)
    page.get_by_label("Last Name", exact=True).fill("Ownerby")
    expect(page.locator("[data-note-said]")).to_contain_text("Your text is kept here")
    wait_until(lambda: len(page.evaluate(COPIES)) == 1)
    page.goto(f"/clients/{john.pk}/")
    page.unroute("**/drafts/")
    page.evaluate("localStorage['hmis-note-1'] = JSON.stringify({week: '1', at: Date.now()})")
    assert "Ownerby" not in page.evaluate(STORED)
    FormDraft.objects.all().delete()  # leaving the page may have sent it
    page.clock.pause_at(timezone.now() + timedelta(minutes=1))  # it waits for four seconds
    press_log_out(page)
    wait_until(lambda: len(page.evaluate(COPIES)) == 1)
    page.clock.run_for(1000)
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    assert page.evaluate(COPIES) == ["hmis-note-1"]
    assert ("last_name", "Ownerby") in FormDraft.objects.get().fields


def test_after_the_log_out_nothing_is_left_and_back_shows_nothing(page, at_desk, alice, john):
    at_desk(alice).goto(f"/clients/{john.pk}/")
    expect(page.get_by_role("main")).to_contain_text("Smith")
    page.evaluate("sessionStorage.setItem('left', 'John'); localStorage.setItem('left', 'John')")
    log_out(page)
    assert "John" not in page.evaluate(STORED)
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert names <= {"csrftoken", "sessionid", "device"}
    page.go_back()
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    assert "Smith" not in page.content()
    assert not UserSession.objects.exclude(owner="").exists()
