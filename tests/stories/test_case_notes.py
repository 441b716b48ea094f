"""The cheat sheet "Case Notes", and everything that may happen to a half-written note (6)."""

import re
import time
from datetime import date

import pytest
from playwright.sync_api import expect

from agencies.models import UserSession
from agencies.sessions.store import unseal
from casenotes.models import CaseNote, NoteDraft, Service
from clients.models import Client
from tests.casenotes.factories import CaseNoteFactory, ServiceTypeFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ProjectFactory
from tests.pages import filled, opened
from tests.server_process import ServerProcess
from tests.stories.conftest import heading
from tests.stories.held import hold
from tests.stories.watch import Watch
from tests.waits import wait_until

LONG = "Met John at the shelter.\n  He asked for help with his papers. " * 8
KEPT = re.compile("Draft kept at")


@pytest.fixture
def page(page, at_desk, alice, settings):
    settings.NOTE_AUTOSAVE_SECONDS = 0.3
    return at_desk(alice)


@pytest.fixture
def shelter_enrollment(john, alice, harbor):
    project = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    return EnrollmentFactory(client=john, project=project, created_by=alice)


@pytest.fixture
def outreach_enrollment(john, alice, harbor):
    project = ProjectFactory(organization=harbor, project_name="Harbor Street Outreach")
    return EnrollmentFactory(client=john, project=project, created_by=alice)


@pytest.fixture
def catalogue(harbor):
    return [
        ServiceTypeFactory(organization=harbor, name="Bus pass"),
        ServiceTypeFactory(organization=harbor, name="Counseling", unit="minutes"),
    ]


@pytest.fixture
def unreliable():
    """Requests of this story may fail."""


@pytest.fixture
def watch(request):
    watch = Watch()
    yield watch
    if "unreliable" in request.fixturenames:
        lost = re.compile(r"net::ERR_|status of 401")
        watch.complaints[:] = [one for one in watch.complaints if not lost.search(one)]
    assert not watch.complaints


def notes_of(client):
    return f"/clients/{client.pk}/case-notes/"


def row(page, title):
    return page.get_by_role("row", name=title)


def act(page, title, name):
    page.get_by_label(f"Actions for {title}").click()
    page.get_by_role("link", name=name, exact=True).click()


def begin(page, john, text=LONG, title="Talk about papers"):
    page.goto(f"{notes_of(john)}add/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Note", exact=True).fill(text)


def continue_writing(page, john):
    page.goto(notes_of(john))
    expect(page.get_by_role("heading", name="Unsaved note")).to_be_visible()
    expect(page.get_by_role("region", name="Drafts")).to_contain_text("Talk about papers")
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_label("Note", exact=True)).to_have_value(LONG)
    expect(page.get_by_label("Title")).to_have_value("Talk about papers")


def is_copied(page):
    """Whether the browser has a copy of what was typed."""
    return "hmis-note-" in page.evaluate("JSON.stringify(localStorage)")


def expect_trouble(page, why):
    said = page.locator("[data-note-said]")
    expect(said).to_have_text(f"Not saved yet: {why}. Your text is kept here.")


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Case note saved.")).to_be_visible()


