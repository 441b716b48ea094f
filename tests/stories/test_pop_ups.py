"""Pop-ups of somebody who presses twice, or closes one while an answer is on its way."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ProjectFactory
from tests.stories.held import hold
from tests.waits import wait_until

# The page says that htmx has the next answer, and shows it or not before it does anything else.
SAY_WHEN_ANSWERED = """window.addEventListener("htmx:beforeSwap",
    () => { document.body.dataset.answered = ""; }, { capture: true, once: true })"""


@pytest.fixture
def enrollment(john, harbor, alice):
    project = ProjectFactory(organization=harbor)
    since = timezone.localdate() - timedelta(days=14)
    return EnrollmentFactory(client=john, project=project, entry_date=since, created_by=alice)


@pytest.fixture
def look_up(page, at_desk, alice, enrollment):
    """The link of a pop-up, on a page that is open."""
    at_desk(alice).goto(f"/clients/{enrollment.client_id}/case-managers/add/")
    return page.get_by_role("link", name="Look up a user")


def until_held(page, held):
    # Playwright gives its events out while something is asked of it.
    wait_until(lambda: page.evaluate("1") and held)


def let_go(page, held):
    """Let the answer come, and wait until the page has done with it."""
    page.evaluate(SAY_WHEN_ANSWERED)
    held[0].continue_()
    expect(page.locator("body[data-answered]")).to_be_attached()


def test_double_click_asks_once_and_keeps_what_is_typed_then(page, look_up):
    asked = []
    page.on("request", lambda request: asked.append(request.resource_type))
    held, _ = hold(page, re.compile("[?&]for="), times=1)
    look_up.dblclick()
    until_held(page, held)
    let_go(page, held)
    name = page.get_by_role("dialog").get_by_label("Name")
    expect(name).to_be_focused()
    name.fill("Zebulon")
    name.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("contact")
    expect(name).to_have_value("Zebulon")
    assert asked.count("xhr") == 2, "the pop-up, and the search in it"


def test_second_half_of_a_double_click_does_not_close_the_pop_up(page, look_up):
    look_up.click()
    pop_up = page.get_by_role("dialog")
    expect(pop_up.get_by_label("Name")).to_be_focused()
    page.mouse.move(5, 5)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    expect(pop_up).to_be_visible()
    page.mouse.click(5, 5)
    expect(pop_up).to_be_hidden()


def test_closed_pop_up_stays_closed_when_its_answer_comes(page, look_up):
    look_up.click()
    pop_up = page.get_by_role("dialog")
    expect(pop_up.get_by_label("Name")).to_be_focused()
    held, _ = hold(page, re.compile(r"[?&]name="), times=1)
    pop_up.get_by_role("button", name="Search").click()
    until_held(page, held)
    pop_up.get_by_role("button", name="Close").click()
    expect(pop_up).to_be_hidden()
    let_go(page, held)
    expect(pop_up).to_be_hidden()
