"""Who Has Seen This Record: what an officer gives to a client (R16.1)."""

from playwright.sync_api import expect

from clients.models import ClientAccess
from tests.stories.conftest import heading

PHONE = {"width": 390, "height": 844}


def test_officer_reads_and_prints_who_has_seen_a_record(page, at_desk, dana, alice, john, look):
    row = {"user": alice, "organization": john.organization}
    ClientAccess.objects.create(client=john, page="clients:dashboard", **row)
    ClientAccess.objects.create(listed=[john.pk], kind="list", page="clients:results", **row)
    at_desk(dana)
    page.goto(john.get_absolute_url())
    page.get_by_role("link", name="Who Has Seen This Record").click()
    expect(heading(page, "Who Has Seen This Record")).to_be_visible()
    lines = page.get_by_role("row").filter(has_text=str(alice))
    expect(lines).to_contain_text("Viewed: Client Dashboard")
    expect(lines).to_contain_text("Seen on a list: Find Client results")
    look("by day")
    page.set_viewport_size(PHONE)
    look("phone")
    page.get_by_label("From").fill("01/02/2020")
    page.get_by_label("To", exact=True).fill("01/01/2020")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("not after the last one")
    page.go_back()
    page.get_by_role("link", name="Print").click()
    expect(page.get_by_role("row").filter(has_text=str(alice))).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    look("print")
