"""On a phone: tables become cards, nothing scrolls sideways, a finger hits what it aims at."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import AlertFactory, ClientFactory, InterestedOtherFactory, ProjectFactory
from tests.plugins.look import PHONE

LONG = "Wolfeschlegelsteinhausenbergerdorff-" + "Nebuchadnezzar" * 1


@pytest.fixture
def page(page, at_desk, alice):
    page = at_desk(alice)
    page.set_viewport_size(PHONE)
    return page


@pytest.fixture
def crowded(john, alice):
    """A client whose record is full, with a name that is long and not broken anywhere."""
    type(john).objects.filter(pk=john.pk).update(last_name=LONG, email=f"{'j' * 60}@mail.example")
    AlertFactory(client=john, text="Aggressive dog on the premises. " * 6)
    AlertFactory(client=john, text="A" * 90, begins_on=date(2024, 1, 2))
    InterestedOtherFactory(
        client=john,
        last_name=LONG,
        email=f"{'m' * 60}@mail.example",
        type_description="Probation or parole officer",
        relationship="B" * 60,
        home_phone="617-555-0155 extension 12345",
    )
    john.refresh_from_db()
    return john


@pytest.mark.parametrize(
    "address",
    ["", "edit/", "alerts/", "alerts/add/", "interested-others/", "interested-others/add/"],
)
def test_a_crowded_record_fits_a_phone(page, crowded, look, address):
    page.goto(f"/clients/{crowded.pk}/{address}")
    look(f"crowded-{address.replace('/', '-')}")


@pytest.mark.parametrize("address", ["alerts/", "interested-others/"])
def test_edit_stands_at_the_far_left_of_its_row(page, crowded, address):
    page.goto(f"/clients/{crowded.pk}/{address}")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Edit")).first
    edit = row.get_by_role("link", name="Edit").bounding_box()
    name = row.get_by_role("rowheader")
    said = name.evaluate(
        "el => { const r = document.createRange(); r.selectNodeContents(el);"
        " return r.getBoundingClientRect().left }"
    )
    assert edit["x"] < row.bounding_box()["x"] + 24
    assert edit["x"] + edit["width"] <= said, "beside what it edits, not over it"


def test_box_to_tick_stands_beside_the_name_it_belongs_to(page, john, harbor, alice):
    project = ProjectFactory(organization=harbor)
    enrollment = EnrollmentFactory(client=john, project=project, created_by=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice)
    page.goto("/caseload/")
    row = page.get_by_role("row").filter(has=page.get_by_role("checkbox")).first
    box, name = (
        row.get_by_role("checkbox").bounding_box(),
        row.get_by_role("link").first.bounding_box(),
    )
    assert 0 < name["x"] - box["x"] - box["width"] <= 16
    assert box["x"] == row.locator("td[data-label]").first.bounding_box()["x"]


def test_a_crowded_interested_other_fits_a_phone(page, crowded, look):
    other = crowded.interestedothers.get()
    page.goto(f"/clients/{crowded.pk}/interested-others/{other.pk}/")
    look("shown")
    page.goto(f"/clients/{crowded.pk}/interested-others/{other.pk}/edit/")
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look("pop-up")


def test_results_are_cards(page, crowded, alice, harbor, look):
    ClientFactory(organization=harbor, created_by=alice, first_name="Jonah", last_name="Smithe")
    page.goto("/clients/")
    page.get_by_label("First Name", exact=True).fill("Jo")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    table = page.get_by_role("table", name="Clients found")
    card = table.locator("tbody tr").first
    expect(card).to_be_visible()
    expect(table.locator("thead")).not_to_be_in_viewport(ratio=0.5)
    facts = card.locator("td:not(.cell-more)")
    assert [cell.is_visible() for cell in facts.all()] == [True, True, False, False, False]
    look("folded")
    more = card.get_by_role("button", name="More about")
    more.focus()
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="Less about")).to_have_attribute("aria-expanded", "true")
    boxes = [cell.bounding_box() for cell in facts.all()]
    assert len({round(box["y"]) for box in boxes}) > 1
    label = "getComputedStyle(el, '::before').content"
    assert card.locator("td").first.evaluate(f"el => {label}") == '"Client ID"'
    look("results")


def test_likely_duplicates_are_told_apart(page, crowded, look):
    page.goto("/clients/")
    page.get_by_label("First Name", exact=True).fill("John")
    page.get_by_label("Last Name", exact=True).fill(LONG)
    page.get_by_label("Date of Birth").fill("05/17/1980")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Add New Client").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Is this the same person?")).to_be_visible()
    look("duplicates")


def test_enrollment_that_was_chosen_can_be_read_to_its_end(page, john, harbor, alice, look):
    name = "Harbor Family Services of Greater Springfield Rapid Re-Housing Phase Two"
    project = ProjectFactory(organization=harbor, project_name=name)
    enrollment = EnrollmentFactory(client=john, project=project, created_by=alice)
    page.goto(f"/clients/{john.pk}/tasks/add/")
    chosen = page.get_by_label("Enrollment", exact=True)
    one_line = chosen.bounding_box()["height"]
    chosen.select_option(str(enrollment.pk))
    assert chosen.bounding_box()["height"] > 1.5 * one_line
    look("long-enrollment")
