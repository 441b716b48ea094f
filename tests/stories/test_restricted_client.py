"""A client restricted to its organization does not exist for others (ADR 1)."""

from playwright.sync_api import expect

from clients.models import Client
from tests.stories.conftest import heading


def test_another_agency_gets_the_404_page_and_no_search_hit(
    page, at_desk, elsewhere, alice, charlie, john, mary, watch
):
    at_desk(charlie)
    page.goto("/clients/")
    page.get_by_label("First Name", exact=True).fill("Jo")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Smith, John")).to_be_visible()

    owner = elsewhere(alice)
    owner.goto(f"/clients/{john.pk}/edit/")
    owner.get_by_label("Own organization only").or_(
        owner.get_by_label("Who may see this client")
    ).first.select_option("Own organization only")
    owner.get_by_role("button", name="Finish").click()
    expect(owner.get_by_text("Client saved.")).to_be_visible()
    expect(owner.get_by_text("Restricted", exact=True)).to_be_visible()
    assert Client.objects.get(pk=john.pk).is_restricted

    page.reload()
    expect(page.get_by_role("heading", name="No records found.")).to_be_visible()
    expect(page.get_by_text("Smith, John")).to_have_count(0)
    watch.expects(404)
    for address in ("", "edit/", "ssn/", "alerts/", "interested-others/", "interested-others/add/"):
        page.goto(f"/clients/{john.pk}/{address}")
        expect(heading(page, "Page not found")).to_be_visible()
        expect(page.get_by_text("John Smith")).to_have_count(0)
    box = page.get_by_role("search").get_by_label("Search", exact=True)
    box.fill(str(john.pk))
    box.press("Enter")
    expect(page.get_by_role("heading", name="No records found.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("Smith, John")).to_have_count(0)
