"""The Client Files cheat sheet, label by label (7.1-7.4, 7.6)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clients.models import Client
from files.models import ClientFile
from tests.files.factories import file_of
from tests.files.samples import SCRIPT, jpeg, pdf
from tests.stories.conftest import heading
from tests.stories.held import hold


def chosen(name, content, kind="application/octet-stream"):
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.fixture
def cabinet(page, at_desk, alice, john):
    at_desk(alice).goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("link", name="Client Files").click()
    expect(heading(page, "Client Files")).to_be_visible()
    return page


def test_a_file_is_added_seen_and_downloaded(cabinet, look, alice):
    page = cabinet
    expect(page.get_by_role("main")).to_contain_text(
        "everyone who has access to this client's enrollments"
    )
    look("no-files-yet")
    page.get_by_role("link", name="Add File").click()
    expect(heading(page, "Add File")).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text("This is a system-wide file cabinet.")
    expect(main).to_contain_text("Never upload CAS papers, verification of disability")
    expect(main.get_by_role("link", name="Document Check")).to_have_count(0)
    look("add-file")
    page.get_by_label("Choose File").set_input_files(chosen("State ID front.jpg", jpeg()))
    expect(page.get_by_label("Document Name")).to_have_value("State ID front.jpg")
    page.get_by_label("Document Name").fill("State ID")
    page.get_by_label("Category", exact=True).select_option("Identification")
    soon = timezone.localdate() + timedelta(days=9)
    page.get_by_label("Expires on").fill(f"{soon:%m/%d/%Y}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("File saved.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/clients/\d+/files/$"))
    card = page.get_by_role("listitem").filter(has_text="State ID")
    expect(card).to_contain_text("Harbor Services")
    expect(card).to_contain_text(f"{timezone.localdate():%m/%d/%Y}")
    expect(card).to_contain_text(f"Expires {soon:%m/%d/%Y}")
    assert card.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)")
    look("cards")
    card.get_by_role("link", name="State ID").click()
    picture = page.get_by_role("img", name="Page 1 of the document")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 300
    look("viewer")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "State ID.jpg"


def test_the_pages_of_a_pdf_are_turned(page, at_desk, alice, john, look):
    at_desk(alice)
    page.goto(f"/clients/{john.pk}/files/add/")
    page.get_by_label("Choose File").set_input_files(chosen("Lease.pdf", pdf(3)))
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Lease.pdf").click()
    expect(page.get_by_text("Page 1 of 3")).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    picture = page.get_by_role("img", name="Page 2 of the document")
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 1000
    look("pdf")
    page.get_by_role("link", name="Read as text").click()
    expect(page.get_by_text("Page of a test 2")).to_be_visible()
    look("pdf-as-text")


def test_grid_view_filters_and_sorts(page, at_desk, alice, john, look):
    for name, category in (("Lease", "housing"), ("Award letter", "income"), ("State ID", "id")):
        day = timezone.localdate() - timedelta(days=3) if category == "id" else None
        file_of(john, document_name=name, category=category, expires_on=day)
    at_desk(alice).goto(f"/clients/{john.pk}/files/")
    page.get_by_role("link", name="Grid View").click()
    table = page.get_by_role("table", name="Files")
    names = table.get_by_role("rowheader")
    expect(names).to_have_text(["State ID", "Award letter", "Lease"])
    expect(table.get_by_role("row").filter(has_text="State ID")).to_contain_text("Expired")
    look("grid")
    page.get_by_role("link", name="Document Name").click()
    expect(names).to_have_text(["Award letter", "Lease", "State ID"])
    page.get_by_label("Category", exact=True).select_option("Lease and housing")
    expect(names).to_have_text(["Lease"])
    page.get_by_role("link", name="Clear filters").click()
    page.get_by_label("Document Name").fill("state")
    page.get_by_role("button", name="Search by name").click()
    expect(names).to_have_text(["State ID"])
    assert "state" not in page.url
    page.get_by_role("button", name="Clear name").click()
    expect(names).to_have_count(3)


def test_row_actions_rename_and_delete_with_undo(page, at_desk, alice, john, look):
    file_of(john, document_name="Lease")
    at_desk(alice).goto(f"/clients/{john.pk}/files/?view=grid")
    row = page.get_by_role("row").filter(has_text="Lease")
    button = row.get_by_label("Actions for Lease")
    assert button.bounding_box()["x"] < row.get_by_role("link", name="Lease").bounding_box()["x"]
    button.click()
    look("row-actions")
    row.get_by_role("link", name="Edit").click()
    page.get_by_label("Document Name").fill("Lease 2026")
    look("edit")
    page.get_by_role("button", name="Save").click()
    expect(heading(page, "Lease 2026")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Delete").click()
    pop_up = page.get_by_role("dialog", name="Delete this file?")
    expect(pop_up).to_be_visible()
    look("delete")
    pop_up.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("File deleted.")).to_be_visible()
    look("deleted")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("File restored.")).to_be_visible()
    assert ClientFile.objects.get().document_name == "Lease 2026"


def test_a_wrong_file_gets_a_sentence_and_keeps_what_was_typed(page, at_desk, alice, john, look):
    at_desk(alice).goto(f"/clients/{john.pk}/files/add/")
    page.get_by_label("Choose File").set_input_files(chosen("id.jpg", b"<svg>" + SCRIPT))
    page.get_by_label("Document Name").fill("State ID")
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert").filter(has_text="web page or a drawing")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Document Name")).to_have_value("State ID")
    look("refused")
    page.get_by_label("Choose File").set_input_files(chosen("id.jpg", jpeg()))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("File saved.")).to_be_visible()
    assert ClientFile.objects.get().document_name == "State ID"


def test_a_large_file_is_refused_before_it_is_sent(page, at_desk, alice, john, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    at_desk(alice).goto(f"/clients/{john.pk}/files/add/")
    posted = []
    page.on("request", lambda request: posted.append(request) if request.method == "POST" else 0)
    page.get_by_label("Choose File").set_input_files(chosen("a.txt", b"x" * 200_000))
    status = page.get_by_role("status").filter(has_text="The most that is kept is 97.7")
    expect(status).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Choose File")).to_be_focused()
    expect(status).to_be_visible()
    assert not [one for one in posted if "/files/add/" in one.url]


def test_progress_shows_while_a_large_file_uploads(page, at_desk, alice, john, look):
    at_desk(alice).goto(f"/clients/{john.pk}/files/add/")
    session = page.context.new_cdp_session(page)
    line = {"offline": False, "latency": 20, "downloadThroughput": -1}
    session.send("Network.emulateNetworkConditions", line | {"uploadThroughput": 20_000})
    page.get_by_label("Choose File").set_input_files(chosen("a.txt", b"0123456789abcdef" * 150_000))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("progressbar", name="Uploading")).to_be_visible()
    look("progress")
    session.send("Network.emulateNetworkConditions", line | {"uploadThroughput": -1})
    expect(page.get_by_text("File saved.")).to_be_visible()
    assert ClientFile.objects.get().stored.size == 2_400_000


def test_upload_that_is_refused_is_checked_no_longer(page, at_desk, alice, john, bridge, watch):
    watch.expects(404)
    at_desk(alice).goto(f"/clients/{john.pk}/files/add/")
    page.get_by_label("Choose File").set_input_files(chosen("a.txt", b"0123456789abcdef"))
    Client.objects.filter(pk=john.pk).update(organization=bridge, visibility="own")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("That record no longer exists.")).to_be_visible()
    expect(page.locator("[data-upload-status]")).to_have_text("")
    watch.complaints.clear()  # htmx says in the console what was refused


def test_without_javascript(elsewhere, alice, john, picture):
    page = elsewhere(alice, java_script_enabled=False)
    page.goto(f"/clients/{john.pk}/files/")
    page.get_by_role("link", name="Add File").click()
    page.get_by_label("Choose File").set_input_files(chosen("State ID front.jpg", jpeg()))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("File saved.")).to_be_visible()
    expect(page.get_by_role("link", name="State ID front.jpg")).to_be_visible()
    page.get_by_role("link", name="Grid View").click()
    page.get_by_label("Category", exact=True).select_option("Identification")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("No records found.")).to_be_visible()
    picture("nothing", of=page)
    page.get_by_role("link", name="Clear filters").click()
    page.get_by_role("link", name="State ID front.jpg").click()
    expect(page.get_by_role("img", name="Page 1 of the document")).to_be_visible()


def test_another_agency_opens_the_file_and_does_not_change_it(page, at_desk, charlie, john):
    file_of(john, document_name="Lease")
    at_desk(charlie).goto(john.get_absolute_url())
    page.get_by_role("region", name="Client Files").get_by_role("link", name="Lease").click()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)


DROP = """(zone, [names, text]) => {
    const files = new DataTransfer();
    for (const name of names) files.items.add(new File([text], name, { type: "text/plain" }));
    for (const type of ["dragenter", "drop"]) {
        const options = { bubbles: true, cancelable: true, dataTransfer: files };
        zone.dispatchEvent(new DragEvent(type, options));
    }
}"""


def test_several_files_are_dropped_chosen_and_taken_at_once(page, at_desk, alice, john, look):
    at_desk(alice).goto(f"/clients/{john.pk}/files/add/")
    zone = page.locator("[data-drop-zone]")
    zone.evaluate(DROP, [["Letter.txt"], "To whom it may concern"])
    expect(page.get_by_label("Document Name")).to_have_value("Letter.txt")
    files = [chosen("State ID.jpg", jpeg()), chosen("Drawing.jpg", b"<svg>" + SCRIPT)]
    page.get_by_label("Choose File").set_input_files(files)
    page.locator("[data-capture]").set_input_files(chosen("Page 1.jpg", jpeg((500, 400))))
    rows = page.locator("[data-upload-rows] > li")
    expect(rows).to_have_count(4)
    expect(page.get_by_role("group", name="4 files")).to_be_visible()
    page.get_by_label("Category for all").select_option("Letter or reference")
    rows.nth(1).get_by_label("Category").select_option("Identification")
    page.get_by_label("Category for all").select_option("Income and benefits")
    rows.nth(3).get_by_label("Document Name").fill("Pay stub")
    look("several")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("3 of 4 files saved.")).to_be_visible()
    expect(rows.nth(2)).to_contain_text("web page or a drawing")
    expect(rows.nth(2).get_by_role("button", name="Take out")).to_be_focused()
    look("several-refused")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/clients/\d+/files/$"))
    expect(page.get_by_text("3 files saved.")).to_be_visible()
    expect(page.get_by_role("list", name="Files").get_by_role("listitem")).to_have_count(3)
    saved = ClientFile.objects.order_by("pk").values_list("document_name", "category")
    assert list(saved) == [("Letter.txt", "income"), ("State ID.jpg", "id"), ("Pay stub", "income")]

    page.get_by_role("link", name="Add File").click()
    zone.evaluate(DROP, [["One.txt", "Two.txt"], "text"])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 files saved.")).to_be_visible()
    expect(page.get_by_text("File saved.")).to_have_count(0)


def test_file_that_is_taken_out_while_another_one_is_sent_is_not_sent(page, at_desk, alice, john):
    at_desk(alice).goto(f"/clients/{john.pk}/files/add/")
    _, let_go = hold(page, "**/files/add/")
    page.locator("[data-drop-zone]").evaluate(DROP, [["One.txt", "Two.txt"], "text"])
    page.get_by_role("button", name="Save").click()
    take_out = page.get_by_role("button", name="Take out")
    expect(take_out).to_have_count(1)  # of the one that waits for its turn
    take_out.click()
    let_go()
    expect(page).to_have_url(re.compile(r"/clients/\d+/files/$"))
    expect(page.get_by_text("File saved.")).to_be_visible()
    assert [one.document_name for one in ClientFile.objects.all()] == ["One.txt"]


def test_file_that_is_added_while_others_are_sent_is_sent_after_them(page, at_desk, alice, john):
    at_desk(alice).goto(f"/clients/{john.pk}/files/add/")
    _, let_go = hold(page, "**/files/add/")
    zone = page.locator("[data-drop-zone]")
    zone.evaluate(DROP, [["One.txt", "Two.txt"], "text"])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Uploading 1 of 2")).to_be_visible()
    zone.evaluate(DROP, [["Three.txt"], "text"])
    expect(page.get_by_role("button", name="Take out")).to_have_count(2)
    expect(page.get_by_text("Uploading 1 of 3")).to_be_visible()
    let_go()
    expect(page.get_by_text("3 files saved.")).to_be_visible()
    assert ClientFile.objects.filter(document_name="Three.txt").exists()
