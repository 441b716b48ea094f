"""Every page works without JavaScript."""

import pytest
from playwright.sync_api import expect

from clients.models import Client, ClientAccess, InterestedOther
from tests.factories import UserFactory
from tests.stories.conftest import PASSWORD, heading


@pytest.fixture
def erin(harbor, bridge):
    """Works at both agencies."""
    return UserFactory(email="erin@harbor.example", first_name="Erin", at=[harbor, bridge])


@pytest.fixture
def plain(elsewhere):
    """Open a browser that runs no script."""

    def open_browser(user=None):
        return elsewhere(user, java_script_enabled=False)

    return open_browser


def test_logging_in_choosing_an_organization_and_logging_out(page, plain, erin, picture):
    page = plain()
    page.goto("/")
    page.get_by_label("Work e-mail").fill(erin.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_label("Harbor Services").check()
    page.get_by_role("button", name="Use these settings").click()
    expect(heading(page, "Good to see you, Erin")).to_be_visible()
    picture("home", of=page)
    page.get_by_role("link", name="Change organization").click()
    page.get_by_label("Bridge House").check()
    page.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("banner")).to_contain_text("Bridge House")
    page.get_by_role("banner").locator("summary").filter(has_text="Your account").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Work e-mail")).to_be_visible()


def test_finding_and_adding_with_a_look_at_duplicates(page, plain, alice, john, picture):
    page = plain(alice)
    page.goto("/clients/")
    page.get_by_label("First Name", exact=True).fill("Jon")
    page.get_by_label("Last Name", exact=True).fill("Smith")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.get_by_role("table", name="Near matches")).to_contain_text("Smith, John")
    page.get_by_role("link", name="Add New Client").click()
    page.get_by_label("Date of Birth", exact=True).fill("5/17/1980")
    page.get_by_label("Alias 1 first name").fill("Jay")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("This is the whole name").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(heading(page, "Is this the same person?")).to_be_visible()
    picture("duplicates", of=page)
    page.get_by_role("button", name="This is someone else").click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    added = Client.objects.exclude(pk=john.pk).get()
    assert (added.first_name, added.aliases.get().first_name) == ("Jon", "Jay")

    box = page.get_by_role("search").get_by_label("Search", exact=True)
    box.fill(str(john.pk))
    page.get_by_role("button", name="Run search").click()
    expect(page.get_by_label("Client", exact=True)).to_contain_text("John Smith")


def test_editing_against_somebody_else(page, plain, alice, bob, john, picture):
    first, second = plain(alice), plain(bob)
    for editor in (first, second):
        editor.goto(f"/clients/{john.pk}/edit/")
    first.get_by_label("First Name", exact=True).fill("Johannes")
    first.get_by_role("button", name="Finish").click()
    expect(first.get_by_text("Client saved.")).to_be_visible()
    second.get_by_label("First Name", exact=True).fill("Jonathan")
    second.get_by_role("button", name="Finish").click()
    expect(second.get_by_text("changed this client while you were editing")).to_be_visible()
    picture("conflict", of=second)
    second.get_by_label("Keep what I typed").check()
    second.get_by_role("button", name="Finish").click()
    expect(second.get_by_text("Client saved.")).to_be_visible()
    john.refresh_from_db()
    assert john.first_name == "Jonathan"


def test_an_interested_other_is_added_edited_deleted_and_restored(
    page, plain, alice, john, picture
):
    page = plain(alice)
    page.goto(f"/clients/{john.pk}/interested-others/")
    page.get_by_role("link", name="Add New Interested Other").click()
    page.get_by_label("Type/Description").fill("Parent")
    page.get_by_label("Last Name", exact=True).fill("Smith")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text="Parent")
    row.get_by_role("link", name="Edit").click()
    page.get_by_label("Type/Description").fill("Mother")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text="Mother")
    row.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Delete").click()
    expect(heading(page, "Delete this interested other?")).to_be_visible()
    picture("remove", of=page)
    page.get_by_role("link", name="Cancel").click()
    row.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Interested other deleted.")).to_be_visible()
    assert not InterestedOther.objects.exists()
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()


def test_pinning_an_item_comes_back_to_the_page(page, plain, alice, john):
    page = plain(alice)
    page.goto(f"/clients/{john.pk}/interested-others/")
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("button", name="Pin Edit Client").click()
    expect(heading(page, "Interested Others")).to_be_visible()
    expect(menu.get_by_role("link").first).to_have_text("Edit Client")
    menu.get_by_role("button", name="Unpin Edit Client").first.click()
    expect(menu.get_by_role("link").first).to_have_text("Find Client")


def test_revealing_the_ssn(page, plain, alice, john, picture):
    page = plain(alice)
    page.goto(john.get_absolute_url())
    page.get_by_role("button", name="Reveal SSN").click()
    page.get_by_label("Benefits application").check()
    picture("reason", of=page)
    page.get_by_role("button", name="Reveal", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("219-09-9871")
    assert ClientAccess.objects.filter(kind=ClientAccess.Kind.REVEAL_SSN).count() == 1
    picture("ssn", of=page)
    page.get_by_role("link", name="Hide").click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("219-09-9871")


def test_the_menu_is_reached_on_a_phone(page, plain, alice, john, picture):
    page = plain(alice)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(john.get_absolute_url())
    page.get_by_role("link", name="Menu", exact=True).click()
    menu = page.get_by_role("navigation", name="Favorites Menu")
    expect(menu.get_by_role("link", name="Find Client")).to_be_in_viewport()
    picture("phone", of=page)
    menu.get_by_role("link", name="Find Client").click()
    expect(heading(page, "Find Client")).to_be_visible()
