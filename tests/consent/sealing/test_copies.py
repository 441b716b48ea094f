"""No release is signed on the screen without its sealed copy, and no copy is left without one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from clients.models import Release
from consent.actions import record_release
from consent.sealing import copies
from consent.sealing.copies import file_copies, sealed_copies
from consent.sealing.keys import NoSealError
from consent.sealing.seals import read
from files import store
from files.inspection import RefusedFileError
from files.models import Category, ClientFile, Status, StoredFile
from tests.consent.sealing import keys
from tests.consent.sealing.factories import signature_of, signed_release
from tests.files.orphans import later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


def stored_files() -> list[str]:
    folders = store.folders() if default_storage.exists(store.FOLDER) else []
    return [key for folder in folders for key in store.keys_in(folder)]


def test_copy_is_a_consent_of_the_client(signed, john, alice):
    file = signed.file
    assert (file.client, file.category, file.release) == (john, Category.CONSENT, signed.release)
    assert file.organization == john.organization
    assert file.created_by == alice
    assert (file.stored.status, file.stored.kind) == (Status.READY, "pdf")
    assert file.stored.has_thumbnail
    with store.fetch(file.stored.key) as content:
        assert read(content.read()).facts["text_hash"] == signed.release.text_hash


def test_name_of_the_file_tells_no_person(signed, john):
    assert john.last_name not in signed.file.document_name
    assert john.last_name not in signed.stored.key


def test_without_a_seal_nothing_is_stored_or_recorded(settings, alice, john):
    settings.RELEASE_SEAL_KEY = settings.RELEASE_SEAL_CERTIFICATE = ""
    with pytest.raises(NoSealError, match="administrator"):
        signed_release(john, alice)
    assert not Release.objects.exists()
    assert not stored_files()


def test_what_was_signed_in_a_draft_is_sealed_by_the_certificate_in_use(settings, alice, john):
    """The key was replaced between signature and Finish."""
    keys.use(settings, keys.pair(begins=keys.NOW - timedelta(hours=1)))
    signed_release(john, alice, signed_at=keys.NOW - timedelta(days=3))
    call_command("check_releases")


def test_store_that_fails_leaves_nothing(monkeypatch, alice, john):
    def fails(*args, **options):
        raise store.StoreError

    monkeypatch.setattr("files.actions.store.put", fails)
    with pytest.raises(store.StoreError):
        signed_release(john, alice)
    assert not Release.objects.exists()


def record(john, alice, **changed):
    """Seal what John has just signed, and record it otherwise."""
    signature, text, answer = signature_of(john, alice)
    asked = {"clients": [john], "answer": answer, "by": alice}
    with sealed_copies(signature=signature, shown=text, **asked) as made, transaction.atomic():
        assert stored_files()
        releases = record_release(**asked | {"answer": replace(answer, **changed)})
        file_copies(releases=releases, signature=signature, copies=made, by=alice)


def test_refused_answer_takes_the_copy_back(alice, john):
    with pytest.raises(ValidationError):
        record(john, alice, covers=john.organization)
    assert not stored_files()
    assert not StoredFile.objects.exists()


def test_release_that_comes_out_otherwise_than_its_copy_says_is_not_recorded(alice, john):
    """As where it became known meanwhile that the client turns 18 before the end."""
    with pytest.raises(ValidationError, match="read and signed again"):
        record(john, alice, ends_on=timezone.localdate())
    assert not Release.objects.exists()
    assert not stored_files()


def test_kill_before_the_rows_leaves_an_orphan_that_is_cleaned(signed, monkeypatch, alice, john):
    """What `kill -9` leaves: a copy in the store, and no row that tells of it."""
    later(call_command, "clean_files")  # from here on the store is this database's
    before = set(stored_files())
    monkeypatch.setattr("files.actions.store.discard", lambda *keys: None)
    with pytest.raises(ValidationError):
        record(john, alice, covers=john.organization)
    monkeypatch.undo()
    assert Release.objects.count() == 1
    assert set(stored_files()) > before
    call_command("check_releases")
    later(call_command, "clean_files")
    assert set(stored_files()) == before


def test_busy_decoder_costs_the_thumbnail_alone(monkeypatch, alice, john):
    def busy(*args):
        raise RefusedFileError("busy")

    monkeypatch.setattr(copies, "inspect", busy)
    file = signed_release(john, alice).file
    assert not file.stored.has_thumbnail
    assert file.stored.pages >= 1


def test_release_has_one_file(signed):
    other = ClientFile.objects.get(pk=signed.file.pk)
    other.pk = None
    other.stored = None
    with pytest.raises(ValidationError, match="has its file already"):
        other.validate_constraints()
