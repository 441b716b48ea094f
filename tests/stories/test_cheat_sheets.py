"""The seven cheat sheets, each walked from its first step to its last by its labels alone.

Nothing is reached by an address: whoever knows the labels finds the way. docs/cheat-sheets.md has
the steps of each sheet, and where this portal differs. What else may happen on these pages is in
the stories beside this one.
"""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from casenotes.models import CaseNote
from clients.models import Client, InterestedOther
from enrollments.models import CaseAssignment, IntakeDraft
from files.models import ClientFile, ClientPhoto
from tests.casenotes.factories import ServiceTypeFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, ProjectFactory
from tests.files.samples import jpeg
from tests.stories.conftest import STEPS, heading, log_in


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")


@pytest.fixture
def enrollment(john, alice, shelter):
    return EnrollmentFactory(client=john, project=shelter, created_by=alice)


def menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Favorites Menu")


def press(place: Page | Locator, name: str) -> None:
    place.get_by_role("button", name=name, exact=True).click()


def follow(place: Page | Locator, name: str) -> None:
    place.get_by_role("link", name=name, exact=True).click()


def open_client(page: Page, client: Client) -> None:
    """Find Client with the first letters of both names, as every sheet begins."""
    page.goto("/")
    follow(page.get_by_role("banner"), "Clients")
    follow(menu(page), "Find Client")
    page.get_by_label("First Name", exact=True).fill(client.first_name[:3])
    page.get_by_label("Last Name", exact=True).fill(client.last_name[:3])
    press(page.get_by_role("main"), "Search")
    page.get_by_role("table").get_by_role("link", name=client.sorted_name).click()
    expect(heading(page, "Client Dashboard")).to_be_visible()


def test_finding_and_creating_a_client(page, alice, harbor, bridge):
    MembershipFactory(user=alice, organization=bridge)
    page.goto("/")
    log_in(page, alice)
    page.get_by_label(str(harbor)).check()
    press(page, "Use these settings")
    follow(page.get_by_role("banner"), "Home")
    follow(page.get_by_role("banner"), "Clients")
    follow(menu(page), "Find Client")
    expect(page.get_by_role("main")).to_contain_text("Enter only the first 2-3 letters")
    page.get_by_label("First Name", exact=True).fill("Ros")
    page.get_by_label("Last Name", exact=True).fill("Ach")
    press(page.get_by_role("main"), "Search")
    expect(page.get_by_role("heading", name="No records found.")).to_be_visible()
    page.get_by_label("Date of Birth", exact=True).fill("03/09/1975")
    for box in ("SSN", "Client ID"):
        expect(page.get_by_label(box, exact=True)).to_be_visible()
    press(page.get_by_role("main"), "Search")
    follow(page, "Add New Client")
    page.get_by_label("First Name", exact=True).fill("Rosalind")
    page.get_by_label("Last Name", exact=True).fill("Achebe")
    expect(page.get_by_label("Date of Birth", exact=True)).to_have_value("03/09/1975")
    press(page, "Save")
    expect(page.get_by_text("Client saved.")).to_be_visible()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    rosalind = Client.objects.get()
    assert (rosalind.dob, rosalind.organization) == (date(1975, 3, 9), harbor)


def test_editing_a_client(page, at_desk, alice, john, enrollment):
    open_client(at_desk(alice), john)
    information = page.get_by_role("region", name="Client Information")
    for words in (john.display_name, str(john.pk)):
        expect(information).to_contain_text(words)
    information.get_by_role("link", name="Edit").first.click()
    expect(heading(page, "Edit Client")).to_be_visible()
    follow(menu(page), "Client Dashboard")
    follow(menu(page), "Edit Client")
    main = page.get_by_role("main")
    for label in ("Relationship to Head of Household", "Veteran Status"):
        expect(main).to_contain_text(label)
    page.get_by_label("Phone", exact=True).fill("617-555-0144")
    press(page, "Finish")
    expect(page.get_by_text("Client saved.")).to_be_visible()
    john.refresh_from_db()
    assert john.phone == "617-555-0144"


