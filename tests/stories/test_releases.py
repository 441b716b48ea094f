"""Release of Information: said before a witness, on a paper, refused; revoked and undone (13.1)."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agencies.models import SharingPolicy
from clients.models import Release
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.files.samples import jpeg
from tests.stories.conftest import heading

YEAR = timedelta(days=365)


@pytest.fixture
def grace(john, harbor, alice):
    """John's daughter, a child, in the household that he heads at Harbor's shelter."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    own = {"project": shelter, "created_by": alice}
    own["entry_date"] = timezone.localdate() - timedelta(days=14)
    head = EnrollmentFactory(client=john, **own)
    born = date(timezone.localdate().year - 9, 1, 2)
    child = ClientFactory(first_name="Grace", organization=harbor, created_by=alice, dob=born)
    EnrollmentFactory(client=child, household=head.household, relationship_to_hoh=2, **own)
    return child


@pytest.fixture
def required(db):
    """Agencies see each other's clients while a release covers them."""
    SharingPolicy.objects.update_or_create(pk=SharingPolicy.ONLY, defaults={"policy": "required"})


def open_releases(page, john):
    page.goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("link", name="Release of Information", exact=True).click()
    expect(heading(page, "Release of Information")).to_be_visible()


def badge(page):
    return page.get_by_role("region", name="Client", exact=True).get_by_role("link").last


def test_verbal_release_of_a_family_opens_the_record_and_revoking_closes_it(
    page, at_desk, elsewhere, alice, bob, charlie, john, grace, required, look, watch
):
    desk = at_desk(alice)
    open_releases(desk, john)
    expect(page.get_by_text("No release yet")).to_be_visible()
    expect(badge(page)).to_have_text("No release")
    look("none")

    page.get_by_role("link", name="Add Release").click()
    expect(heading(page, "Add Release")).to_be_visible()
    look("ways")
    page.get_by_role("link", name="Verbal, with a witness").click()
    page.get_by_label("Grace Smith").check()
    expect(page.get_by_label("Parent or Guardian")).to_have_value("John Smith")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Witness")).to_have_accessible_description(
        re.compile("Choose the colleague who heard it too")
    )
    look("refused")
    end = timezone.localdate() + YEAR
    page.get_by_label("Ends on").fill(f"{end:%m/%d/%Y}")
    page.get_by_label("Witness").select_option(str(bob))
    look("verbal")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Releases of 2 members saved.")).to_be_visible()
    expect(badge(page)).to_have_text(f"Release until {end:%m/%d/%Y}")
    row = page.get_by_role("row").filter(has_text="All organizations")
    for words in ("In force", "Verbal", "Harbor Services"):
        expect(row).to_contain_text(words)
    look("list")

    bridge = elsewhere(charlie)
    bridge.goto(john.get_absolute_url())
    expect(heading(bridge, "Client Dashboard")).to_be_visible()

    page.get_by_role("link", name="All organizations", exact=True).click()
    expect(page.get_by_text("Answered together")).to_be_visible()
    look("release")
    page.get_by_role("link", name="Revoke").click()
    pop_up = page.get_by_role("dialog", name="Revoke this release?")
    pop_up.get_by_label("The client revoked it").check()
    pop_up.get_by_label("Grace Smith").check()
    look("revoke")
    pop_up.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Release revoked.")).to_be_visible()
    assert Release.objects.filter(revoked_at=None).count() == 0
    look("revoked")
    watch.expects(404)
    bridge.reload()
    expect(bridge.get_by_text(john.last_name)).to_have_count(0)
    bridge.goto("/notifications/")
    expect(bridge.get_by_role("link", name="Release of Information revoked")).to_be_visible()
    look("notified", bridge)

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: it counts again.")).to_be_visible()
    bridge.goto(john.get_absolute_url())
    expect(heading(bridge, "Client Dashboard")).to_be_visible()


def test_paper_goes_to_the_files_and_a_refusal_ends_the_release(page, at_desk, alice, john, look):
    at_desk(alice).goto(f"/clients/{john.pk}/releases/add/paper/")
    page.get_by_label("Choose File").set_input_files(
        {"name": "scan.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    look("paper")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Release saved.")).to_be_visible()
    page.get_by_role("link", name="All organizations", exact=True).click()
    page.get_by_role("link", name="Open the document").click()
    expect(page.get_by_text("Consent and release")).to_be_visible()

    page.goto(f"/clients/{john.pk}/releases/add/refusal/")
    look("refusal")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Refusal saved.")).to_be_visible()
    expect(badge(page)).to_have_text("Release refused")
    for words in ("Refused", "Replaced by a later answer"):
        expect(page.get_by_role("row").filter(has_text=words)).to_have_count(1)