def test_cheat_sheet_case_notes(
    page, john, shelter_enrollment, outreach_enrollment, catalogue, look
):
    page.goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("link", name="Case Notes").click()
    expect(heading(page, "Case Notes")).to_be_visible()
    look("empty")
    page.get_by_role("link", name="Add New Case Note").click()

    page.get_by_label("Title").fill("First visit")
    expect(page.get_by_label("Date", exact=True)).not_to_have_value("")
    page.get_by_label("Note", exact=True).fill("  He came by himself.\n\n<b>Bus</b> to the clinic.")
    page.get_by_label("Default Enrollment").select_option(str(shelter_enrollment.pk))
    page.get_by_role("button", name="Add service").click()
    first = page.get_by_role("group", name="Service 1")
    first.get_by_label("Service").select_option(label="Bus pass (count)")
    first.get_by_label("Units").fill("2")
    expect(first.get_by_label("Enrollment")).to_have_value(str(shelter_enrollment.pk))
    page.get_by_label("Default Enrollment").select_option(str(outreach_enrollment.pk))
    page.get_by_role("button", name="Add service").click()
    second = page.get_by_role("group", name="Service 2")
    expect(first.get_by_label("Enrollment")).to_have_value(str(shelter_enrollment.pk))
    expect(second.get_by_label("Enrollment")).to_have_value(str(outreach_enrollment.pk))
    second.get_by_label("Service").select_option(label="Counseling (minutes)")
    second.get_by_label("Units").fill("45")
    box, services = page.get_by_label("Read Only"), page.get_by_role("heading", name="Services")
    assert box.bounding_box()["y"] < services.bounding_box()["y"], "directly under the note"
    box.check()
    look("add")
    save(page)

    expect(row(page, "First visit")).to_contain_text("Alice")
    expect(row(page, "First visit")).to_contain_text("Harbor Services")
    expect(row(page, "First visit")).to_contain_text("Read Only")
    look("list")
    assert CaseNote.objects.get().text == "  He came by himself.\n\n<b>Bus</b> to the clinic."
    assert [one.enrollment for one in Service.objects.order_by("pk")] == [
        shelter_enrollment,
        outreach_enrollment,
    ]

    act(page, "First visit", "Open")
    expect(page.get_by_text("<b>Bus</b> to the clinic.")).to_be_visible()
    look("note")
    page.get_by_role("link", name="Print", exact=True).click()
    look("print")
    page.emulate_media(media="print")
    expect(page.get_by_text("He came by himself.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Favorites Menu")).to_be_hidden()
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert re.fullmatch(r"case-note-\d+\.pdf", download.value.suggested_filename)


