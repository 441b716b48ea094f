"""The same on the file system and on a real S3 server."""

import io
import random
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from files import actions, cleaning, store
from files.models import ClientFile, Status, StoredFile
from records.models import Submission
from tests.files.orphans import later, orphan, quarantined
from tests.files.samples import jpeg, pdf
from tests.pages import errors

MEBI = 1024 * 1024
pytestmark = pytest.mark.usefixtures("each_store")


def text(size):
    """Some text of exactly `size` bytes that does not compress to nothing."""
    line = random.Random(size).randbytes(4096).hex().encode()
    return (line * (size // len(line) + 1))[:size]


def downloaded(browser, row):
    answer = browser.get(reverse("files:download_client_file", args=[row.client_id, row.pk]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("size", [1, 10 * MEBI, 25 * MEBI], ids=["1 byte", "10 MB", "the limit"])
def test_file_of_any_size_comes_back_as_it_was(portal, alice, filed, size):
    content = text(size)
    row = filed(content, "letter.txt")
    assert row.stored.size == size
    assert downloaded(portal(alice), row) == content


def test_file_of_one_byte_more_than_the_limit_is_refused(upload):
    answer = upload(text(25 * MEBI + 1), "letter.txt")
    assert "the most that is kept is 25.0" in errors(answer)["file"][0]
    assert not StoredFile.objects.exists()


def test_thumbnail_and_pages_are_drawn(portal, alice, filed):
    row = filed(pdf(3), "lease.pdf")
    browser = portal(alice)
    for number in (1, 2, 3):
        address = reverse("files:client_file_page", args=[row.client_id, row.pk, number])
        assert browser.get(address).content.startswith(b"\xff\xd8\xff")
    small = browser.get(reverse("files:client_file_thumbnail", args=[row.client_id, row.pk]))
    assert b"".join(small.streaming_content).startswith(b"\xff\xd8\xff")
    page = browser.get(row.get_absolute_url() + "?page=2&as=text")
    assert "Page of a test 2" in page.content.decode()


def test_failing_row_takes_the_object_back(filed, upload, monkeypatch):
    filed()
    before = everything()

    def fails(*args, **options):
        raise RuntimeError

    monkeypatch.setattr(ClientFile, "save", fails)
    with pytest.raises(RuntimeError):
        upload()
    assert everything() == before
    assert StoredFile.objects.count() == 1


def test_killed_between_object_and_row_leaves_an_orphan_for_the_quarantine(filed):
    row = filed()
    key = orphan()
    call_command("clean_files")
    assert store.has(key), "an upload may be going on"
    later(call_command, "clean_files")
    assert not store.has(key)
    assert [one.rpartition("/")[2] for one in quarantined()] == [key.rpartition("/")[2]]
    assert store.has(row.stored.key)
    assert store.has(row.stored.thumbnail_key)


def test_dry_run_counts_and_changes_nothing(filed, capsys):
    row = filed()
    store.discard(row.stored.key)
    key = orphan()
    later(call_command, "clean_files", dry_run=True)
    assert "1 without a record found, 1 records without a file" in capsys.readouterr().out
    assert store.has(key)
    assert not quarantined()
    row.stored.refresh_from_db()
    assert row.stored.is_ready


def test_row_whose_object_is_gone_is_marked_and_published_when_it_is_back(portal, alice, filed):
    row = filed(b"some text", "letter.txt")
    store.discard(row.stored.key)
    browser = portal(alice)
    answer = browser.get(reverse("files:download_client_file", args=[row.client_id, row.pk]))
    assert answer.status_code == 503
    assert "not in the file store any more" in answer.content.decode()
    call_command("clean_files")
    page = browser.get(row.get_absolute_url())
    assert "The file no longer exists" in page.content.decode()
    assert (
        browser.get(reverse("files:download_client_file", args=[row.client_id, row.pk])).status_code
        == 404
    )
    store.put(io.BytesIO(b"some text"), row.stored.key)
    call_command("clean_files")
    assert downloaded(browser, row) == b"some text"


def test_thumbnail_that_is_gone_is_forgotten_until_it_is_back(filed):
    row = filed()
    key = row.stored.thumbnail_key
    with store.fetch_local(key) as thumbnail:
        store.discard(key)
        call_command("clean_files")
        row.stored.refresh_from_db()
        assert row.stored.thumbnail_key == ""
        store.put(thumbnail, key)
    later(call_command, "clean_files")
    row.stored.refresh_from_db()
    assert row.stored.thumbnail_key == key


def test_deleted_file_stays_until_it_is_purged(
    alice, filed, capsys, django_capture_on_commit_callbacks
):
    row, other = filed(), filed()
    row.mark_deleted(by=alice)
    ClientFile.with_deleted.filter(pk=row.pk).update(
        date_deleted=timezone.now() - timedelta(days=40)
    )
    call_command("clean_files")
    assert store.has(row.stored.key)
    call_command("clean_files", purge_deleted=41)
    assert store.has(row.stored.key)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("clean_files", purge_deleted=40)
    assert not store.has(row.stored.key)
    assert not store.has(row.stored.thumbnail_key)
    assert store.has(other.stored.key)
    row.stored.refresh_from_db()
    assert row.stored.status == Status.PURGED
    assert "1 purged" in capsys.readouterr().out
    assert len(quarantined()) == 2, "a database that is restored may still know it"


def test_store_that_is_full_tells_and_leaves_nothing(upload, monkeypatch, caplog):
    def full(name, content, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storages["default"], "_save", full)
    answer = upload()
    assert errors(answer)["file"] == [store.StoreError.sentence]
    assert "The file store failed: OSError (No space left on device) at " in caplog.text
    assert not StoredFile.objects.exists()
    assert not Submission.objects.exists(), "the same form may be sent again"


def test_log_has_the_code_of_an_s3_store_and_nothing_else_of_its_answer(caplog):
    def refused():
        answer = {"Error": {"Code": "AccessDenied", "Message": "Key of Jane Doe"}}
        raise ClientError(answer, "PutObject")

    with pytest.raises(store.StoreError):
        store.ask(refused, "files/3f/1")
    assert "The file store failed: ClientError (AccessDenied) at files/3f/1" in caplog.text
    assert "Jane" not in caplog.text


def test_purged_file_is_never_an_orphan_nor_lost(filed, django_capture_on_commit_callbacks):
    row = filed()
    with django_capture_on_commit_callbacks(execute=True):
        actions.purge(stored=row.stored)
    counts, returned = cleaning.survey(give_back=True)
    assert (counts.objects, counts.at_stake, returned) == (0, 0, 0)


def everything():
    return {key for folder in store.folders() for key in store.keys_in(folder)}


def test_command_prints_one_line(filed, capsys):
    filed(jpeg())
    call_command("clean_files")
    assert capsys.readouterr().out.count("\n") == 1


def test_store_that_is_down_is_told_to_cron(db, monkeypatch):
    def down(*args):
        raise store.StoreError

    monkeypatch.setattr(store, "folders", down)
    with pytest.raises(CommandError, match="does not answer"):
        call_command("clean_files")
