"""Add New Client: only after a search, with a look at who it may be already (2.5, 2.6)."""

import pytest
from playwright.sync_api import expect

from clients.models import Client
from tests.stories.conftest import heading


@pytest.fixture
def page(page, at_desk, alice):
    return at_desk(alice)


def search(page, **boxes):
    page.goto("/clients/")
    for label, text in boxes.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Add New Client").click()
    expect(heading(page, "Add New Client")).to_be_visible()


def save(page):
    return page.get_by_role("button", name="Save", exact=True)


def test_adding_begins_with_a_search(page):
    page.goto("/clients/add/")
    expect(heading(page, "Find Client")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Search first")


def test_what_was_searched_is_filled_in_and_saved(page, harbor, look):
    search(page, First_Name="Rosalind", Last_Name="Achebe", Date_of_Birth="3/9/1975", SSN="4321")
    expect(page.get_by_label("First Name", exact=True)).to_have_value("Rosalind")
    expect(page.get_by_label("Last Name", exact=True)).to_have_value("Achebe")
    expect(page.get_by_label("Date of Birth", exact=True)).to_have_value("03/09/1975")
    expect(page.get_by_label("SSN", exact=True)).to_have_value("4321")
    expect(page.get_by_role("main")).to_contain_text("Organization: Harbor Services")
    look("form")
    page.get_by_label("SSN", exact=True).fill("219-09-9872")
    page.get_by_label("Alias 1 first name").fill("Rosa")
    page.get_by_label("Sex").select_option("Female")
    page.get_by_label("White").check()
    page.get_by_label("Phone").fill("617-555-0100")
    save(page).click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    expect(page.get_by_text("Client saved.")).to_be_visible()
    client = Client.objects.get()
    assert (client.first_name, client.ssn, client.dob_data_quality) == ("Rosalind", "219099872", 1)
    assert client.organization == harbor
    assert [str(alias.first_name) for alias in client.aliases.all()] == ["Rosa"]


def test_wrong_answers_are_told_beside_their_fields_and_typed_text_is_kept(page, look):
    search(page, First_Name="Rosalind", Last_Name="Achebe")
    page.get_by_label("SSN", exact=True).fill("000-12-3456")
    page.get_by_label("Date of Birth", exact=True).fill("02/30/1975")
    page.get_by_label("City", exact=True).fill("Lowell")
    page.get_by_label("Alias 1 last name").fill("Okafor")
    save(page).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Date of Birth: Enter a date that exists")
    form = page.locator("main form").filter(has=save(page))
    assert summary.bounding_box()["width"] == form.bounding_box()["width"]
    ssn = page.get_by_label("SSN", exact=True)
    expect(ssn).to_have_attribute("aria-invalid", "true")
    expect(ssn).to_have_value("000-12-3456")
    expect(page.get_by_label("Date of Birth", exact=True)).to_have_accessible_description(
        "Enter a date that exists, as MM/DD/YYYY, or only its year, or month and year."
    )
    expect(page.get_by_label("Date of Birth", exact=True)).to_have_value("02/30/1975")
    expect(page.get_by_label("City", exact=True)).to_have_value("Lowell")
    expect(page.get_by_label("Alias 1 last name")).to_have_value("Okafor")
    look("refused")
    summary.get_by_role("link", name="SSN").click()
    expect(ssn).to_be_focused()
    assert not Client.objects.exists()


def test_this_is_the_same_person_opens_the_record(page, john, look):
    search(page, First_Name="Jon", Last_Name="Smith", Date_of_Birth="05/17/1980")
    save(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Is the name complete?")
    expect(page.get_by_role("alert")).to_be_focused()
    look("whole-name")
    page.get_by_label("This is the whole name").check()
    save(page).click()
    expect(heading(page, "Is this the same person?")).to_be_visible()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader", name="New client")).to_be_visible()
    expect(table.get_by_role("columnheader", name=f"Client ID {john.pk}")).to_be_visible()
    expect(table.get_by_role("row", name="Name")).to_contain_text("differs")
    look("duplicates")
    same = page.get_by_role("link", name="This is the same person")
    other = page.get_by_role("button", name="This is someone else")
    color = "getComputedStyle(el).backgroundColor"
    drawn = f"el => [el.offsetWidth, el.offsetHeight, el.offsetLeft, {color}]"
    assert same.evaluate(drawn) == other.evaluate(drawn), "both answers weigh the same"
    same.click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    expect(page.get_by_label("Client", exact=True)).to_contain_text(f"Client ID {john.pk}")
    assert Client.objects.count() == 1


def test_somebody_else_is_saved_with_everything_that_was_typed(page, john):
    search(page, First_Name="John", Last_Name="Smith", Date_of_Birth="05/17/1980")
    page.get_by_label("Alias 1 first name").fill("Jay")
    page.get_by_label("Black, African American").check()
    page.get_by_label("City", exact=True).fill("Salem")
    save(page).click()
    expect(heading(page, "Is this the same person?")).to_be_visible()
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_label("City", exact=True)).to_have_value("Salem")
    expect(page.get_by_label("Alias 1 first name")).to_have_value("Jay")
    expect(page.get_by_label("Black, African American")).to_be_checked()
    save(page).click()
    page.get_by_role("button", name="This is someone else").click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    added = Client.objects.exclude(pk=john.pk).get()
    assert (added.city, added.black_af_american) == ("Salem", True)
    assert added.aliases.get().first_name == "Jay"


def test_a_double_click_on_save_makes_one_record(page):
    search(page, First_Name="Rosalind", Last_Name="Achebe")
    save(page).dblclick(no_wait_after=True)
    expect(heading(page, "Client Dashboard")).to_be_visible()
    assert Client.objects.count() == 1


def test_leaving_a_half_filled_form_asks_first(page):
    search(page, First_Name="Rosalind", Last_Name="Achebe")
    page.get_by_label("City", exact=True).fill("Lowell")
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="Cancel").click()
    assert asked.value.type == "beforeunload"
    expect(page.get_by_label("City", exact=True)).to_have_value("Lowell")
