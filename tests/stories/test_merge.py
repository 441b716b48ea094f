"""A Data Quality Officer makes two records one, and takes them apart again (11.2)."""

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from casenotes.models import CaseNote
from clients.models import ClientMerge
from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, DuplicateReportFactory, ProjectFactory
from tests.files.factories import photo_of
from tests.plugins.look import PHONE
from tests.stories.conftest import heading


@pytest.fixture
def twin(harbor, bob):
    """John once more, as Bob filed him: another name, no SSN, another phone."""
    return ClientFactory(
        organization=harbor,
        created_by=bob,
        first_name="Jon",
        last_name="Smyth",
        dob=None,
        dob_data_quality=99,
        phone="617-555-0199",
        veteran_status=1,
    )


@pytest.fixture
def report(harbor, alice, bob, john, twin):
    """Both have a photo, an enrollment in the shelter and notes; Alice has reported them."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    EnrollmentFactory(client=john, project=shelter, created_by=alice, entry_date=date(2026, 1, 5))
    EnrollmentFactory(client=twin, project=shelter, created_by=bob, entry_date=date(2026, 2, 9))
    for client in (john, twin):
        photo_of(client)
        CaseNoteFactory(client=client, created_by=bob, visibility="all")
    return DuplicateReportFactory(
        organization=harbor,
        created_by=alice,
        client_1=john,
        client_2=twin,
        comment="Same face, same tattoo. The second record has a typing slip in the name.",
    )


def test_officer_compares_merges_and_undoes(
    page, at_desk, elsewhere, dana, alice, john, twin, report, look
):
    at_desk(dana).goto(reverse("admin:index"))
    page.get_by_role("link", name="Reports of duplicates").first.click()
    page.get_by_role("link", name=f"Clients {john.pk} and {twin.pk}").click()
    look("report")
    page.get_by_role("link", name="Compare and merge").click()
    expect(heading(page, "Compare and merge")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Same face, same tattoo.")
    expect(page.get_by_role("row", name="Name").first).to_contain_text("differs")
    expect(page.get_by_role("radio", name=f"Date of Birth of Client ID {john.pk}")).to_be_checked()
    expect(page.get_by_role("radio", name=f"Veteran Status of Client ID {twin.pk}")).to_be_checked()
    look("preview")

    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Harbor Family Shelter overlap")
    expect(page.get_by_role("alert")).to_contain_text("Which one is shown")
    look("what-is-to-be-chosen")
    page.get_by_role("alert").get_by_role("link", name="Harbor Family Shelter").click()
    page.get_by_role("radio", name=f"Client ID {john.pk} Harbor Family Shelter").check()
    page.get_by_role("radio", name=f"The photo of Client ID {twin.pk}").check()
    page.get_by_role("radio", name=f"Phone of Client ID {twin.pk}").check()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(heading(page, f"Client ID {twin.pk} into {john.pk}")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Case notes 1 moved")
    expect(page.get_by_role("main")).to_contain_text("Client photos 1 moved, 1 kept as deleted")
    look("merged")

    # The old ID finds the person, and a note written since stays with the one who stayed.
    desk = elsewhere(alice)
    work_with_the_old_id(desk, john, twin)
    look("old-id", page=desk)

    page.goto(reverse("admin:clients_clientmerge_changelist"))
    look("merges")
    page.get_by_role("link", name=f"Client {twin.pk} into {john.pk}").click()
    page.get_by_role("button", name="Undo this merge").click()
    expect(page.get_by_role("status").first).to_contain_text("are two clients again.")
    expect(page.get_by_text("They are two separate clients again.")).to_be_visible()
    look("undone")
    desk.goto(f"/clients/{twin.pk}/")
    expect(desk.get_by_role("region", name="Client", exact=True)).to_contain_text("Jon Smyth")
    assert CaseNote.objects.get(title="Called").client == john
    assert twin.casenotes.count() == 1
    assert not ClientMerge.objects.in_force().exists()


def work_with_the_old_id(desk, john, twin):
    desk.goto(f"/clients/{twin.pk}/")
    expect(heading(desk, "Client Dashboard")).to_be_visible()
    expect(desk).to_have_url(re.compile(f"/clients/{john.pk}/$"))
    expect(desk.get_by_role("status").first).to_contain_text(
        f"Client ID {twin.pk} was merged into {john.pk} on"
    )
    expect(desk.get_by_role("main")).to_contain_text("617-555-0199")
    desk.goto(f"/clients/{twin.pk}/case-notes/add/")
    expect(desk.get_by_role("region", name="Client", exact=True)).to_contain_text(
        f"was merged into {john.pk}"
    )
    desk.get_by_label("Title").fill("Called")
    desk.get_by_label("Note", exact=True).fill("He comes on Monday.")
    desk.get_by_role("button", name="Save").first.click()
    expect(heading(desk, "Case Notes")).to_be_visible()
    desk.get_by_role("searchbox").fill("Jon Smyth")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("main")).to_contain_text("Smith, John also known as Jon Smyth")
    desk.goto(f"/clients/{twin.pk}/edit/")


def test_preview_that_is_old_is_shown_again_on_a_phone_without_script(
    page, elsewhere, dana, bob, john, twin
):
    phone = elsewhere(dana, java_script_enabled=False)
    phone.set_viewport_size(PHONE)
    phone.goto(reverse("admin:clients_merge", args=[john.pk, twin.pk]))
    CaseNoteFactory(client=twin, created_by=bob)
    phone.get_by_role("radio", name=f"Name of Client ID {twin.pk}").check()
    phone.get_by_role("button", name="Merge", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("These records have changed")
    expect(phone.get_by_role("radio", name=f"Name of Client ID {twin.pk}")).to_be_checked()
    phone.get_by_role("button", name="Merge", exact=True).click()
    expect(heading(phone, f"Client ID {twin.pk} into {john.pk}")).to_be_visible()
    assert john.casenotes.count() == 1


def test_officer_of_one_agency_compares_and_of_none_sees_nothing(
    page, at_desk, elsewhere, watch, cass, dana, bridge, john, look
):
    watch.expects(404)
    theirs = ClientFactory(organization=bridge)
    address = reverse("admin:clients_merge", args=[john.pk, theirs.pk])
    at_desk(dana).goto(address)
    expect(heading(page, "Compare and merge")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("an administrator merges them")
    expect(page.get_by_role("button", name="Merge", exact=True)).to_have_count(0)
    look("compare-only")
    stranger = elsewhere(cass)
    assert stranger.goto(address).status == 404
