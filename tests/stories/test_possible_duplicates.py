"""The Data Quality Officer's queue of possible duplicates (11.2): found, compared, decided."""

import pytest
from playwright.sync_api import expect

from clients.duplicates.run import find_duplicates
from clients.models import PossibleDuplicate
from tests.factories import ClientFactory
from tests.stories.conftest import heading


@pytest.fixture
def found(alice, john):
    """John, and two records that look like his."""
    same = {"organization": john.organization, "created_by": alice, "last_name": john.last_name}
    jon = ClientFactory(**same, first_name="Jon", dob=john.dob)
    johnny = ClientFactory(**same, first_name="Johnny", dob=john.dob, address1="12 Oak St")
    find_duplicates(whole=True, processes=1)
    return john, jon, johnny


def test_officer_resolves_what_was_found(page, at_desk, dana, found, look):
    at_desk(dana).goto("/admin/")
    page.get_by_role("main").get_by_role("link", name="Possible duplicates").first.click()
    expect(heading(page, "Possible duplicates")).to_be_visible()
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Same date of birth")
    look("queue")

    rows.nth(2).get_by_role("checkbox").check()
    page.get_by_role("button", name="These are different people").click()
    expect(page.get_by_role("status").first).to_contain_text("1 pair: different people.")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Withdraw it").click()
    expect(rows).to_have_count(1)
    look("different-people")
    rows.first.get_by_role("checkbox").check()
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_role("status").first).to_contain_text("to be decided again")
    expect(page.get_by_role("main")).to_contain_text("No results")
    assert PossibleDuplicate.objects.filter(decision="open").count() == 3

    page.get_by_role("link", name="Show all").last.click()
    rows.first.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("main")).to_contain_text("Smith")


def test_queue_with_nothing_in_it_says_so(page, at_desk, dana, look):
    at_desk(dana).goto("/admin/clients/possibleduplicate/")
    expect(page.get_by_role("main")).to_contain_text("No pairs to decide")
    look("empty")
