"""Notes and documents of another system: what the standard has no file for."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casenotes.models import CaseNote
from clients.models import ClientAccess
from exchange.models import SourceKey, SourceSystem
from files.models import ClientFile, StoredFile
from hmis.page_names import page_name
from records.visibility import Visibility
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory
from tests.files.samples import jpeg, pdf

LONGEST = "x" * 33


@pytest.fixture
def john(alice, harbor):
    """Came in from the old system as P1."""
    john = ClientFactory(organization=harbor, created_by=alice)
    system = SourceSystem.objects.create(name="Old HMIS")
    SourceKey.objects.create(system=system, file="Client", key="P1", row_id=john.pk)
    return john


@pytest.fixture
def run(tmp_path, alice, capsys):
    """A function that imports rows of text and gives what was said."""

    def run(command, *lines, dry_run=False, source="Old HMIS", by=alice.email):
        table = tmp_path / "table.csv"
        content = lines[0] if isinstance(lines[0], bytes) else "\n".join(lines).encode()
        table.write_bytes(content)
        places = [table] if command == "import_notes" else [table, tmp_path / "scans"]
        try:
            call_command(command, *map(str, places), source=source, by=by, dry_run=dry_run)
            code = 0
        except CommandError as error:
            code, said = error.returncode, str(error)
            return code, capsys.readouterr().out + said
        return code, capsys.readouterr().out

    return run


HEADER = "NoteID,PersonalID,Date,Title,Text,Author,Shared,ReadOnly,EnrollmentID,Organization"


def test_note_is_filed_with_its_author_and_only_once(run, john, bob):
    line = f'N1,P1,3/2/2024,Housing,"He said ""no"".\nTwice.",{bob.email},yes,1,,'
    assert run("import_notes", HEADER, line) == (0, "1 new, 0 here already, 0 refused\n")
    note = CaseNote.objects.get()
    assert (note.client, note.organization, note.created_by) == (john, john.organization, bob)
    assert (note.title, note.text, note.read_only) == ("Housing", 'He said "no".\nTwice.', True)
    assert (note.visibility, str(note.date)) == (Visibility.ALL_ORGANIZATIONS, "2024-03-02")
    assert run("import_notes", HEADER, line) == (0, "0 new, 1 here already, 0 refused\n")
    assert CaseNote.objects.count() == 1


def test_source_that_no_import_has_named_is_told(run, john):
    line = f"N1,{john.personal_id},3/2/2024,,Met him.,,,,,"
    assert (
        'No import has named the source "Old HMSI" before.'
        in run("import_notes", HEADER, line, source="Old HMSI", dry_run=True)[1]
    )


def test_our_own_keys_are_found_by_their_hashes(run, john):
    enrollment = EnrollmentFactory(client=john)
    cells = f"N1,{john.personal_id},3/2/2024,,Met him.,,,,{enrollment.enrollment_id},"
    with CaptureQueriesContext(connection) as queries:
        assert run("import_notes", HEADER, cells)[0] == 0
    by_key = re.compile(r'"(personal_id|enrollments_enrollment"."enrollment_id)" (=|IN)')
    asked = [query["sql"] for query in queries if by_key.search(query["sql"])]
    assert len(asked) == 2
    assert all("hashtextextended" in statement for statement in asked)


def test_note_of_an_unknown_author_names_them_and_belongs_to_the_writing_user(run, john, alice):
    assert run("import_notes", HEADER, "N1,P1,2024-03-02,,Met him.,Jo Worker,,,,")[0] == 0
    note = CaseNote.objects.get()
    assert (note.created_by, note.title) == (alice, "Note of 03/02/2024")
    assert note.text == "Met him.\n\nWritten by Jo Worker."
    assert (note.visibility, note.read_only) == (Visibility.OWN_ORGANIZATION, False)


def test_note_of_a_merged_client_goes_to_the_one_who_remains(run, john, alice, harbor):
    remains = ClientFactory(organization=harbor, created_by=alice)
    type(john).objects.filter(pk=john.pk).update(merged_into=remains)
    run("import_notes", HEADER, "N1,P1,2024-03-02,,Met him.,,,,,")
    assert CaseNote.objects.get().client == remains


def test_note_of_a_client_who_was_merged_into_a_deleted_one_is_refused(run, john, alice, harbor):
    remains = ClientFactory(organization=harbor, created_by=alice)
    type(john).objects.filter(pk=john.pk).update(merged_into=remains)
    remains.mark_deleted(by=alice)
    code, said = run("import_notes", HEADER, "N1,P1,2024-03-02,,Met him.,,,,,")
    assert (code, "was merged into one who was deleted" in said) == (1, True)
    assert not CaseNote.objects.exists()


def test_each_row_is_in_the_access_log_and_takes_nine_statements(
    run, john, alice, bob, django_assert_max_num_queries
):
    lines = [f"N{number},P1,2024-03-02,,Met him.,{bob.email},,,," for number in range(20)]
    with django_assert_max_num_queries(9 * 20 + 6):
        assert run("import_notes", HEADER, *lines)[0] == 0
    views = ClientAccess.objects.filter(client=john, user=alice, kind="change")
    assert [page_name(one.page) for one in views] == ["Import of case notes"] * 20
    assert views.first().organization == john.organization


def test_note_names_its_enrollment_and_organization_by_keys_and_names(run, john, bridge):
    enrollment = EnrollmentFactory(client=john, organization=bridge, project__organization=bridge)
    lines = [
        f"N1,P1,2024-03-02,,Met him.,,,,{enrollment.enrollment_id},",
        f"N2,{john.personal_id},2024-03-03,,Met him.,,,,,{bridge.organization_name.upper()}",
        f"N3,P1,2024-03-04,,Met him.,,,,,{bridge.organization_id}",
    ]
    assert run("import_notes", HEADER, *lines)[0] == 0
    assert set(CaseNote.objects.values_list("organization", flat=True)) == {bridge.pk}
    assert CaseNote.objects.filter(enrollment=enrollment).count() == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",P1,2024-03-02,,Met him.,,,,,", "NoteID is blank."),
        (f"{LONGEST},P1,2024-03-02,,Met him.,,,,,", "NoteID is longer than 32 characters."),
        ("N1,P9,2024-03-02,,Met him.,,,,,", "There is no client with this PersonalID."),
        ("N1,P1,,,Met him.,,,,,", "Date is blank."),
        ("N1,P1,someday,,Met him.,,,,,", "Date is not a date."),
        ("N1,P1,2024-03-02,,,,,,,", "Text is blank."),
        ("N1,P1,2024-03-02,,Met him.,,,,E9,", "no enrollment with this EnrollmentID."),
        ("N1,P1,2024-03-02,,Met him.,,,,,Nobody", "no organization of this name"),
        (f"N1,P1,2024-03-02,,{'x' * 200_001},,,,,", "A note has at most 200,000 characters."),
    ],
)
def test_row_that_cannot_be_taken_is_named_and_the_rest_comes_in(run, john, line, why):
    code, said = run("import_notes", HEADER, line, "N2,P1,2024-03-02,,Good.,,,,,")
    assert code == 1
    assert why in said
    assert "Row 2: " in said
    assert "1 new, 0 here already, 1 refused" in said
    assert CaseNote.objects.get().text == "Good."


def test_dry_run_says_the_same_and_writes_nothing(run, john):
    lines = [HEADER, "N1,P1,2024-03-02,,Met him.,,,,,", "N2,P9,2024-03-02,,Met him.,,,,,"]
    code, said = run("import_notes", *lines, dry_run=True, source="Another")
    assert (code, "nothing was written" in said) == (1, True)
    assert run("import_notes", *lines, dry_run=True)[0] == 1
    assert not CaseNote.objects.exists()
    assert SourceSystem.objects.count() == SourceKey.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "has no column NoteID"),
        (b"NoteID,PersonalID,Date\n", "has no column Text"),
        (b'"NoteID' + b",x" * 500_000, "has no header that can be read"),
    ],
    ids=["empty", "no column", "open quotation mark"],
)
def test_table_without_its_columns_is_not_read(run, john, content, why):
    code, said = run("import_notes", content)
    assert (code, why in said) == (2, True)


def test_headers_in_any_order_and_bytes_of_windows_are_read(run, john):
    content = "TEXT,date,personalid,noteid\r\nDoña Ana,03/02/2024,P1,N1\r\n"
    assert run("import_notes", content.encode("cp1252"))[0] == 0
    assert CaseNote.objects.get().text == "Doña Ana"


def test_nobody_writes_in_the_name_of_nobody(run, john):
    assert run("import_notes", HEADER, by="nobody@else.example")[0] == 2


FILES = "FileID,PersonalID,Path,DocumentName,Category,ExpiresOn"


@pytest.fixture
def scans(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    folder = tmp_path / "scans"
    (folder / "p1").mkdir(parents=True)
    (folder / "p1" / "id.pdf").write_bytes(pdf())
    (folder / "p1" / "card.jpg").write_bytes(jpeg())
    (folder / "p1" / "tool.pdf").write_bytes(b"MZ program")
    (folder / "p1" / "empty.pdf").write_bytes(b"")
    (tmp_path / "secret.pdf").write_bytes(pdf())
    return folder


def test_documents_are_filed_once_with_what_the_table_says(run, john, scans, alice):
    lines = [
        "F1,P1,p1/id.pdf,State ID,Identification,12/31/2030",
        "F2,P1,p1/card.jpg,,,",
        "F3,P1,p1/card.jpg,Card,Some category of theirs,",
    ]
    assert run("import_files", FILES, *lines) == (0, "3 new, 0 here already, 0 refused\n")
    one, two, three = ClientFile.objects.order_by("pk")
    assert (one.document_name, one.category, str(one.expires_on)) == (
        "State ID",
        "id",
        "2030-12-31",
    )
    assert (two.document_name, two.category, three.category) == ("card.jpg", "", "other")
    assert (one.stored.pages, one.stored.is_ready, one.created_by) == (2, True, alice)
    assert run("import_files", FILES, *lines)[1] == "0 new, 3 here already, 0 refused\n"
    assert StoredFile.objects.count() == 3


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("p1/none.pdf", "There is no file at this Path."),
        ("../secret.pdf", "Path leads out of the folder."),
        ("/etc/hostname", "Path leads out of the folder."),
        ("p1/tool.pdf", "This file is a program"),
        ("p1/empty.pdf", "This file is empty."),
        ("p1", "cannot be read"),
    ],
)
def test_document_that_is_not_kept_is_named(run, john, scans, path, why):
    code, said = run("import_files", FILES, f"F1,P1,{path},,,", "F2,P1,p1/id.pdf,,,")
    assert (code, why in said) == (1, True)
    assert ClientFile.objects.count() == StoredFile.objects.count() == 1


def test_folder_that_is_not_there_is_told_once(run, john, tmp_path):
    code, said = run("import_files", FILES, "F1,P1,p1/id.pdf,,,", "F2,P1,p1/card.jpg,,,")
    assert (code, said) == (2, f"{tmp_path / 'scans'} is no folder.")


def test_dry_run_stores_nothing(run, john, scans, tmp_path):
    code, said = run("import_files", FILES, "F1,P1,p1/id.pdf,,,", dry_run=True)
    assert (code, "1 new" in said) == (0, True)
    assert not StoredFile.objects.exists()
    assert not (tmp_path / "media").exists()


def test_refused_row_takes_its_file_back(run, john, scans, tmp_path, monkeypatch):
    """The row is refused only after its file was stored."""

    def refuse(row, record):
        raise ValidationError("Somebody was quicker.")

    monkeypatch.setattr("exchange.beside.table.Row.save", refuse)
    code, said = run("import_files", FILES, "F1,P1,p1/id.pdf,,,")
    assert (code, "Row 2: Somebody was quicker." in said) == (1, True)
    assert not StoredFile.objects.exists()
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
