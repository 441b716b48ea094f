"""Filters that apply when they are changed, forms that are no wider than one reads, quiet bars."""

import pytest
from playwright.sync_api import expect

from tests.files.factories import file_of
from tests.plugins.look import DESK, PHONE, resize


@pytest.fixture
def files(john):
    for name, category in (("Lease", "housing"), ("Award letter", "income")):
        file_of(john, document_name=name, category=category)
    return f"/clients/{john.pk}/files/?view=grid"


def test_a_filter_applies_when_it_is_changed_and_keeps_its_place(page, at_desk, alice, files, look):
    at_desk(alice).goto(files)
    category = page.get_by_label("Category", exact=True)
    expect(page.get_by_role("button", name="Filter", exact=True)).to_be_hidden()
    category.focus()
    category.select_option("Lease and housing")
    table = page.get_by_role("table", name="Files")
    expect(table.get_by_role("rowheader")).to_have_text(["Lease"])
    expect(page.get_by_label("Category", exact=True)).to_be_focused()
    look("filtered")


def test_filters_side_by_side_on_a_phone_are_of_one_height(page, at_desk, alice, files):
    page.set_viewport_size({"width": 390, "height": 844})
    at_desk(alice).goto(files)
    filters = [page.get_by_label(name, exact=True) for name in ("Category", "Organization")]
    for one in filters:
        expect(one).to_be_visible()
    category, organization = (one.bounding_box() for one in filters)
    assert category["x"] < organization["x"]
    assert category["y"] == organization["y"]
    assert category["height"] == organization["height"]


def test_filter_beside_one_that_is_refused_is_no_higher(page, at_desk, alice, files):
    page.set_viewport_size({"width": 390, "height": 844})
    at_desk(alice).goto(files)
    organization = page.get_by_label("Organization", exact=True)
    expect(organization).to_be_visible()
    height = organization.bounding_box()["height"]
    page.goto(f"{files}&category=forged")
    expect(page.locator(".field-error")).to_be_visible()
    assert organization.bounding_box()["height"] == height


def test_the_menu_of_a_row_stands_in_the_corner_of_its_card(page, at_desk, alice, files):
    at_desk(alice).goto(files)
    resize(page, PHONE)
    row = page.get_by_role("row").filter(has_text="Lease").first
    menu, title = row.locator("summary"), row.get_by_role("rowheader")
    corner, text = menu.bounding_box(), title.bounding_box()
    assert corner["x"] > row.bounding_box()["x"] + text["width"] / 2
    assert corner["y"] < text["y"] + text["height"]
    menu.click()
    expect(row.locator(".menu")).to_be_visible()
    opened = row.locator(".menu").bounding_box()
    assert 0 <= opened["x"] <= PHONE["width"] - opened["width"]


def test_without_javascript_the_filter_has_its_button(elsewhere, alice, files):
    page = elsewhere(alice, java_script_enabled=False)
    page.goto(files)
    page.get_by_label("Category", exact=True).select_option("Lease and housing")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_role("table", name="Files").get_by_role("rowheader")).to_have_text(["Lease"])


@pytest.mark.parametrize("address", ["edit/", "case-notes/add/", "interested-others/add/"])
def test_a_form_is_no_wider_than_one_reads(page, at_desk, alice, john, address):
    page = at_desk(alice)
    page.set_viewport_size(DESK)
    page.goto(f"/clients/{john.pk}/{address}")
    form = page.get_by_role("main").locator("form:has(.form-actions)").first
    assert form.bounding_box()["width"] <= 720


def test_the_bar_of_buttons_is_one_only_while_it_sticks(page, at_desk, alice, john):
    """On a page with room to spare the buttons stand right under the form."""
    page = at_desk(alice)
    page.set_viewport_size({"width": 1280, "height": 4000})
    page.goto(f"/clients/{john.pk}/edit/")
    bar = page.locator(".form-actions-sticky")
    drawn = "el => getComputedStyle(el, '::before').content"
    assert bar.evaluate(drawn) == "none"
    page.set_viewport_size({"width": 1280, "height": 600})
    expect(bar).to_be_in_viewport()