def test_cheat_sheet_deleting_a_note(page, john, alice, dana, look, elsewhere):
    CaseNoteFactory(client=john, created_by=alice, title="Wrong client", read_only=True)
    page.goto(notes_of(john))
    act(page, "Wrong client", "Edit")
    page.get_by_label("Read Only").uncheck()
    look("untick")
    page.get_by_role("button", name="Save").click()
    expect(row(page, "Wrong client")).not_to_contain_text("Read Only")

    page.get_by_label("Actions for Wrong client").click()
    expect(page.get_by_role("link", name="Share", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Lock", exact=True)).to_be_visible()
    look("menu")
    page.get_by_role("link", name="Delete", exact=True).click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Action")).to_have_value("delete")
    popup.get_by_label("Action").select_option(label="Delete")
    look("pop-up")
    popup.get_by_role("button", name="Save").click()
    expect(popup).to_contain_text("Note deleted.")
    look("done")
    popup.get_by_role("button", name="Close").click()
    expect(page.get_by_text("No case notes yet")).to_be_visible()

    officer = elsewhere(dana)
    officer.goto(notes_of(john))
    officer.get_by_role("link", name="Deleted notes").click()
    look("deleted", officer)
    officer.get_by_role("button", name="Restore Wrong client").click()
    expect(officer.get_by_text("Case note restored.")).to_be_visible()
    page.reload()
    expect(row(page, "Wrong client")).to_be_visible()


def test_search_and_filter(page, john, alice, bob, look):
    CaseNoteFactory(client=john, created_by=alice, title="Clinic", text="The cafetière was cold")
    CaseNoteFactory(client=john, created_by=bob, title="Landlord", date=date(2026, 1, 9))
    page.goto(notes_of(john))
    page.get_by_label("Words").fill("cafetiere")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(row(page, "Clinic")).to_be_visible()
    expect(row(page, "Landlord")).to_have_count(0)
    assert "cafetiere" not in page.url
    look("found")
    page.get_by_label("Words").fill("nothing like it")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("No notes found")).to_be_visible()
    page.get_by_label("Words").fill("")
    page.get_by_label("Author").fill("bob")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(row(page, "Landlord")).to_be_visible()
    expect(row(page, "Clinic")).to_have_count(0)


def test_a_chosen_set_is_printed(page, john, alice):
    for title in ("One", "Two", "Three"):
        CaseNoteFactory(client=john, created_by=alice, title=title, read_only=title != "Three")
    page.goto(notes_of(john))
    expect(page.get_by_label("Print Three")).to_have_count(0)
    page.get_by_label("Print One").check()
    page.get_by_label("Print Two").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Chosen notes as PDF").click()
    assert download.value.suggested_filename == f"case-notes-{john.pk}.pdf"
    page.get_by_role("button", name="Print chosen notes").click()
    expect(page.get_by_role("heading", name="One")).to_be_visible()
    expect(page.get_by_role("heading", name="Two")).to_be_visible()


def test_another_agency_reads_a_shared_note_and_no_more(page, john, alice, charlie, elsewhere):
    CaseNoteFactory(client=john, created_by=alice, title="For all", visibility="all")
    CaseNoteFactory(client=john, created_by=alice, title="For us")
    theirs = elsewhere(charlie)
    theirs.goto(notes_of(john))
    expect(row(theirs, "For us")).to_have_count(0)
    theirs.get_by_label("Actions for For all").click()
    expect(theirs.get_by_role("link", name="Edit", exact=True)).to_have_count(0)


def test_text_stays_where_the_client_is_no_longer_shared(page, john, bridge, watch):
    watch.expects(404)
    begin(page, john, "Met John")
    expect(page.locator("[data-note-said]")).to_have_text(KEPT)
    Client.objects.filter(pk=john.pk).update(organization=bridge, visibility="own")
    page.get_by_label("Note", exact=True).fill(LONG)
    expect_trouble(page, "the record was deleted, or you lost access to it")
    page.get_by_role("button", name="Save", exact=True).click()
    given_back = page.get_by_role("region", name="What you typed")
    expect(given_back.get_by_label("Text")).to_have_value(LONG)


def write_after_the_session_ended(page, john, watch):
    """What is typed then is in this browser alone."""
    watch.expects(401)
    begin(page, john, "Met John")
    expect(page.locator("[data-note-said]")).to_have_text(KEPT)
    UserSession.objects.all().delete()
    page.get_by_label("Note", exact=True).fill(LONG)
    expect_trouble(page, "you were logged out")


def test_text_is_there_after_the_session_ended(page, john, alice, at_desk, watch, look, unreliable):
    write_after_the_session_ended(page, john, watch)
    look("logged-out")
    page.close()
    again = page.context.new_page()
    at_desk(alice)
    continue_writing(again, john)
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again.get_by_text("Case note saved.")).to_be_visible()
    expect(again.get_by_text("Unsaved note")).to_have_count(0)
    assert CaseNote.objects.get().text == LONG


def test_text_of_this_browser_is_there_though_its_draft_is_continued_at_once(
    page, john, alice, at_desk, watch, unreliable
):
    """On a slow connection, the list has not handed the browser's newer text in by then."""
    write_after_the_session_ended(page, john, watch)
    page.close()
    again = page.context.new_page()
    at_desk(alice)
    again.route("**/draft/", lambda route: route.abort())
    with again.expect_event("requestfailed"):
        again.goto(notes_of(john))
    again.unroute("**/draft/")
    again.get_by_role("link", name="Continue").click()
    expect(again.get_by_label("Note", exact=True)).to_have_value(LONG)
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again.get_by_text("Case note saved.")).to_be_visible()
    assert CaseNote.objects.get().text == LONG


def test_text_is_there_where_the_list_hands_it_in_while_it_is_left(
    page, john, alice, at_desk, watch, unreliable
):
    """The next page was rendered before the text arrived, and shown after."""
    write_after_the_session_ended(page, john, watch)
    page.close()
    again = page.context.new_page()
    at_desk(alice)
    # The draft that the list sends; those of the next page pass.
    held, _ = hold(again, "**/draft/", times=1)

    def late(route):
        rendered = route.fetch()
        held[0].continue_()
        wait_until(lambda: "papers" in NoteDraft.objects.get().typed["text"])
        time.sleep(0.3)  # until the list has read the answer
        route.fulfill(response=rendered)

    again.route("**/add/?draft=*", late)
    with again.expect_request("**/draft/"):
        again.goto(notes_of(john))
    again.get_by_role("link", name="Continue").click()
    expect(again.get_by_label("Note", exact=True)).to_have_value(LONG)


