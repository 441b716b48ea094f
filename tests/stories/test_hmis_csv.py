"""An officer takes data out as HMIS CSV, and brings a set of files in (issue 15)."""

import re
import zipfile

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from clients.models import Client
from exchange.models import Transfer
from tests.enrollments.factories import EnrollmentFactory
from tests.exchange.factories import FileCountFactory, TransferFactory
from tests.exchange.sets import small_set
from tests.factories import ProjectFactory
from tests.plugins.look import PHONE
from tests.stories.conftest import PASSWORD, heading

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.SITE_URL = "http://testserver/"


@pytest.fixture
def archive(tmp_path):
    """A set of files whose second client has a code that HUD does not know."""
    files = small_set()
    files.rows["Client"][1]["VeteranStatus"] = "77"
    return files.write_zip(tmp_path / "clienttrack.zip")


def work():
    """What cron does every minute."""
    call_command("run_transfers")


def open_list(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Favorites Menu").get_by_role("link", name="HMIS CSV").click()
    expect(heading(page, "HMIS CSV")).to_be_visible()


def test_officer_exports_and_downloads(at_desk, dana, harbor, john, alice, look, tmp_path):
    project = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    EnrollmentFactory(client=john, project=project, created_by=alice)
    page = at_desk(dana)
    open_list(page)
    look("hmis-csv-empty")
    page.get_by_role("link", name="New export").click()
    expect(heading(page, "New export")).to_be_visible()
    look("hmis-csv-new-export")
    expect(page.get_by_role("button", name="Show passphrase")).to_have_count(2)
    page.get_by_label("From", exact=True).fill("10/01/2027")
    page.get_by_label("To", exact=True).fill("10/01/2026")
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Enter a day on or after the first one.").first).to_be_visible()
    look("hmis-csv-new-export-refused")
    page.get_by_label("From", exact=True).fill("")
    page.get_by_label("To", exact=True).fill("")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="It waits for its turn")).to_be_visible()
    look("hmis-csv-queued")
    work()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    look("hmis-csv-done")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download").click()
    downloading.value.save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as exported:
        assert "John" in exported.read("Client.csv").decode()
    open_list(page)
    look("hmis-csv")
    page.get_by_role("link", name=str(Transfer.objects.get()), exact=True).click()
    page.get_by_role("button", name="Delete the file now").click()
    expect(page.get_by_text("Deleted", exact=True).first).to_be_visible()


def test_officer_imports_what_was_checked_and_confirmed(at_desk, dana, archive, look):
    page = at_desk(dana)
    open_list(page)
    page.get_by_role("link", name="New import").click()
    look("hmis-csv-new-import")
    page.get_by_label("System that the files come from").fill("ClientTrack")
    page.get_by_label("Zip with the CSV files").set_input_files(archive)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("status").filter(has_text="It waits for its turn")).to_be_visible()
    work()
    expect(page.get_by_role("button", name="Confirm import")).to_be_visible()
    assert not Client.objects.exists()
    look("hmis-csv-checked")
    page.get_by_label("File", exact=True).select_option("Client.csv")
    expect(page).to_have_url(re.compile("file=Client"))  # it applies by itself
    expect(page.get_by_role("row").filter(has_text="VeteranStatus")).to_be_visible()
    page.get_by_role("button", name="Confirm import").click()
    expect(page.get_by_role("status").filter(has_text="It waits for its turn")).to_be_visible()
    work()
    expect(page.get_by_text("What was done")).to_be_visible()
    assert Client.objects.exists()
    look("hmis-csv-imported")


def test_import_without_javascript(elsewhere, dana, archive):
    page = elsewhere(dana, java_script_enabled=False)
    page.goto("/admin/hmis-csv/import/")
    page.get_by_label("System that the files come from").fill("ClientTrack")
    page.get_by_label("Zip with the CSV files").set_input_files(archive)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("It waits for its turn")).to_be_visible()
    work()
    page.get_by_role("link", name="Reload").click()
    page.get_by_role("button", name="Confirm import").click()
    expect(page.get_by_text("It waits for its turn")).to_be_visible()
    work()
    page.get_by_role("link", name="Reload").click()
    expect(page.get_by_text("What was done")).to_be_visible()
    assert Client.objects.exists()


def test_refused_rows_are_told_on_a_phone_before_more_is_opened(at_desk, dana, harbor, look):
    row = TransferFactory(organization=harbor, checked=True, asked_by=dana)
    FileCountFactory(transfer=row, rows=10, new=7, changed=1, unchanged=1, refused=1)
    page = at_desk(dana)
    page.set_viewport_size(PHONE)
    page.goto(row.get_absolute_url())
    card = page.get_by_role("table", name="Files").get_by_role("row").filter(has_text="Client.csv")
    expect(card.get_by_role("button", name="More about Client.csv")).to_be_visible()
    shown = card.locator("td[data-label]:visible").all()
    assert [one.get_attribute("data-label") for one in shown] == ["Rows", "New", "Refused"]
    look("hmis-csv-counts-on-a-phone")


def test_failed_and_running_ones_say_what_to_do(at_desk, dana, harbor, look):
    failed = TransferFactory(organization=harbor, over="failed", asked_by=dana)
    running = TransferFactory(
        organization=harbor,
        asked_by=dana,
        state="running",
        file="Enrollment",
        files_done=7,
        files_total=24,
    )
    page = at_desk(dana)
    page.goto(failed.get_absolute_url())
    expect(page.get_by_text("It has failed.")).to_be_visible()
    look("hmis-csv-failed")
    page.goto(running.get_absolute_url())
    expect(page.get_by_text("7 of 24 files done")).to_be_visible()
    look("hmis-csv-running")
    page.get_by_role("button", name="Cancel export").click()
    expect(page.get_by_text("It stops at the next step")).to_be_visible()
    assert Transfer.objects.get(pk=running.pk).cancel_asked_at
