"""Sharing: an officer looks at what a change would hide, and saves it; a worker asks why (13.2)."""

import pytest
from playwright.sync_api import expect

from agencies.models import Organization
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import AlertFactory
from tests.plugins.look import resize
from tests.stories.conftest import heading


@pytest.fixture
def enrollment(john):
    AlertFactory(client=john, text="Call before visiting")
    return EnrollmentFactory(client=john)


def test_officer_shares_less_by_keyboard_and_the_other_agency_is_told_why(
    page, at_desk, elsewhere, dana, charlie, john, enrollment, harbor, look, watch
):
    desk = at_desk(dana)
    desk.goto("/admin/")
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_text("Agency", exact=True).click()
    menu.get_by_role("link", name="Sharing", exact=True).click()
    expect(heading(page, "Sharing")).to_be_visible()
    look("list")

    page.get_by_role("link", name="Edit the sharing of Harbor Services").click()
    expect(heading(page, "Sharing of Harbor Services")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.get_by_label("As the CoC: Open").press("ArrowDown")
    expect(page.get_by_label("Consent for parts")).to_be_checked()
    page.get_by_role("button", name="Preview").press("Enter")
    effects = page.get_by_role("region", name="What would be hidden from other organizations")
    expect(effects).to_contain_text("Enrollments")
    look("preview")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Sharing of Harbor Services saved.")).to_be_visible()
    assert Organization.objects.get(pk=harbor.pk).sharing_in_force == "parts"

    other = elsewhere(charlie)
    other.goto(f"/clients/{john.pk}/enrollments/")
    expect(other.get_by_text("Records that need a release of information")).to_be_visible()
    expect(other.get_by_text("Call before visiting")).to_have_count(0)
    other.get_by_role("link", name="Why?").click()
    expect(heading(other, "What Is Shared")).to_be_visible()
    expect(other.get_by_text("No release of information covers your organization.")).to_have_count(
        3
    )


def test_why_something_is_not_shown_fits_a_phone(
    page, at_desk, charlie, john, enrollment, harbor, look
):
    Organization.objects.filter(pk=harbor.pk).update(sharing="parts")
    desk = at_desk(charlie)
    resize(page, {"width": 360, "height": 740})
    desk.goto(f"/clients/{john.pk}/sharing/")
    expect(page.get_by_text("Ask the client for a release of information.")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look("why")