def test_text_is_there_after_the_server_was_killed(page, john, server, unreliable):
    site = server.address
    page.goto(f"{site}{notes_of(john)}add/")
    page.get_by_label("Title").fill("Talk about papers")
    page.get_by_label("Note", exact=True).fill("Met John")
    expect(page.locator("[data-note-said]")).to_have_text(KEPT)
    server.kill()
    page.get_by_label("Note", exact=True).fill(LONG)
    expect_trouble(page, "no connection")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Note", exact=True)).to_have_value(LONG)
    tab = page.context.new_page()
    page.close()
    server.start()
    tab.goto(f"{site}{notes_of(john)}")
    expect(tab.get_by_role("heading", name="Unsaved note")).to_be_visible()
    tab.get_by_role("link", name="Continue").click()
    expect(tab.get_by_label("Note", exact=True)).to_have_value(LONG)


@pytest.fixture
def server(transactional_db):
    """A server that can be killed, and started again on the same port."""
    server = ServerProcess(NOTE_AUTOSAVE_SECONDS="0.3")
    server.start()
    yield server
    server.kill()


def test_text_is_sent_when_the_connection_comes_back(page, john, look, unreliable):
    begin(page, john, "Met John")
    expect(page.locator("[data-note-said]")).to_have_text(KEPT)
    page.context.set_offline(True)
    page.get_by_label("Note", exact=True).fill(LONG)
    expect_trouble(page, "no connection")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Note", exact=True)).to_have_value(LONG)
    look("no-connection")
    page.context.set_offline(False)
    expect(page.locator("[data-note-said]")).to_have_text(KEPT)
    save(page)
    assert CaseNote.objects.get().text == LONG


def test_text_is_there_after_the_tab_was_closed_without_a_connection(page, john, alice, unreliable):
    begin(page, john, "Met John")
    expect(page.locator("[data-note-said]")).to_have_text(KEPT)
    page.context.set_offline(True)
    page.get_by_label("Note", exact=True).fill(LONG)
    expect_trouble(page, "no connection")
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert "papers" not in stored
    assert "hmis-note-" in stored
    tab = page.context.new_page()
    page.close()
    tab.context.set_offline(False)
    continue_writing(tab, john)
    # Gone once the server has said that it has the text
    wait_until(lambda: not is_copied(tab))


def test_what_is_left_in_a_browser_opens_for_nobody_else(
    page, john, bob, at_desk, alice, unreliable
):
    begin(page, john)
    page.context.set_offline(True)
    page.get_by_label("Note", exact=True).fill(LONG + "more")
    expect_trouble(page, "no connection")
    tab = page.context.new_page()
    page.close()
    tab.context.set_offline(False)
    at_desk(bob)
    tab.goto(notes_of(john))
    expect(heading(tab, "Case Notes")).to_be_visible()
    tab.wait_for_load_state("networkidle")
    # Alice's own may have left with the last breath of her page.
    assert not NoteDraft.objects.exclude(user=alice).exists()
    NoteDraft.objects.all().delete()
    assert is_copied(tab)
    at_desk(alice)
    tab.goto(notes_of(john))
    expect(tab.get_by_role("heading", name="Unsaved note")).to_be_visible()


def test_text_is_there_after_the_tab_was_closed(page, john, settings):
    settings.NOTE_AUTOSAVE_SECONDS = 60
    begin(page, john)
    tab = page.context.new_page()
    page.close()
    wait_until(NoteDraft.objects.exists)  # by the request that outlives its page
    continue_writing(tab, john)
    tab.goto("/")
    left = tab.get_by_role("region", name="Continue where you left off")
    expect(left).to_contain_text("Smith, John")
    tab.goto(notes_of(john))
    tab.get_by_role("button", name="Discard").click()
    expect(tab.get_by_text("Draft discarded.")).to_be_visible()
    expect(tab.get_by_role("heading", name="Unsaved note")).to_have_count(0)
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_text("Draft restored.")).to_be_visible()
    expect(tab.get_by_role("heading", name="Unsaved note")).to_be_visible()


