"""How an upload comes in: counted while it streams, written for users only, gone when it fails."""

import uuid
from contextlib import contextmanager

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients.models import ClientAccess
from files import uploads
from files.models import ClientFile, StoredFile
from files.uploads import NO_ROOM, LimitedUploadHandler, clean_name
from files.views import upload_pages
from records.models import Visibility
from tests.pages import errors, filled, messages, opened


@pytest.fixture
def add(john):
    return reverse("files:add_client_file", args=[john.pk])


def test_document_name_is_the_files_name_unless_one_is_typed(filed):
    assert filed(name="State ID front.jpg").document_name == "State ID front.jpg"
    assert filed(name="IMG_2001.jpg", document_name=" State   ID ").document_name == "State ID"


def test_everything_typed_is_kept(filed, harbor, alice):
    row = filed(category="id", expires_on="01/31/2031")
    assert (row.category, f"{row.expires_on}") == ("id", "2031-01-31")
    assert (row.organization, row.created_by) == (harbor, alice)


def test_same_form_sent_twice_stores_one_file(portal, alice, add):
    browser = portal(alice)
    data = filled(opened(browser.get(add)))
    answers = [
        browser.post(add, data | {"file": SimpleUploadedFile("a.txt", b"text")}) for _ in range(2)
    ]
    assert {answer.status_code for answer in answers} == {302}
    assert StoredFile.objects.count() == 1


def test_client_who_was_restricted_while_the_file_was_stored_gets_none(
    portal, charlie, john, add, monkeypatch
):
    """Storing takes its time and holds no lock: who may see the client is asked again after it."""

    @contextmanager
    def hides_the_client(file):
        with uploads.stored_upload(file) as stored:
            type(john).objects.filter(pk=john.pk).update(visibility=Visibility.OWN_ORGANIZATION)
            yield stored

    browser = portal(charlie)
    data = filled(opened(browser.get(add)))
    monkeypatch.setattr(upload_pages, "stored_upload", hides_the_client)
    answer = browser.post(add, data | {"file": SimpleUploadedFile("a.txt", b"text")})
    assert answer.status_code == 404
    assert not ClientFile.objects.exists()
    assert not StoredFile.objects.exists()


def test_file_belongs_to_the_organization_that_the_form_was_opened_for(
    portal, alice, add, bridge, harbor
):
    alice.memberships.create(organization=bridge)
    browser = portal(alice)
    session = browser.session
    session["organization"] = harbor.pk
    session.save()
    data = filled(opened(browser.get(add)))
    session["organization"] = bridge.pk
    session.save()
    browser.post(add, data | {"file": SimpleUploadedFile("a.txt", b"text")})
    assert ClientFile.objects.get().organization == harbor


@pytest.mark.parametrize(
    ("together", "said"),
    [("", ["File saved."]), ("1", ["File saved."]), ("3", ["3 files saved."])],
)
def test_file_says_how_many_were_saved_with_it(portal, alice, add, together, said):
    browser = portal(alice)
    data = filled(opened(browser.get(add)), together=together)
    file = SimpleUploadedFile("a.txt", b"text")
    assert messages(browser.post(add, data | {"file": file}, follow=True)) == said


def test_several_files_say_once_how_many_though_the_last_is_refused(portal, alice, add):
    browser = portal(alice)
    typed = filled(opened(browser.get(add)))
    for together, text in [(1, b"text"), (2, b"text"), (3, b"<svg>")]:
        data = typed | {"together": together, "form_token": uuid.uuid4()}
        data["file"] = SimpleUploadedFile("a.txt", text)
        browser.post(add, data, headers={"HX-Request": "true"})
    assert messages(browser.get(add)) == ["2 files saved."]


@pytest.mark.parametrize("files", [{}, {"file": ""}, {"other": b"x"}])
def test_form_without_a_file_says_so(portal, alice, add, files):
    browser = portal(alice)
    data = filled(opened(browser.get(add)))
    sent = {name: SimpleUploadedFile("a", value) if value else "" for name, value in files.items()}
    assert errors(browser.post(add, data | sent))["file"] == ["Choose a file."]


