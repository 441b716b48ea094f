"""Edit Client (3.2-3.5)."""

import pytest
from playwright.sync_api import expect

from hud.choices import VeteranStatus
from tests.stories.conftest import heading


@pytest.fixture
def page(page, at_desk, alice):
    return at_desk(alice)


def open_form(page, client):
    page.goto(f"/clients/{client.pk}/edit/")
    expect(heading(page, "Edit Client")).to_be_visible()
    return page


def finish(page):
    page.get_by_role("button", name="Finish").click()


def test_name_aliases_and_data_quality_are_changed(page, john, look):
    open_form(page, john)
    look("form")
    page.get_by_label("First Name", exact=True).fill("Jonathan")
    page.get_by_label("Middle Name").fill("Q")
    page.get_by_label("Name Data Quality", exact=True).select_option(
        "Partial, street name, or code name reported"
    )
    expect(page.get_by_label("Alias 1 first name")).to_have_value("Jack")
    page.get_by_label("Alias 1 first name").fill("")
    page.get_by_label("Alias 1 last name").fill("")
    page.get_by_label("Alias 2 first name").fill("Johnny")
    page.get_by_label("Alias 3 last name").fill("Rotten")
    page.get_by_label("Alias 4 first name").fill("Four")
    page.get_by_label("Date of Birth", exact=True).fill("")
    page.get_by_label("Date of Birth Data Quality").select_option("Client prefers not to answer")
    finish(page)
    expect(heading(page, "Client Dashboard")).to_be_visible()
    expect(page.get_by_text("Client saved.")).to_be_visible()
    expect(page.get_by_role("region", name="Client Information")).to_contain_text(
        "Jonathan Q Smith"
    )
    john.refresh_from_db()
    assert (john.name_data_quality, john.dob, john.dob_data_quality) == (2, None, 9)
    assert {(one.first_name, one.last_name) for one in john.aliases.all()} == {
        ("Johnny", ""),
        ("", "Rotten"),
        ("Four", ""),
    }


def test_the_ssn_on_file_stays_hidden_and_is_kept(page, john):
    open_form(page, john)
    expect(page.get_by_label("New SSN")).to_have_value("")
    assert "219099871" not in page.content().replace("-", "")
    page.get_by_label("City", exact=True).fill("Salem")
    finish(page)
    expect(page.get_by_text("Client saved.")).to_be_visible()
    john.refresh_from_db()
    assert (john.city, john.ssn) == ("Salem", "219099871")

    open_form(page, john)
    page.get_by_label("Remove the SSN on file").check()
    page.get_by_label("SSN Data Quality").select_option("Client prefers not to answer")
    finish(page)
    expect(page.get_by_text("Client saved.")).to_be_visible()
    john.refresh_from_db()
    assert (john.ssn, john.ssn_data_quality) == ("", 9)


def test_the_second_of_two_editors_sees_what_changed_and_chooses(page, elsewhere, bob, john, look):
    other = open_form(elsewhere(bob), john)
    open_form(page, john)
    other.get_by_label("First Name", exact=True).fill("Johannes")
    other.get_by_label("City", exact=True).fill("Salem")
    finish(other)
    expect(other.get_by_text("Client saved.")).to_be_visible()

    page.get_by_label("First Name", exact=True).fill("Jonathan")
    page.get_by_label("Phone").fill("617-555-0199")
    finish(page)
    notice = page.get_by_role("region", name="changed this client while you were editing")
    expect(notice).to_contain_text("Bob")
    expect(notice).to_be_focused()
    row = notice.get_by_role("row", name="First Name")
    for value in ("John", "Johannes", "Jonathan"):
        expect(row).to_contain_text(value)
    expect(notice.get_by_role("row", name="City")).to_contain_text("Salem")
    expect(page.get_by_label("City", exact=True)).to_have_value("Salem")
    expect(page.get_by_label("Phone")).to_have_value("617-555-0199")
    look("conflict")

    finish(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose which First Name to keep.")
    look("not-chosen")
    page.get_by_label("Keep what I typed: Jonathan").check()
    finish(page)
    expect(page.get_by_text("Client saved.")).to_be_visible()
    john.refresh_from_db()
    assert (john.first_name, john.city, john.phone) == ("Jonathan", "Salem", "617-555-0199")


def test_the_second_editor_may_keep_the_first_ones_answer(page, elsewhere, bob, john):
    other = open_form(elsewhere(bob), john)
    open_form(page, john)
    other.get_by_label("First Name", exact=True).fill("Johannes")
    finish(other)
    expect(other.get_by_text("Client saved.")).to_be_visible()
    page.get_by_label("First Name", exact=True).fill("Jonathan")
    page.get_by_label("Phone").fill("617-555-0199")
    finish(page)
    page.get_by_label("Johannes").check()
    finish(page)
    expect(page.get_by_text("Client saved.")).to_be_visible()
    john.refresh_from_db()
    assert (john.first_name, john.phone) == ("Johannes", "617-555-0199")


def test_veteran_status_and_relationship_are_shown_and_not_asked(page, john):
    type(john).objects.filter(pk=john.pk).update(veteran_status=VeteranStatus.YES)
    open_form(page, john)
    answers = page.get_by_role("region", name="Asked at enrollment")
    expect(answers).to_contain_text("Relationship to Head of Household")
    expect(answers).to_contain_text("Veteran Status")
    expect(answers).to_contain_text("Yes")
    expect(page.get_by_label("Veteran Status")).to_have_count(0)
    expect(page.get_by_label("Relationship to Head of Household")).to_have_count(0)


def test_dates_and_ssns_are_punctuated_while_typing(page, john):
    open_form(page, john)
    page.get_by_label("Date of Birth", exact=True).fill("")
    page.get_by_label("Date of Birth", exact=True).press_sequentially("3/9/1975")
    expect(page.get_by_label("Date of Birth", exact=True)).to_have_value("03/09/1975")
    page.get_by_label("New SSN").press_sequentially("219099873")
    expect(page.get_by_label("New SSN")).to_have_value("219-09-9873")
