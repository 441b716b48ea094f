"""A copy holds all that the client may have, and nothing that is another person's."""

import io
import json
import re
import tracemalloc
import zipfile
from datetime import date

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import SecurityEvent
from agencies.use_limits import UseLimit
from casenotes.models import CaseNote
from files import store
from files.kinds import Kind
from files.models import StoredFile
from privacy.copy import archive, pdfs
from privacy.copy.sections import Contents
from tests.cas.factories import EventFactory
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.clients.merge.rows import document_check
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    DisabilityFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
)
from tests.factories import (
    AlertFactory,
    ClientAliasFactory,
    ClientFactory,
    InterestedOtherFactory,
    UserFactory,
)
from tests.files.factories import file_of, photo_of
from tests.tasks.factories import TaskFactory


@pytest.fixture
def jane(harbor, alice):
    client = ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="Jane",
        last_name="Doe",
        ssn="219099876",
        ssn_data_quality=1,
        phone="617-555-0142",
        sex=0,
        white=True,
    )
    ClientAliasFactory(client=client, first_name="Jenny", last_name="Roe")
    return client


@pytest.fixture
def full(jane, alice):
    """Jane with something of every kind."""
    enrollment = EnrollmentFactory(
        client=jane, project__project_name="Harbor Nights", living_situation=116, created_by=alice
    )
    child = ClientFactory(organization=jane.organization, first_name="Tim", last_name="Other")
    EnrollmentFactory(
        client=child,
        household=enrollment.household,
        project=enrollment.project,
        relationship_to_hoh=2,
    )
    for make in (DisabilityFactory, HealthAndDVFactory, IncomeBenefitsFactory):
        make(enrollment=enrollment, client=jane)
    CurrentLivingSituationFactory(
        enrollment=enrollment, client=jane, location_details="Under a bridge"
    )
    CaseAssignmentFactory(enrollment=enrollment, client=jane)
    EventFactory(enrollment=enrollment, client=jane)
    ServiceFactory(enrollment=enrollment, client=jane)
    InterestedOtherFactory(client=jane, first_name="Mary", cell_phone="617-555-0199")
    AlertFactory(client=jane, text="Needs a lower bunk")
    TaskFactory(client=jane, text="Ask about the voucher")
    CaseNoteFactory(client=jane, title="Found a room", text="She likes it.\n很好.")
    file_of(jane, document_name="State ID")
    photo_of(jane)
    return jane


def contents(client, officer, **options) -> Contents:
    return Contents(client=client, officer=officer, at=timezone.now(), **options)


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(one.get_textpage().get_text_range() for one in pages).split())


def unzipped(pieces) -> zipfile.ZipFile:
    archive_ = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive_.testzip() is None
    return archive_


def record(client, officer, **options) -> str:
    return "".join(archive.as_json(contents(client, officer, **options)))


def test_pdf_says_what_is_on_record_in_words(full, dana):
    (pdf,) = pdfs.parts(contents(full, dana))
    text = text_of(pdf)
    wanted = [
        *("Jane Doe", "Jenny Roe", "617-555-0142", "•••-••-9876", "Female", "White", "05/17/1980"),
        *("Harbor Nights", "Place not meant for habitation", "member 2 (", "Under a bridge"),
        *(
            "Found a room",
            "很好",
            "Needs a lower bunk",
            "Ask about the voucher",
            "State ID",
            "Mary Smith",
        ),
        *("This is confidential", "made", "page 1 of"),
    ]
    assert [words for words in wanted if words not in text] == []
    assert not [part for part in ("219-", "219 09", "219099") if part in text]


@pytest.mark.parametrize("words", ["Tim", "617-555-0199", "219-09-9876", "219099876"])
def test_other_people_and_the_whole_ssn_are_not_in_it(full, dana, words):
    assert words not in record(full, dana)


def test_whole_ssn_is_given_where_it_was_ticked(full, dana):
    assert "219-09-9876" in record(full, dana, has_full_ssn=True)


def test_zip_has_pdf_record_and_files(full, dana):
    copy = unzipped(archive.stream(contents(full, dana)))
    names = copy.namelist()
    assert names[:2] == ["record.pdf", "record.json"]
    assert "files/001-State ID.jpg" in names
    assert "photo.jpg" in names
    assert archive.MISSING not in names
    stored = StoredFile.objects.get(client_file__document_name="State ID")
    with store.fetch(stored.key) as content:
        assert copy.read("files/001-State ID.jpg") == content.read()
    machine = json.loads(copy.read("record.json"))
    assert machine["client_id"] == full.pk
    assert next(one["title"] for one in machine["sections"]) == "Who you are"


