"""A file store that hangs costs a sentence within seconds, and holds no transaction open."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.urls import reverse

from files import actions, store
from files.models import ClientFile, ClientPhoto, DocumentCheck, StoredFile
from files.store import StoreError, calls
from hmis import file_stores
from records.models import Submission
from records.timed_calls import LATE_IN_A_ROW
from tests.files.factories import file_of, photo_of
from tests.files.hanging_server import HangingServer
from tests.files.s3_server import KEY, SECRET
from tests.files.samples import jpeg
from tests.pages import errors, filled, opened, send

LIMIT = 0.5  # seconds, for these tests
SLACK = 15  # of a busy machine


@pytest.fixture(params=[False, True], ids=["silent", "a byte at a time"])
def hanging(request, settings):
    """From now on the store hangs; a function that makes it so, as files may be stored before."""
    server = HangingServer(drips=request.param)

    def hang():
        default = file_stores.s3(
            "client-files",
            endpoint_url=server.url,
            region_name="us-east-1",
            access_key=KEY,
            secret_key=SECRET,
            addressing_style="path",
        )
        settings.STORAGES = settings.STORAGES | {"default": default}
        settings.FILE_STORE_SECONDS = LIMIT

    yield hang
    server.stop()
    calls.forget()


def test_limits_let_an_upload_end_within_15_seconds(settings):
    assert settings.FILE_STORE_SECONDS + store.SECONDS_TO_DISCARD <= 13


def test_upload_ends_in_time_with_a_sentence_and_keeps_what_was_typed(
    portal, alice, john, hanging, caplog
):
    hanging()
    browser = portal(alice)
    address = reverse("files:add_client_file", args=[john.pk])
    data = filled(opened(browser.get(address)), document_name="State ID", category="id")
    start = time.monotonic()
    answer = browser.post(address, data | {"file": SimpleUploadedFile("id.jpg", jpeg())})
    assert time.monotonic() - start < LIMIT + store.SECONDS_TO_DISCARD + SLACK
    assert errors(answer)["file"] == [StoreError.sentence]
    assert answer.context["form"]["document_name"].value() == "State ID"
    assert answer.context["form"]["category"].value() == "id"
    assert not StoredFile.objects.exists()
    assert not Submission.objects.exists(), "the same form may be sent again"
    lines = [record for record in caplog.records if record.name == "files.store"]
    assert [record.levelname for record in lines] == ["ERROR", "WARNING"]


def test_photo_and_document_check_end_with_a_sentence_too(portal, cass, john, hanging):
    hanging()
    photo = reverse("files:client_photo", args=[john.pk])
    answer = send(portal(cass), photo, photo=SimpleUploadedFile("id.jpg", jpeg()))
    assert errors(answer)["photo"] == [StoreError.sentence]
    check = reverse("files:add_document_check", args=[john.pk])
    typed = {"checklist": "homeless", "item": "Typed", "acceptable_document": "Letter"}
    file = SimpleUploadedFile("id.jpg", jpeg())
    answer = send(portal(cass), check, file=file, **typed)
    assert errors(answer)["file"] == [StoreError.sentence]
    assert answer.context["form"]["item"].value() == "Typed"
    assert not ClientPhoto.objects.exists()
    assert not DocumentCheck.objects.exists()


def test_reading_ends_in_time_with_a_page(portal, alice, john, hanging):
    row = file_of(john)
    photo_of(john)
    john.refresh_from_db()
    hanging()
    browser = portal(alice)
    addresses = [
        reverse("files:download_client_file", args=[john.pk, row.pk]),
        reverse("files:client_file_thumbnail", args=[john.pk, row.pk]),
        reverse("files:client_file_page", args=[john.pk, row.pk, 1]),
        reverse("files:small_client_photo", args=[john.pk, john.photo_token]),
    ]
    start = time.monotonic()
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 503
        assert "The file store does not answer" in answer.content.decode()
    limit = LATE_IN_A_ROW * max(LIMIT, store.SECONDS_FOR_A_THUMBNAIL)
    assert time.monotonic() - start < limit + SLACK
    assert browser.get(reverse("files:client_files", args=[john.pk])).status_code == 200


def test_after_three_calls_in_vain_the_next_ones_do_not_wait(hanging):
    hanging()
    for _ in range(LATE_IN_A_ROW):
        with pytest.raises(StoreError):
            store.has("x")
    asked = []
    with pytest.raises(StoreError):
        store.ask(lambda: asked.append("x"), "x")
    assert not asked


def test_nightly_run_says_that_the_store_does_not_answer(db, hanging):
    hanging()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("clean_files")


@pytest.fixture
def open_transactions(monkeypatch):
    """Whether a transaction was open whenever something was stored."""
    seen = []

    def put(*args, real=store.put, **options):
        seen.append(connection.in_atomic_block)
        return real(*args, **options)

    monkeypatch.setattr(store, "put", put)
    return seen


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_store_is_asked(
    open_transactions, file_system, portal, cass, john
):
    browser = portal(cass)
    typed = {"checklist": "homeless", "item": "A", "acceptable_document": "B"}
    for name, more in (
        ("add_client_file", {"file": SimpleUploadedFile("id.jpg", jpeg())}),
        ("add_document_check", typed | {"file": SimpleUploadedFile("id.jpg", jpeg())}),
        ("client_photo", {"photo": SimpleUploadedFile("id.jpg", jpeg())}),
    ):
        answer = send(browser, reverse(f"files:{name}", args=[john.pk]), **more)
        assert answer.status_code == 302
    assert open_transactions == [False] * 6
    assert StoredFile.objects.count() == 3


def test_form_sent_twice_at_once_keeps_one_file(portal, alice, john, file_system, monkeypatch):
    """Both have looked for the other's result before there was one."""
    monkeypatch.setattr("files.uploads.earlier_result", lambda request: None)
    browser = portal(alice)
    address = reverse("files:add_client_file", args=[john.pk])
    data = filled(opened(browser.get(address)))
    for _ in range(2):
        answer = browser.post(address, data | {"file": SimpleUploadedFile("id.jpg", jpeg())})
        assert answer.status_code == 302
    row = StoredFile.objects.get()
    assert everything() == {row.key, row.thumbnail_key}


def test_broken_database_connection_leaves_the_file_for_the_nightly_run(
    filed, upload, file_system, monkeypatch
):
    """Nobody knows whether it broke before the commit or after it."""

    def breaks(*args, **options):
        raise OperationalError

    monkeypatch.setattr(ClientFile, "save", breaks)
    with pytest.raises(OperationalError):
        upload()
    assert len(everything()) == 2


def test_folder_that_takes_nothing_gives_a_sentence(upload, settings, tmp_path):
    (tmp_path / "media").touch()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    assert errors(upload())["file"] == [StoreError.sentence]
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_scan_holds_no_transaction_while_it_asks(john, file_system, monkeypatch):
    row = file_of(john).stored
    StoredFile.objects.filter(pk=row.pk).update(status="pending")
    seen = []

    def scan(*args, **options):
        seen.append(connection.in_atomic_block)
        return True

    monkeypatch.setattr(actions.clamav, "is_clean", scan)
    assert actions.scan_waiting(pk=row.pk) == "ready"
    assert seen == [False]


def everything():
    return {key for folder in store.folders() for key in store.keys_in(folder)}
