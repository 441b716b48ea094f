"""Two records of one person hold different answers: an officer merges them, and decides (13.2)."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from agencies.models import Organization
from clients.models import Client, Release
from tests.consent.factories import ReleaseFactory
from tests.factories import ClientFactory
from tests.stories.conftest import heading


@pytest.fixture
def twin(harbor, bob):
    return ClientFactory(organization=harbor, created_by=bob, first_name="Jon", last_name="Smyth")


def test_stricter_answer_counts_until_the_officer_decides(
    page, at_desk, dana, charlie, harbor, john, twin, look
):
    Organization.objects.filter(pk=harbor.pk).update(sharing="required")
    release = ReleaseFactory(client=twin)
    seen = Client.objects.visible_to(charlie)
    assert twin in seen.all()
    at_desk(dana).goto(reverse("admin:clients_merge", args=[john.pk, twin.pk]))
    expect(page.get_by_role("main")).to_contain_text("The two did not agree to the same.")
    look("preview")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(heading(page, f"Client ID {twin.pk} into {john.pk}")).to_be_visible()
    assert john not in seen.all()

    page.goto(reverse("admin:index"))
    card = page.get_by_role("main").locator("a.tile", has_text="Releases After a Merge")
    expect(card.locator(".num")).to_have_text("1")
    card.click()
    page.get_by_role("link", name=str(john.pk), exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Ask the client where you can")
    look("decision")
    page.keyboard.press("Tab")
    page.get_by_label(f"Holds: Verbal of Client ID {twin.pk}").check()
    page.get_by_role("button", name="Save decision").click()
    expect(page.get_by_text(f"Client {john.pk}: your decision was saved.")).to_be_visible()
    expect(page.get_by_text("Nothing to decide")).to_be_visible()
    release.refresh_from_db()
    assert (release.undecided, release.state) == (False, Release.State.IN_FORCE)
    assert john in seen.all()