def test_withheld_note_is_not_in_the_copy_and_is_counted_in_the_log(portal, full, dana):
    note = CaseNoteFactory(client=full, title="What the aunt said", text="In confidence")
    answer = portal(dana).post(
        reverse("privacy:copy", args=[full.pk]), {"kind": "pdf", "withhold": [note.pk, "x", 1]}
    )
    text = text_of(answer.content)
    assert "What the aunt said" not in text
    assert "Found a room" in text
    assert "withheld" not in text.lower()
    detail = SecurityEvent.objects.get(kind="record_copied").detail
    assert (detail["notes"], detail["notes_withheld"]) == (1, 1)


def test_notes_of_another_organization_are_theirs_to_give(full, dana, bridge):
    CaseNoteFactory(client=full, organization=bridge, title="Bridge's own", visibility="all")
    assert "Bridge's own" not in record(full, dana)


def test_restricted_records_of_others_are_neither_shown_nor_hinted_at(full, dana, bridge):
    before = record(full, dana)
    EnrollmentFactory(client=full, organization=bridge, visibility="own")
    file_of(full, organization=bridge, document_name="Bridge's letter", visibility="own")
    AlertFactory(client=full, organization=bridge, text="Bridge's alert", visibility="own")
    now = record(full, dana)
    assert re.sub(r'"made_at": "[^"]*"', "", now) == re.sub(r'"made_at": "[^"]*"', "", before)


def test_document_checks_are_for_coordinated_access_alone(full, dana, cas_organization):
    document_check(full)
    assert "Documents that were checked" not in record(full, dana)
    cass = UserFactory(dqo_at=[cas_organization])
    assert "Documents that were checked" in record(full, cass)


def test_unavailable_file_is_named_in_the_zip(full, dana):
    lost = file_of(full, document_name="Lease")
    store.delete(lost.stored.key)
    refused = file_of(full, document_name="Letter", kind=Kind.PDF)
    StoredFile.objects.filter(pk=refused.stored_id).update(status="refused")
    copy = unzipped(archive.stream(contents(full, dana)))
    said = copy.read(archive.MISSING).decode()
    assert "Lease" in said
    assert "Letter" in said
    assert not [name for name in copy.namelist() if "Lease" in name or "Letter" in name]


def test_file_name_says_nothing_of_the_person(portal, full, dana):
    for kind in ("pdf", "zip"):
        answer = portal(dana).post(reverse("privacy:copy", args=[full.pk]), {"kind": kind})
        name = answer["Content-Disposition"]
        assert re.fullmatch(rf'attachment; filename="record-\d+-\d{{8}}\.{kind}"', name)
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_copies_count_as_downloads(portal, full, dana, settings, kind):
    settings.USE_LIMITS = {"downloads": UseLimit.parse("hour 1 1")}
    settings.USE_LIMITS_OFFICERS = 1
    browser, page = portal(dana), reverse("privacy:copy", args=[full.pk])
    assert [browser.post(page, {"kind": kind}).status_code for _ in range(2)] == [200, 429]


def test_very_many_notes_are_several_pdfs(jane, dana, monkeypatch, portal):
    monkeypatch.setattr(pdfs, "NOTES_IN_A_PART", 3)
    for number in range(7):
        CaseNoteFactory(client=jane, title=f"Note {number}.", date=date(2026, 1, 1 + number))
    copy = unzipped(archive.stream(contents(jane, dana)))
    parts = [name for name in copy.namelist() if name.endswith(".pdf")]
    assert parts == ["record.pdf", "record-2.pdf", "record-3.pdf"]
    whole = " ".join(text_of(copy.read(name)) for name in parts)
    assert all(f"Note {number}." in whole for number in range(7))


def test_memory_does_not_grow_with_the_files(jane, dana, monkeypatch):
    size = 40 * 1024 * 1024
    stored = file_of(jane).stored
    StoredFile.objects.filter(pk=stored.pk).update(size=size)

    class Endless(io.RawIOBase):
        left = size

        def read(self, count=-1):
            count = min(count, self.left)
            self.left -= count
            return b"\0" * count

    monkeypatch.setattr(archive.store, "fetch", lambda key: Endless())
    pieces = archive.stream(contents(jane, dana))
    next(pieces)  # the PDF and its fonts
    tracemalloc.start()
    sent = sum(len(piece) for piece in pieces)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > size
    assert most < 4 * 1024 * 1024


def test_deleted_notes_are_not_in_it(full, dana):
    note = CaseNote.objects.get()
    note.mark_deleted(by=note.created_by)
    assert "Found a room" not in record(full, dana)
