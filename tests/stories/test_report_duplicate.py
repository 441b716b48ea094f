"""Report Duplicate (2.7): two client IDs, a comment, a mail, and the records side by side."""

from playwright.sync_api import expect

from clients.models import DuplicateReport
from tests.factories import ClientFactory
from tests.stories.conftest import heading


def test_two_records_are_reported_and_compared(
    page, at_desk, alice, john, mailoutbox, look, deliver
):
    twin = ClientFactory(
        organization=john.organization, created_by=alice, first_name="Jon", dob=john.dob
    )
    at_desk(alice).goto(john.get_absolute_url())
    page.get_by_role("link", name="Report Duplicate").click()
    expect(heading(page, "Report Duplicate")).to_be_visible()
    expect(page.get_by_label("Client ID", exact=True)).to_have_value(str(john.pk))
    page.get_by_label("Duplicate Client ID").fill(str(john.pk))
    page.get_by_label("Comment").fill("Same face, same tattoo.")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_value("Same face, same tattoo.")
    look("same-id")
    page.get_by_label("Duplicate Client ID").fill(str(twin.pk))
    page.get_by_role("button", name="Compare").click()
    expect(heading(page, "Are these the same person?")).to_be_visible()
    assert not DuplicateReport.objects.exists()
    look("asked-first")
    page.get_by_role("button", name="Report as the same person").click()

    expect(heading(page, "Reported duplicate")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("Duplicate reported.")
    expect(page.get_by_role("row", name="Name").first).to_contain_text("differs")
    expect(page.get_by_role("main")).to_contain_text("Same face, same tattoo.")
    look("side-by-side")
    report = DuplicateReport.objects.get()
    deliver()
    (mail,) = mailoutbox
    assert f"Clients {john.pk} and {twin.pk} were reported" in mail.body
    assert report.get_absolute_url() in mail.body
    for personal in ("John", "Jon", "Smith", "05/17/1980", "219099871", "-9871", "tattoo"):
        assert personal not in mail.subject + mail.body

    page.get_by_role("link", name=f"Edit Client {twin.pk}").click()
    page.get_by_label("First Name", exact=True).fill("John")
    page.get_by_role("button", name="Finish").click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    page.goto(report.get_absolute_url())
    expect(page.get_by_role("row", name="Name").first).not_to_contain_text("differs")
    page.get_by_role("button", name="Withdraw this report").click()
    expect(page.get_by_role("main")).to_contain_text("withdrew this report")


def test_wrong_ids_are_told_beside_their_boxes(page, at_desk, alice, john):
    at_desk(alice).goto("/duplicates/report/")
    page.get_by_label("Client ID", exact=True).fill(str(john.pk))
    page.get_by_label("Duplicate Client ID").fill("99999999")
    page.get_by_label("Comment").fill("Twins?")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_label("Duplicate Client ID")).to_have_accessible_description(
        "There is no client 99999999. Check the ID."
    )
