"""A form is filed under the organization that it was opened for (1.2)."""

import pytest
from playwright.sync_api import expect

from clients.models import InterestedOther
from tests.factories import UserFactory


@pytest.fixture
def erin(harbor, bridge):
    """Works at both agencies."""
    return UserFactory(email="erin@harbor.example", first_name="Erin", at=[harbor, bridge])


def act_for(page, organization):
    page.goto("/settings/")
    page.get_by_label(organization).check()
    page.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("main")).to_contain_text(f"You are now working for {organization}.")


def test_switching_in_another_tab_does_not_move_the_record(page, at_desk, erin, john, harbor, look):
    at_desk(erin)
    act_for(page, "Harbor Services")
    page.goto(f"/clients/{john.pk}/interested-others/add/")
    expect(page.get_by_role("main")).to_contain_text("Organization: Harbor Services")
    page.get_by_label("Type/Description").fill("Landlord")
    page.get_by_label("Last Name", exact=True).fill("Owner")

    act_for(page.context.new_page(), "Bridge House")

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text(
        "saved for Harbor Services, which was in force when the form was opened."
    )
    expect(page.get_by_role("banner")).to_contain_text("Bridge House")
    assert InterestedOther.objects.get().organization == harbor
    look("saved-for-harbor")

    page.get_by_role("link", name="Add New Interested Other").click()
    expect(page.get_by_role("main")).to_contain_text("Organization: Bridge House")


def test_a_form_refused_for_an_error_still_remembers(page, at_desk, erin, john, harbor):
    at_desk(erin)
    act_for(page, "Harbor Services")
    page.goto(f"/clients/{john.pk}/interested-others/add/")
    act_for(page.context.new_page(), "Bridge House")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Type/Description").fill("Landlord")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("saved for Harbor Services")
    assert InterestedOther.objects.get().organization == harbor
