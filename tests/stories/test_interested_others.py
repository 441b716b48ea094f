"""The Interested Others cheat sheet, label by label (8.1, 8.2)."""

import re

from playwright.sync_api import expect

from clients.models import InterestedOther
from tests.stories.conftest import heading


def row_of(page, name):
    return page.get_by_role("row").filter(has_text=name)


def test_an_interested_other_is_added_and_edited(page, at_desk, alice, john, look):
    at_desk(alice).goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("link", name="Interested Others").click()
    expect(heading(page, "Interested Others")).to_be_visible()
    look("nobody")
    page.get_by_role("link", name="Add New Interested Other").click()
    look("form")
    page.get_by_label("Relationship to Client").fill("Mother")
    page.get_by_label("First Name", exact=True).fill("Mary")
    page.get_by_label("Last Name", exact=True).fill("Smith")
    page.get_by_label("Cell Phone").fill("617-555-0155")
    page.get_by_role("button", name="Save").click()
    kind = page.get_by_label("Type/Description")
    expect(kind).to_have_accessible_description(re.compile("Enter a type or description"))
    expect(page.get_by_label("Relationship to Client")).to_have_value("Mother")
    look("type-is-required")
    kind.fill("Parent")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Interested other saved.")).to_be_visible()
    mary = InterestedOther.objects.get()
    assert (mary.is_aware, mary.organization) == (None, john.organization)
    look("list")

    row = row_of(page, "Mary Smith")
    edit = row.get_by_role("cell").first.get_by_role("link", name="Edit")
    name = row.get_by_role("link", name="Mary Smith", exact=True)
    assert edit.bounding_box()["x"] < name.bounding_box()["x"]
    edit.click()
    expect(heading(page, "Edit Interested Other")).to_be_visible()
    page.get_by_label("Aware of Client's Situation").select_option("Yes")
    page.get_by_label("E-mail").fill("mary@mail.example")
    page.get_by_role("button", name="Save").click()
    expect(row_of(page, "Mary Smith")).to_contain_text("Yes")
    row_of(page, "Mary Smith").get_by_role("link", name="Mary Smith", exact=True).click()
    expect(heading(page, "Interested Other")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("mary@mail.example")
    look("one")


def test_remove_asks_in_a_pop_up_and_can_be_undone(page, at_desk, alice, john, mary, look):
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/{mary.pk}/edit/")
    remove = page.get_by_role("link", name="Delete")
    remove.click()
    pop_up = page.get_by_role("dialog", name="Delete this interested other?")
    expect(pop_up).to_contain_text("Mary Smith")
    look("pop-up")
    pop_up.get_by_role("button", name="Close").click()
    expect(pop_up).to_be_hidden()
    expect(remove).to_be_focused()
    remove.click()
    expect(pop_up).to_be_visible()
    page.keyboard.press("Escape")
    expect(pop_up).to_be_hidden()
    remove.click()
    pop_up.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Interested other deleted.")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    assert not InterestedOther.objects.exists()
    look("deleted")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Interested other restored.")).to_be_visible()
    expect(row_of(page, "Mary Smith")).to_be_visible()
    expect(page.get_by_role("button", name="Restore")).to_have_count(0)


def test_the_pop_up_is_left_with_the_multiplication_sign_at_the_top_right(
    page, at_desk, alice, john, mary
):
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/{mary.pk}/edit/")
    page.get_by_role("link", name="Delete").click()
    pop_up = page.get_by_role("dialog")
    close = pop_up.get_by_role("button", name="Close")
    expect(close).to_have_text("\N{MULTIPLICATION SIGN}")
    frame, sign = pop_up.bounding_box(), close.bounding_box()
    assert frame["x"] + frame["width"] - sign["x"] - sign["width"] < 24
    assert sign["y"] - frame["y"] < 24


def test_another_agency_sees_and_does_not_edit(page, at_desk, charlie, john, mary, watch, look):
    at_desk(charlie).goto(f"/clients/{john.pk}/interested-others/")
    expect(row_of(page, "Mary Smith")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Edit")).to_have_count(0)
    page.get_by_role("link", name="Mary Smith", exact=True).click()
    expect(heading(page, "Interested Other")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Edit")).to_have_count(0)
    watch.expects(403)
    page.goto(f"/clients/{john.pk}/interested-others/{mary.pk}/edit/")
    expect(heading(page, "You cannot do that")).to_be_visible()
    look("may-not")
