"""1.1: log in with the work e-mail, choose the organization to act for."""

import pytest
from playwright.sync_api import expect

from tests.factories import UserFactory
from tests.stories.conftest import heading, log_in


@pytest.fixture
def erin(harbor, bridge):
    """Works at both agencies."""
    return UserFactory(email="erin@harbor.example", first_name="Erin", at=[harbor, bridge])


def organization(page):
    return page.get_by_role("banner").get_by_role("link", name="Change organization")


def test_a_single_organization_is_chosen_for_the_user(page, alice, look):
    page.goto("/")
    expect(page).to_have_title("Log in · HMIS")
    look("log-in")
    log_in(page, alice)
    expect(heading(page, "Good to see you, Alice")).to_be_visible()
    expect(organization(page)).to_contain_text("Harbor Services")
    look("home")


def test_a_user_of_two_organizations_chooses_one_and_may_change_it(page, erin, look):
    page.goto("/")
    log_in(page, erin)
    expect(heading(page, "Choose your organization")).to_be_visible()
    look("choose")
    page.get_by_label("Bridge House").check()
    page.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("status")).to_contain_text("You are now working for Bridge House.")
    for address in ("/", "/clients/", "/duplicates/report/", "/settings/"):
        page.goto(address)
        expect(organization(page)).to_contain_text("Bridge House")

    page.goto("/clients/")
    organization(page).click()
    expect(page.get_by_label("Bridge House")).to_be_checked()
    page.get_by_label("Harbor Services").check()
    page.get_by_role("button", name="Use these settings").click()
    expect(organization(page)).to_contain_text("Harbor Services")
    expect(page.get_by_role("main")).to_contain_text("You are now working for Harbor Services.")


def test_a_wrong_password_is_refused_and_the_e_mail_stays(page, alice, look):
    page.goto("/")
    log_in(page, alice, password="not the password")
    expect(page.get_by_text("not correct")).to_be_visible()
    expect(page.get_by_label("Work e-mail")).to_have_value(alice.email)
    expect(page.get_by_label("Password")).to_have_value("")
    look("refused")
    log_in(page, alice)
    expect(heading(page, "Good to see you, Alice")).to_be_visible()


def test_logging_out_ends_the_session(page, at_desk, alice, john, look):
    at_desk(alice).goto(john.get_absolute_url())
    page.get_by_role("banner").locator("summary").filter(has_text="Your account").click()
    look("account-menu")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Work e-mail")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Work e-mail")).to_be_visible()
    expect(page.get_by_text(john.display_name)).to_have_count(0)


def test_a_deep_link_leads_back_to_its_page_after_the_log_in(page, alice, john):
    page.goto(f"/clients/{john.pk}/edit/")
    log_in(page, alice)
    expect(heading(page, "Edit Client")).to_be_visible()
    expect(page.get_by_label("First Name", exact=True)).to_have_value("John")


def test_a_deep_link_survives_the_choice_of_the_organization(page, erin, john):
    page.goto(f"/clients/{john.pk}/edit/")
    log_in(page, erin)
    page.get_by_label("Harbor Services").check()
    page.get_by_role("button", name="Use these settings").click()
    expect(heading(page, "Edit Client")).to_be_visible()


def test_find_client_needs_only_the_keyboard_from_the_log_in_to_the_dashboard(page, alice, john):
    page.goto("/")
    expect(page.get_by_label("Work e-mail")).to_be_focused()  # some time after load
    page.keyboard.type(alice.email)
    expect(page.get_by_label("Work e-mail")).to_have_value(alice.email)
    while page.evaluate("document.activeElement.name") != "password":
        page.keyboard.press("Tab")
    page.keyboard.type("pass-phrase-for-tests")
    page.keyboard.press("Enter")
    expect(heading(page, "Good to see you, Alice")).to_be_visible()
    # Chromium goes to the fragment of the address again where it was set before this.
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()  # some time after the key
    page.keyboard.press("Tab")
    expect(page.get_by_label("First Name")).to_be_focused()
    page.keyboard.type("Jo")
    page.keyboard.press("Tab")
    page.keyboard.type("Smi")
    page.keyboard.press("Enter")
    found = page.get_by_role("link", name="Smith, John")
    expect(found).to_be_visible()
    for _ in range(60):
        if found.evaluate("el => el === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(heading(page, "Client Dashboard")).to_be_visible()
