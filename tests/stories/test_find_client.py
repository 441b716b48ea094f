"""Find Client, box by box (2.1-2.5), and the global search (1.6)."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.factories import ClientAliasFactory, ClientFactory
from tests.stories.conftest import heading


@pytest.fixture
def page(page, at_desk, alice):
    return at_desk(alice)


@pytest.fixture
def stored(harbor, alice):
    """Return a function that files a client at Harbor Services."""

    def store(first_name, last_name, **facts):
        return ClientFactory(
            organization=harbor,
            created_by=alice,
            first_name=first_name,
            last_name=last_name,
            **{"dob": date(1961, 2, 3)} | facts,
        )

    return store


def find(page, **boxes):
    page.goto("/clients/")
    for label, text in boxes.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.wait_for_url("**/clients/find/**")


def found(page):
    return page.get_by_role("table", name="Clients found")


def near(page):
    return page.get_by_role("table", name="Near matches")


def test_a_few_letters_find_the_name_and_the_alias(page, john, stored, look):
    other = stored("William", "Brown")
    ClientAliasFactory(client=other, first_name="Joey", last_name="Smiley")
    stored("Joan", "Rivers")
    page.goto("/clients/")
    expect(page.get_by_text("Enter only the first 2-3 letters")).to_be_visible()
    look("boxes")
    find(page, First_Name="Jo", Last_Name="Smi")
    rows = found(page).get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="Smith, John")).to_be_visible()
    expect(rows.filter(has_text="Brown, William")).to_contain_text("also known as")
    expect(rows.filter(has_text="Brown, William")).to_contain_text("Joey Smiley")
    expect(page.get_by_label("First Name", exact=True)).to_have_value("Jo")
    look("results")
    found(page).get_by_role("link", name="Smith, John").click()
    expect(heading(page, "Client Dashboard")).to_be_visible()


def test_many_results_are_read_page_by_page_in_the_order_that_one_wants(page, stored, look):
    for number in range(27):
        stored(f"Jo{'abcdefghijklmnopqrstuvwxyz'[number % 26]}", "Smith")
    oldest = stored("Jozef", "Smith", dob=date(1930, 1, 2))
    find(page, First_Name="Jo", Last_Name="Smi")
    expect(page.get_by_role("heading", name="28 clients found")).to_be_visible()
    expect(found(page).get_by_role("row")).to_have_count(26)
    expect(found(page).get_by_role("rowheader").first).to_have_text("Smith, Joa")
    look("first-page")
    page.get_by_role("link", name="Next").click()
    expect(found(page).get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("navigation", name="Pages of the clients found")).to_contain_text(
        "28 of 28"
    )
    found(page).get_by_role("link", name="Date of Birth").click()
    expect(found(page).get_by_role("rowheader").first).to_have_text(oldest.sorted_name)
    head = found(page).get_by_role("columnheader", name="Date of Birth")
    expect(head).to_have_attribute("aria-sort", "ascending")
    look("by-birth")


def test_accents_and_case_do_not_matter(page, stored):
    stored("José", "Núñez")
    find(page, First_Name="jose")
    expect(found(page).get_by_role("link", name="Núñez, José")).to_be_visible()
    find(page, Last_Name="NUÑ")
    expect(found(page).get_by_role("link", name="Núñez, José")).to_be_visible()


def test_ssn_last_four_birth_date_and_client_id_find_the_same_person(page, john, stored):
    stored("Ann", "Other")
    for boxes in (
        {"SSN": "219-09-9871"},
        {"SSN": "219099871"},
        {"SSN": "9871"},
        {"Date_of_Birth": "05/17/1980"},
        {"Client_ID": str(john.pk)},
        {"First_Name": "Jo", "Date_of_Birth": "5/17/1980", "SSN": "9871"},
    ):
        find(page, **boxes)
        expect(found(page).get_by_role("row")).to_have_count(2)
        expect(found(page).get_by_role("link", name="Smith, John")).to_be_visible()
    find(page, First_Name="Ann", Date_of_Birth="05/17/1980")
    expect(page.get_by_role("heading", name="No records found.")).to_be_visible()
    expect(found(page)).to_have_count(0)


def test_nothing_found_offers_the_other_boxes_and_a_new_client(page, look):
    page.goto("/clients/")
    expect(page.get_by_role("link", name="Add New Client")).to_have_count(0)
    find(page, First_Name="Zebedee", Last_Name="Quux")
    expect(page.get_by_role("heading", name="No records found.")).to_be_visible()
    results = page.get_by_role("main")
    expect(results).to_contain_text("Try the date of birth.")
    expect(results).to_contain_text("Try the SSN or its last four digits.")
    expect(results).to_contain_text("Try the Client ID.")
    look("nothing")
    page.get_by_role("link", name="Add New Client").click()
    expect(heading(page, "Add New Client")).to_be_visible()


@pytest.mark.parametrize(
    ("first", "last"),
    [("Katherine", "Kowalsky"), ("Kathy", "Kowalski"), ("Kowalski", "Katherine")],
    ids=["misspelt", "nicknamed", "swapped"],
)
def test_a_misspelt_nicknamed_or_swapped_name_is_a_near_match(page, stored, look, first, last):
    stored("Katherine", "Kowalski")
    find(page, First_Name=first, Last_Name=last)
    row = near(page).get_by_role("row").filter(has_text="Kowalski, Katherine")
    expect(row).to_be_visible()
    expect(row.locator(".badge").first).to_be_visible()
    expect(found(page)).to_have_count(0)
    if first == "Kathy":
        look("near")


def test_impossible_searches_are_answered_beside_the_boxes(page, look):
    page.goto("/clients/")
    search = page.get_by_role("main").get_by_role("button", name="Search")
    search.click()
    expect(page.get_by_role("alert")).to_contain_text("Fill at least one box to search.")
    page.get_by_label("Date of Birth").fill("02/30/1980")
    page.get_by_label("SSN").fill("12")
    page.get_by_label("Client ID").fill("abc")
    search.click()
    expect(page.get_by_label("Date of Birth")).to_have_value("02/30/1980")
    expect(page.get_by_label("Date of Birth")).to_have_accessible_description(
        "Enter a date that exists, as MM/DD/YYYY, or only its year, or month and year."
    )
    expect(page.get_by_label("SSN")).to_have_accessible_description(
        "Enter all nine digits of the SSN, or only the last four."
    )
    expect(page.get_by_label("Client ID")).to_have_accessible_description(
        "A Client ID is a number. Enter only its digits."
    )
    look("refused")


def test_the_global_search_opens_an_id_and_finds_a_name(page, john, stored):
    stored("Ann", "Other")
    page.goto("/")
    page.keyboard.press("/")
    box = page.get_by_role("search").get_by_label("Search", exact=True)
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.type(str(john.pk))
    page.keyboard.press("Enter")
    expect(heading(page, "Client Dashboard")).to_be_visible()
    expect(page.get_by_label("Client", exact=True)).to_contain_text("John Smith")

    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("john smith")
    page.get_by_role("button", name="Run search").click()
    expect(found(page).get_by_role("link", name="Smith, John")).to_be_visible()
    expect(page.get_by_label("First Name", exact=True)).to_have_value("john")
    expect(page.get_by_label("Last Name", exact=True)).to_have_value("smith")


def test_the_slash_key_types_a_slash_within_a_box(page):
    page.goto("/clients/")
    page.get_by_label("Date of Birth").press("/")
    expect(page.get_by_label("Date of Birth")).to_have_value("/")


def test_going_back_to_the_results_keeps_them(page, john):
    find(page, First_Name="Jo")
    found(page).get_by_role("link", name="Smith, John").click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    page.go_back()
    expect(found(page).get_by_role("link", name="Smith, John")).to_be_visible()
