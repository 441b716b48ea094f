"""A client's request is taken and answered, and a copy of the record is made (docs/privacy.md)."""

import re
import zipfile

from playwright.sync_api import expect

from privacy.models import ClientRequest
from tests.casenotes.factories import CaseNoteFactory
from tests.factories import UserFactory
from tests.files.factories import file_of
from tests.plugins.look import PHONE
from tests.stories.conftest import heading


def test_officer_takes_a_request_and_makes_the_copy(page, at_desk, dana, john, look):
    kept = CaseNoteFactory(client=john, title="Looked at a room")
    withheld = CaseNoteFactory(client=john, title="What the aunt said")
    file_of(john)
    at_desk(dana).goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_text("Privacy").click()
    menu.get_by_role("link", name="Requests and Copies").click()
    expect(heading(page, "Requests and Copies")).to_be_visible()
    look("nothing-yet")

    page.get_by_role("link", name="Add New Request").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Request")
    look("refused")
    page.get_by_label("Request", exact=True).select_option("A copy of the record")
    page.get_by_label("Asked by").select_option("The client")
    page.get_by_label("How the person was identified").select_option("Photo ID")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Request saved.")).to_be_visible()
    look("request")

    page.get_by_role("link", name="Make the copy").click()
    page.get_by_label(re.compile("What the aunt said")).check()
    look("copy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download ZIP with files").click()
    assert re.fullmatch(r"record-\d+-\d{8}\.zip", download.value.suggested_filename)
    with zipfile.ZipFile(download.value.path()) as copy:
        assert copy.testzip() is None
        text = copy.read("record.json").decode()
        assert [name for name in copy.namelist() if name.startswith("files/")]
    assert kept.title in text
    assert withheld.title not in text

    page.goto(page.url.replace("copy/", f"{ClientRequest.objects.get().pk}/"))
    page.get_by_label("Grant it").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Answer saved.")).to_be_visible()
    page.get_by_label("It was carried out").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Request")).to_contain_text("Carried out")
    page.get_by_role("link", name="Letter").click()
    expect(page.get_by_role("article")).to_contain_text("We did what you asked")
    look("letter")
    page.goto(f"/clients/{john.pk}/privacy/")
    look("answered")
    page.goto("/admin/privacy/clientrequest/?state=all")
    look("officers-list")


def test_on_a_phone_and_without_script(elsewhere, harbor, john, look):
    phone = elsewhere(UserFactory(dqo_at=[harbor]), java_script_enabled=False)
    phone.set_viewport_size(PHONE)
    phone.goto(f"/clients/{john.pk}/privacy/hold/")
    phone.get_by_label("Reason").fill("Subpoena of 11/02/2026")
    phone.get_by_role("button", name="Set the hold").click()
    expect(phone.get_by_text("Subpoena of 11/02/2026")).to_be_visible()
    phone.goto(f"/clients/{john.pk}/privacy/add/")
    phone.get_by_label("Request", exact=True).select_option("Correction")
    phone.get_by_label("Asked by").select_option("The client")
    phone.get_by_label("How the person was identified").select_option("Photo ID")
    phone.get_by_label("What is asked").fill("The birthday is wrong")
    phone.get_by_role("button", name="Save").click()
    phone.get_by_label("Refuse it").check()
    phone.get_by_label("Reason").fill("It is the one on the birth certificate.")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("It is the one on the birth certificate.")).to_be_visible()
    phone.goto(f"/clients/{john.pk}/privacy/copy/")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Download PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
