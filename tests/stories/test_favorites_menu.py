"""The left menu: folders that open and close, and pins (1.3-1.5)."""

import re

from playwright.sync_api import expect

from tests.plugins.look import DESK, PHONE
from tests.stories.conftest import heading, log_in
from tests.waits import wait_until


def menu(page):
    return page.get_by_role("navigation", name="Favorites Menu")


def test_items_appear_in_the_trained_order_once_a_client_is_open(page, at_desk, alice, john):
    at_desk(alice).goto("/clients/")
    expect(menu(page).get_by_role("heading")).to_have_text("Favorites Menu")
    expect(menu(page).get_by_role("link")).to_have_text(["Find Client", "Intake"])
    page.goto(john.get_absolute_url())
    expect(menu(page).get_by_role("link")).to_have_text(
        [
            *("Find Client", "Client Dashboard", "Intake", "Edit Client", "Case Managers"),
            *("Case Notes", "Client Files", "Client Photo", "Interested Others"),
            *("Release of Information", "Tasks"),
        ]
    )
    expect(menu(page).get_by_role("link", name="Client Dashboard")).to_have_attribute(
        "aria-current", "page"
    )


def remembered(page, state):
    """Wait until the browser has kept how the folder stands: a moment after it has moved."""
    kept = "sessionStorage.getItem('folder:profile')"
    wait_until(lambda: page.evaluate(kept) == state)


def test_folders_open_and_close_and_stay_as_they_were(page, at_desk, alice, john, look):
    at_desk(alice).goto(john.get_absolute_url())
    inner = menu(page).get_by_role("link", name="Edit Client")
    folder = menu(page).get_by_text("Profile", exact=True)
    expect(inner).to_be_visible()
    look("open")
    folder.click()
    expect(inner).to_be_hidden()
    remembered(page, "0")
    page.goto(john.get_absolute_url())
    expect(inner).to_be_hidden()
    folder.click()
    expect(inner).to_be_visible()
    remembered(page, "1")
    page.goto(john.get_absolute_url())
    expect(inner).to_be_visible()
    folder.click()
    expect(inner).to_be_hidden()
    remembered(page, "0")
    page.goto(f"/clients/{john.pk}/edit/")
    expect(inner).to_be_visible()
    expect(inner).to_have_attribute("aria-current", "page")


def test_a_pin_puts_an_item_on_top_for_good(page, at_desk, alice, bob, john, elsewhere, look):
    at_desk(alice).goto(john.get_absolute_url())
    menu(page).get_by_role("button", name="Pin Interested Others").click()
    links = menu(page).get_by_role("link")
    expect(links.first).to_have_text("Interested Others")
    expect(menu(page).get_by_role("button", name="Unpin Interested Others").last).to_be_focused()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    look("pinned")

    page.get_by_role("banner").locator("summary").filter(has_text="Your account").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Work e-mail")).to_be_visible()
    log_in(page, alice)
    expect(heading(page, re.compile("Good to see you"))).to_be_visible()
    page.goto(john.get_absolute_url())
    expect(links.first).to_have_text("Interested Others")
    links.first.click()
    expect(heading(page, "Interested Others")).to_be_visible()

    other = elsewhere(bob)
    other.goto(john.get_absolute_url())
    expect(menu(other).get_by_role("link").first).to_have_text("Find Client")

    menu(page).get_by_role("button", name="Unpin Interested Others").first.click()
    expect(links.first).to_have_text("Find Client")


def test_on_a_phone_the_menu_folds_away(page, at_desk, alice, john, picture):
    at_desk(alice)
    page.set_viewport_size(PHONE)
    page.goto(john.get_absolute_url())
    button = page.get_by_role("button", name="Menu", exact=True)
    expect(menu(page)).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(menu(page)).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    picture("phone")
    page.keyboard.press("Escape")
    expect(menu(page)).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Space")
    menu(page).get_by_role("link", name="Find Client").click()
    expect(heading(page, "Find Client")).to_be_visible()
    expect(menu(page)).to_be_hidden()
    page.set_viewport_size(DESK)
    expect(menu(page)).to_be_visible()
    expect(button).to_be_hidden()


def test_a_data_quality_officer_has_a_workspace_more(page, at_desk, alice, dana, elsewhere):
    at_desk(alice).goto("/")
    workspaces = page.get_by_role("banner").get_by_role("navigation", name="Workspaces")
    expect(workspaces.get_by_role("link")).to_have_text(["Home", "Clients"])
    other = elsewhere(dana)
    other.goto("/")
    workspaces = other.get_by_role("banner").get_by_role("navigation", name="Workspaces")
    expect(workspaces.get_by_role("link")).to_have_text(["Home", "Clients", "Data Quality"])
