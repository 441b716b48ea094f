"""Document Check: the papers that are too sensitive for the file cabinet (7.4, 7.5)."""

import pytest
from playwright.sync_api import expect

from files.models import DocumentCheck
from tests.files.samples import pdf
from tests.stories.conftest import heading


@pytest.fixture
def cas_page(page, at_desk, cass, john):
    at_desk(cass).goto(f"/clients/{john.pk}/files/add/")
    return page


def test_a_paper_is_checked_and_seen_by_cas_alone(
    cas_page, alice, harbor, john, elsewhere, look, watch
):
    page = cas_page
    page.get_by_role("main").get_by_role("link", name="Document Check").click()
    expect(heading(page, "Document Check")).to_be_visible()
    look("nothing-yet")
    page.get_by_role("link", name="Add Document Check").click()
    look("form")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="Choose Homeless")).to_be_visible()
    page.get_by_label("Disability").check()
    page.get_by_label("Item Requiring Verification").fill("Disabling condition")
    page.get_by_label("Acceptable Document").fill("Verification by a licensed professional")
    page.get_by_label("Comments").fill("Original seen at the clinic.")
    file = {"name": "x.pdf", "mimeType": "application/pdf", "buffer": pdf(1)}
    page.get_by_label("Choose File").set_input_files(file)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Document check saved.")).to_be_visible()
    look("list")
    page.get_by_role("link", name="Disabling condition").click()
    expect(page.get_by_role("img", name="Page 1 of the document")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Original seen at the clinic.")
    look("one")
    check = DocumentCheck.objects.get()
    harbor.document_contact = "Sam Lee, 555-0100"
    harbor.save()

    other = elsewhere(alice)
    other.goto(f"/clients/{john.pk}/")
    menu = other.get_by_role("navigation", name="Favorites Menu")
    expect(menu.get_by_role("link", name="Client Files")).to_be_visible()
    expect(other.get_by_text("Document Check")).to_have_count(0)
    other.goto(f"/clients/{john.pk}/files/add/")
    warning = other.locator(".notice").filter(has_text="system-wide file cabinet")
    expect(warning).to_contain_text("Document Check, to which you have no access: give them to")
    expect(warning).to_contain_text("Sam Lee, 555-0100")
    expect(warning.get_by_role("link")).to_have_count(0)
    look("named", other)
    watch.expects(404)
    for address in ("", "add/", f"{check.pk}/", f"{check.pk}/download/"):
        answer = other.goto(f"/clients/{john.pk}/document-check/{address}")
        assert answer.status == 404
    expect(other.get_by_text("Document Check")).to_have_count(0)


def test_a_document_check_is_deleted_and_restored(cas_page, john, cass, look):
    page = cas_page
    row = DocumentCheck(
        client=john,
        organization=cass.organizations[0],
        checklist="homeless",
        item="Current homelessness",
        acceptable_document="Letter from a shelter",
    )
    row.stamp(by=cass)
    row.save()
    page.goto(f"/clients/{john.pk}/document-check/")
    page.get_by_label("Actions for Current homelessness").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Document check deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row").filter(has_text="Current homelessness")).to_be_visible()