def test_draft_that_is_known_already_is_not_taken_from_under_the_pointer(page, john, settings):
    settings.NOTE_AUTOSAVE_SECONDS = 60
    begin(page, john)
    wait_until(lambda: is_copied(page))  # which the request that outlives its page does not need
    tab = page.context.new_page()
    page.close()
    wait_until(NoteDraft.objects.exists)
    held, _ = hold(tab, "**/draft/")
    with tab.expect_request("**/draft/"):
        tab.goto(notes_of(john))
    card = tab.get_by_role("link", name="Continue").element_handle()
    with tab.expect_response(f"**{notes_of(john)}"):  # the list as it is by now
        held[0].continue_()
    tab.wait_for_load_state("networkidle")
    assert card.evaluate("element => element.isConnected")


def test_text_is_there_after_another_person_saved(page, john, alice, bob, client, look):
    note = CaseNoteFactory(client=john, created_by=alice, title="Plan", text="First plan")
    page.goto(f"{notes_of(john)}{note.pk}/edit/")
    page.get_by_label("Note", exact=True).fill("Alice's plan")
    client.force_login(bob)
    url = f"{notes_of(john)}{note.pk}/edit/"
    data = filled(opened(client.get(url)), text="Bob's plan")
    rows = {"services-TOTAL_FORMS": "0", "services-INITIAL_FORMS": "0"}
    assert client.post(url, data | rows).status_code == 302
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("changed this note while you were editing")).to_be_visible()
    expect(page.get_by_text("Bob's plan", exact=True)).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Alice's plan")
    look("meanwhile")
    page.get_by_label("Keep what is in the box below").check()
    save(page)
    note.refresh_from_db()
    assert note.text == "Alice's plan"


def test_autosave_does_not_prolong_the_session(page, john):
    begin(page, john)
    expect(page.locator("[data-note-said]")).to_have_text(KEPT)
    seen = [unseal(one.data, one.pk).get("seen") for one in UserSession.objects.all()]
    page.get_by_label("Note", exact=True).fill(LONG + "and more")
    with page.expect_response(re.compile("/draft/$")):
        page.get_by_label("Title").fill("Talk about more papers")
    assert [unseal(one.data, one.pk).get("seen") for one in UserSession.objects.all()] == seen


def test_without_script_everything_but_autosave_works(
    john, alice, elsewhere, shelter_enrollment, outreach_enrollment, catalogue
):
    plain = elsewhere(alice, java_script_enabled=False)
    plain.goto(f"{notes_of(john)}add/")
    assert "Save often." in plain.content()  # Playwright shows no <noscript>
    plain.get_by_label("Title").fill("No script")
    plain.get_by_label("Note", exact=True).fill("Typed")
    plain.get_by_label("Default Enrollment").select_option(str(outreach_enrollment.pk))
    second = plain.get_by_role("group", name="Service 2")
    second.get_by_label("Service").select_option(label="Bus pass (count)")
    third = plain.get_by_role("group", name="Service 3")
    third.get_by_label("Service").select_option(label="Bus pass (count)")
    third.get_by_label("Enrollment").select_option(str(shelter_enrollment.pk))
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.get_by_text("Case note saved.")).to_be_visible()
    services = Service.objects.order_by("pk")
    assert [one.enrollment for one in services] == [outreach_enrollment, shelter_enrollment]
    plain.get_by_label("Actions for No script").click()
    plain.get_by_role("link", name="Delete", exact=True).click()
    plain.get_by_label("Action", exact=True).select_option(label="Delete")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_text("Note deleted.")).to_be_visible()
    assert not Service.objects.exists()
