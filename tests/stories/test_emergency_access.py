"""Emergency Access: a restricted client of another agency, for some hours, on record."""

import pytest
from playwright.sync_api import expect

from clients.models import Client, EmergencyAccess
from tests.factories import ClientFactory
from tests.stories.conftest import heading


@pytest.fixture
def rosa(harbor, alice):
    return ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="Rosa",
        last_name="Quenby",
        visibility=Client.Visibility.OWN_ORGANIZATION,
    )


def test_restricted_client_is_opened_and_its_agency_ends_it(
    settings, at_desk, elsewhere, charlie, dana, rosa, look, watch
):
    settings.BREAK_GLASS = True
    watch.expects(404)
    page = at_desk(charlie)
    page.goto("/clients/")
    page.get_by_label("Last Name").fill("Quenby")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Emergency Access").click()
    expect(heading(page, "Emergency Access")).to_be_visible()
    look("page")
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("errors")
    page.get_by_label("Client ID", exact=True).fill(str(rosa.pk))
    page.get_by_role("radio", name="Somebody is in danger").check()
    page.get_by_label("Why is this record needed now?").fill("Her brother is at the door")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_text("Emergency access until")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Rosa Quenby")
    look("opened")

    office = elsewhere(dana)
    office.goto("/admin/clients/emergencyaccess/")
    expect(office.get_by_role("main")).to_contain_text("Her brother is at the door")
    look("officer", page=office)
    office.locator("input[name=_selected_action]").check()
    office.get_by_role("button", name="End access").click()
    expect(office.get_by_text("1 ended.")).to_be_visible()
    assert not EmergencyAccess.objects.running().exists()
    page.reload()
    expect(page.get_by_role("main")).not_to_contain_text("Rosa Quenby")