def test_case_manager_assignments_in_the_intake(page, at_desk, alice, bob, john, harbor, shelter):
    mary = ClientFactory(organization=harbor, created_by=alice, first_name="Mary")
    open_client(at_desk(alice), john)
    follow(menu(page), "Intake")
    press(page, "Start intake")
    expect(heading(page, "Basic Client Information")).to_be_visible()
    steps = page.get_by_label("Steps of the intake").get_by_role("listitem")
    assert steps.all_inner_texts() == STEPS
    press(page, "Save & Next")
    expect(heading(page, "Family Members")).to_be_visible()
    page.get_by_label("First Name").fill("Mar")
    page.get_by_label("Last Name").fill("Smi")
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_role("link", name=mary.sorted_name).click()
    press(page, "Save & Next")
    expect(heading(page, "HUD Program Enrollment")).to_be_visible()
    page.get_by_label("Project", exact=True).select_option(label=shelter.project_name)
    cards = [page.get_by_role("group", name=name) for name in ("John", "Mary")]
    for card in cards:
        expect(card.get_by_label("Project Start Date")).not_to_have_value("")
        expect(card.get_by_label("Relationship to Head of Household")).to_be_visible()
    cards[1].get_by_label("Relationship to Head of Household").select_option("Spouse or partner")
    look_up(page, cards[0], bob)
    expect(cards[0].get_by_label("Case Manager", exact=True)).to_have_value(str(bob.pk))
    press(page, "Save")
    expect(page.get_by_text("The members have different case managers.")).to_be_visible()
    cards[0].get_by_role("button", name="Use for whole household").click()
    press(page, "Save")
    expect(heading(page, "Universal Data Assessment")).to_be_visible()
    managers = IntakeDraft.objects.get().answers.household
    assert str(bob.pk) in str(managers)


def look_up(page: Page, place: Page | Locator, user) -> None:
    """The magnifying glass beside a Case Manager: Name, Organization, Search."""
    place.get_by_label("Look up a user").first.click()
    pop_up = page.get_by_role("dialog", name="Look up a user")
    pop_up.get_by_label("Name").fill(user.first_name[:2])
    pop_up.get_by_label("Organization").select_option(label=str(user.organizations[0]))
    press(pop_up, "Search")
    pop_up.get_by_role("link", name=str(user)).click()
    expect(pop_up).to_be_hidden()


