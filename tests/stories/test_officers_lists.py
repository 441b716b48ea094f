"""Officers restore what was deleted, read who was where; workers take lists along (11.3, 11.4)."""

import csv

from playwright.sync_api import expect

from casenotes.models import CaseNote
from clients.models import ClientAccess
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.stories.conftest import heading


def test_a_deleted_note_is_found_read_and_restored(page, at_desk, alice, dana, john, look):
    note = CaseNoteFactory(client=john, created_by=alice, title="Visit", text="Asked for a bed.")
    service = ServiceFactory(enrollment=EnrollmentFactory(client=john))
    for row in (note, service):
        row.mark_deleted(by=alice)
    at_desk(dana).goto("/admin/")
    card = page.get_by_role("main").get_by_role("link", name="Deleted records")
    expect(card).to_contain_text("2 deleted in the last seven days")
    look("start")
    card.click()
    expect(heading(page, "Deleted records")).to_be_visible()
    rows = page.get_by_role("table", name="Deleted records").get_by_role("row")
    expect(rows).to_have_count(3)
    look("deleted")
    page.get_by_label("Kind").select_option("Case notes")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text(str(alice))
    page.get_by_role("link", name="Visit").click()
    expect(heading(page, "Deleted case note")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Asked for a bed.")
    look("deleted-note")
    page.get_by_role("main").get_by_role("button", name="Restore").click()
    expect(page.get_by_text(f"Case note {note.pk} restored.")).to_be_visible()
    assert CaseNote.objects.filter(pk=note.pk).exists()

    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_text("On Record").click()
    menu.get_by_role("link", name="Access Log").click()
    expect(heading(page, "Access log")).to_be_visible()
    of_john = page.get_by_role("row").filter(
        has=page.get_by_role("cell", name=str(john.pk), exact=True)
    )
    visit = of_john.filter(has_text=str(dana)).first
    visit.locator("summary").click()
    expect(visit).to_contain_text("Viewed: Deleted case notes: one record")
    look("access-log")
    page.goto(f"/admin/clients/clientaccess/of-client/?client={john.pk}")
    restored = page.get_by_role("listitem").filter(has_text=f"Case note {note.pk} (Visit) restored")
    expect(restored).to_contain_text(str(dana))
    look("history")


def test_services_are_printed_and_taken_along(page, at_desk, alice, john, look):
    service = ServiceFactory(enrollment=EnrollmentFactory(client=john))
    at_desk(alice).goto(f"/clients/{john.pk}/services/")
    look("services")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.startswith("services-")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["Service"] == str(service.service_type)
    assert ClientAccess.objects.filter(kind="export", listed=[john.pk]).exists()

    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Favorites Menu")).to_be_hidden()
    expect(page.get_by_role("link", name="CSV")).to_be_hidden()
    expect(page.locator(".print-head")).to_contain_text("Harbor Services")
    expect(page.locator(".print-head")).to_contain_text("printed")
    table = page.get_by_role("table", name="Services")
    date, day = table.get_by_text("Date", exact=True), table.get_by_text("02/20/2026").first
    assert date.bounding_box()["x"] == day.bounding_box()["x"], "each head above its column"
    assert table.bounding_box()["width"] > 900, "as wide as the paper"
    page.emulate_media(media="screen")