def test_error_beside_the_file_keeps_what_was_typed(upload):
    answer = upload(name="id.jpg", document_name="State ID", expires_on="2/30/2030")
    assert errors(answer) == {"expires_on": ["Enter a date that exists, as MM/DD/YYYY."]}
    assert 'value="State ID"' in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_file_over_the_limit_is_counted_not_kept(upload, settings, monkeypatch):
    settings.MAX_UPLOAD_BYTES = 100_000
    written = []
    monkeypatch.setattr(uploads, "_nameless", lambda: Recorder(written))
    answer = upload(b"x" * 300_000, "a.txt")
    assert "This file has 293.0" in errors(answer)["file"][0]
    assert sum(written) <= 100_000


def test_two_files_share_the_limit(portal, alice, add, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    browser = portal(alice)
    data = filled(opened(browser.get(add)))
    data |= {
        "other": SimpleUploadedFile("a.txt", b"x" * 60_000),
        "file": SimpleUploadedFile("b.txt", b"x" * 60_000),
    }
    assert "the most" in errors(browser.post(add, data))["file"][0]


def test_hopeless_body_is_not_read(rf, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    handler = LimitedUploadHandler(rf.post("/"))
    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(None, {}, 10_000_000, b"")


def test_hopeless_body_gets_a_page_that_says_why(portal, alice, add, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    answer = portal(alice).post(add, {"file": SimpleUploadedFile("a.txt", b"x" * 2_000_000)})
    assert answer.status_code == 413
    assert "too large to send" in answer.content.decode()


def test_nothing_of_a_strangers_file_is_written(client, add, monkeypatch):
    written = []
    stranger = type(client)(enforce_csrf_checks=True)
    stranger.get(reverse("account_login"))  # with its cookie the check reads the body
    monkeypatch.setattr(uploads, "_nameless", lambda: Recorder(written))
    answer = stranger.post(add, {"file": SimpleUploadedFile("a.txt", b"x" * 100_000)})
    assert answer.status_code == 403
    assert not written


def test_full_disk_is_told_and_nothing_is_saved(upload, monkeypatch):
    monkeypatch.setattr(uploads, "_nameless", lambda: Recorder([], room=50_000))
    answer = upload(b"x" * 200_000, "a.txt")
    assert errors(answer)["file"] == [NO_ROOM]
    assert not StoredFile.objects.exists()


def test_upload_that_breaks_off_leaves_nothing(rf):
    handler = LimitedUploadHandler(rf.post("/"))
    handler.handle_raw_input(None, {}, 10, b"")
    handler.new_file("file", "a.txt", "text/plain", 10)
    handler.receive_data_chunk(b"abc", 0)
    handler.upload_interrupted()
    assert handler.file.closed


def test_pop_up_is_left_by_a_header(portal, alice, add):
    browser = portal(alice)
    data = filled(opened(browser.get(add))) | {"file": SimpleUploadedFile("a.txt", b"text")}
    answer = browser.post(add, data, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].endswith("/files/")
    assert messages(browser.get(answer["HX-Redirect"])) == ["File saved."]


def test_adding_is_in_the_access_log(upload, alice, john):
    upload()
    kinds = ClientAccess.objects.filter(client=john, user=alice).values_list("kind", flat=True)
    assert "change" in kinds


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("id.jpg", "id.jpg"),
        ("  State   ID .jpg", "State ID .jpg"),
        ("../../x.pdf", "x.pdf"),
        ("C:\\x\\y.pdf", "y.pdf"),
        ("a\x00b\x07.txt", "ab.txt"),
        ("gpj.\u202efdp", "gpj.fdp"),
        ("\u2066\u200b", "Document"),
        ("...", "Document"),
        ("", "Document"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 300, "x" * 150),
        ("e\u0301.txt", "é.txt"),
        ("a\nb.txt", "a b.txt"),
    ],
)
def test_name_is_cleaned(name, clean):
    assert clean_name(name) == clean


class Recorder:
    """A file that notes how much is written to it, and may be full."""

    def __init__(self, written, room=10**9):
        self.written, self.room = written, room

    def write(self, data):
        self.room -= len(data)
        if self.room < 0:
            raise OSError(28, "No space left on device")
        self.written.append(len(data))

    def seek(self, *where):
        return 0

    def read(self, *size):
        return b""

    def flush(self):
        pass

    def close(self):
        pass