def test_case_manager_assignments_outside_the_intake(page, at_desk, alice, bob, john, enrollment):
    open_client(at_desk(alice), john)
    follow(menu(page), "Case Managers")
    follow(page, "Add Case Assignment")
    manager = page.get_by_label("Case Manager", exact=True)
    expect(manager).to_have_value(str(alice.pk))
    manager.select_option(label=str(bob))
    today = f"{timezone.localdate():%m/%d/%Y}"
    expect(page.get_by_label("Assignment beginning on")).to_have_value(today)
    expect(page.get_by_label("Ending on")).to_have_value("")
    expect(page.get_by_label("Enrollment", exact=True)).to_contain_text("Harbor Family Shelter")
    expect(page.get_by_label("Status")).to_have_value("active")
    press(page, "Save")
    expect(page.get_by_text("Case assignment saved.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=str(bob)).first
    row.get_by_label(f"Actions for {bob}").click()
    follow(row, "Hand over")
    look_up(page, page, alice)
    press(page, "Save")
    expect(page.get_by_text(f"Handed over to {alice}.")).to_be_visible()
    assert CaseAssignment.objects.count() == 2


def test_case_notes(page, at_desk, alice, john, harbor, enrollment):
    ServiceTypeFactory(organization=harbor, name="Bus pass")
    open_client(at_desk(alice), john)
    follow(menu(page), "Case Notes")
    follow(page, "Add New Case Note")
    page.get_by_label("Title").fill("First visit")
    page.get_by_label("Note", exact=True).fill("He came by himself.")
    page.get_by_label("Read Only").check()
    page.get_by_label("Default Enrollment").select_option(str(enrollment.pk))
    press(page, "Add service")
    service = page.get_by_role("group", name="Service 1")
    service.get_by_label("Service").select_option(label="Bus pass (count)")
    service.get_by_label("Units").fill("2")
    expect(service.get_by_label("Enrollment")).to_have_value(str(enrollment.pk))
    press(page, "Save")
    expect(page.get_by_text("Case note saved.")).to_be_visible()

    actions = page.get_by_label("Actions for First visit")
    actions.click()
    follow(page, "Edit")
    page.get_by_label("Read Only").uncheck()
    press(page, "Save")
    actions.click()
    follow(page, "Delete")
    pop_up = page.get_by_role("dialog")
    pop_up.get_by_label("Action").select_option(label="Delete")
    press(pop_up, "Save")
    expect(pop_up).to_contain_text("Note deleted.")
    close = pop_up.get_by_role("button", name="Close")
    expect(close).to_have_text("\N{MULTIPLICATION SIGN}")
    close.click()
    expect(page.get_by_text("No case notes yet")).to_be_visible()
    assert not CaseNote.objects.exists()


def test_client_files(page, at_desk, alice, john):
    open_client(at_desk(alice), john)
    follow(menu(page), "Client Files")
    follow(page, "Add File")
    main = page.get_by_role("main")
    expect(main).to_contain_text("system-wide file cabinet")
    expect(main).to_contain_text("Document Check")
    page.get_by_label("Choose File").set_input_files(picture("State ID front.jpg"))
    expect(page.get_by_label("Document Name")).to_have_value("State ID front.jpg")
    page.get_by_label("Document Name").fill("State ID")
    press(page, "Save")
    expect(page.get_by_text("File saved.")).to_be_visible()
    follow(page, "Grid View")
    expect(page.get_by_role("table", name="Files")).to_contain_text("State ID")
    assert ClientFile.objects.get().client == john


def picture(name: str) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg((600, 720))}


def test_interested_others(page, at_desk, alice, john):
    open_client(at_desk(alice), john)
    follow(menu(page), "Interested Others")
    follow(page, "Add New Interested Other")
    page.get_by_label("Type/Description").fill("Parent")
    page.get_by_label("Relationship to Client").fill("Mother")
    page.get_by_label("First Name", exact=True).fill("Mary")
    press(page, "Save")
    expect(page.get_by_text("Interested other saved.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Mary")
    row.get_by_role("cell").first.get_by_role("link", name="Edit").click()
    page.get_by_label("Cell Phone").fill("617-555-0155")
    press(page, "Save")
    expect(row).to_contain_text("617-555-0155")
    assert InterestedOther.objects.get().client == john


def test_client_photo(page, at_desk, alice, john):
    open_client(at_desk(alice), john)
    follow(menu(page), "Client Photo")
    page.get_by_label("Choose File").set_input_files(picture("me.jpg"))
    press(page, "Save")
    expect(page.get_by_text("Photo saved.")).to_be_visible()
    press(page, "Take a photo with the camera")
    press(page, "Take photo")
    press(page, "Retake")
    press(page, "Take photo")
    press(page, "Use this image")
    expect(page.get_by_text("Press Save to keep this image, or Retake.")).to_be_visible()
    press(page, "Save")
    expect(page.get_by_text("Photo saved.")).to_be_visible()
    with page.expect_download():
        page.get_by_role("link", name="Photo of the client. Download it.").click()
    follow(page, "Remove Photo")
    press(page.get_by_role("dialog"), "Remove Photo")
    expect(page.get_by_text("No photo yet")).to_be_visible()
    assert not ClientPhoto.objects.exists()
