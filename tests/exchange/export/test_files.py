"""The files as they are written: format, names, rights, and nothing half."""

import csv
import os
import stat
import zipfile
from contextlib import closing

import pytest
import pyzipper
from django.core.management import CommandError, call_command
from django.db import connection, connections

from clients.models import ClientAccess
from exchange.export.refusals import ExportRefusedError
from exchange.export.run import run
from exchange.files import FILES
from hud.columns import csv_files
from tests.enrollments.factories import EnrollmentFactory
from tests.exchange.export.conftest import keys
from tests.factories import ClientFactory, OrganizationFactory, ProjectFactory, UserFactory

PASSWORD = "a-long-enough-pass-phrase"
AWKWARD = 'Ann "Bo",\nsecond line\r\nthird; ñ 李'


def written(target, **asked):
    for _ in run(target=target, **asked):
        pass
    return target


def test_all_files_are_there_with_hud_s_header_when_there_is_no_row(db, tmp_path):
    folder = written(tmp_path / "empty")
    assert {path.name for path in folder.iterdir()} == {f"{name}.csv" for name in csv_files()}
    for name, file in csv_files().items():
        lines = (folder / f"{name}.csv").read_bytes().decode().split("\r\n")
        assert lines[0].split(",") == file.header
        assert len(lines) == (3 if name == "Export" else 2), name


def test_cells_are_as_rfc_4180_says_in_utf_8_without_a_bom(db, tmp_path):
    client = ClientFactory(first_name=AWKWARD[:50], last_name=" Lead")
    content = (written(tmp_path / "out") / "Client.csv").read_bytes()
    assert content.startswith(b"PersonalID,")
    assert content.endswith(b"\r\n")
    header, row = list(csv.reader(content.decode().splitlines(keepends=True), strict=True))
    cells = dict(zip(header, row, strict=True))
    assert (cells["PersonalID"], cells["LastName"]) == (client.personal_id, " Lead")
    assert cells["FirstName"] == client.first_name


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_everything_is_on_the_disk_before_the_export_has_its_name(db, tmp_path, monkeypatch, name):
    target, synced = tmp_path / name, []

    def sync(descriptor):
        assert not target.exists()
        synced.append(os.fstat(descriptor).st_size)

    monkeypatch.setattr("os.fsync", sync)
    written(target)
    files = [target] if target.is_file() else target.iterdir()
    assert sorted(synced) == sorted(path.stat().st_size for path in files)


def test_what_a_source_wrote_for_an_ssn_stays_in_its_cell(db, exported):
    ClientFactory(ssn='1,"2\n3', ssn_data_quality=2, first_name="ssn-")
    (row,) = exported()["Client"]
    assert (row["SSN"], row["SSNDataQuality"], row["FirstName"]) == ('1,"2\n3', "2", "ssn-")


def test_the_row_about_the_export(db, dana, exported, settings):
    settings.SITE_NAME = "Coast HMIS"
    files = exported(by=dana)
    (row,) = files["Export"]
    assert (row["SourceType"], row["SourceID"], row["SourceName"]) == ("2", "", "Coast HMIS")
    assert (row["SourceContactFirst"], row["SourceContactEmail"]) == ("Dana", dana.email)
    assert (row["SoftwareName"], row["CSVVersion"]) == ("hmis-client-records", "2026 v1.3")
    assert (row["ExportPeriodType"], row["ExportDirective"]) == ("3", "2")
    assert len(row["ImplementationID"]) == 32
    settings.HMIS_COC_CODES = ["CA-501", "CA-502"]
    settings.HMIS_IMPLEMENTATION_ID = "coast"
    (row,) = exported()["Export"]
    assert (row["SourceType"], row["SourceID"]) == ("1", "CA-501;CA-502")
    assert (row["ImplementationID"], row["SourceContactEmail"]) == ("coast", "")


def test_every_row_has_the_key_of_the_export_that_no_other_export_has(db, exported):
    EnrollmentFactory()
    first, second = exported(), exported()
    (about,) = first["Export"]
    assert 0 < len(about["ExportID"]) <= 32
    for name in ("Client", "Enrollment", "Organization", "Project", "User"):
        assert keys(first[name], "ExportID") == {about["ExportID"]}
    assert second["Export"][0]["ExportID"] != about["ExportID"]


def test_rows_of_no_user_are_the_system_s(db, exported):
    project = ProjectFactory()
    files = exported()
    assert project.updated_by is None
    assert keys(files["Project"], "UserID") == {"hmis"}
    assert "hmis" in keys(files["User"], "UserID")


class TestZip:
    def test_has_the_files_at_its_top(self, db, tmp_path):
        client = ClientFactory()
        target = written(tmp_path / "out.ZIP")
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            assert {*archive.namelist()} == {f"{name}.csv" for name in csv_files()}
            assert client.personal_id in archive.read("Client.csv").decode()

    def test_is_encrypted_with_a_password(self, db, tmp_path):
        client = ClientFactory()
        target = written(tmp_path / "out.zip", password=PASSWORD)
        with pyzipper.AESZipFile(target) as archive:
            assert all(info.flag_bits & 1 for info in archive.infolist())
            with pytest.raises(RuntimeError):
                archive.read("Client.csv")
            archive.setpassword(PASSWORD.encode())
            assert client.personal_id in archive.read("Client.csv").decode()
        assert client.personal_id.encode() not in target.read_bytes()


@pytest.mark.parametrize("name", ["out", "out.zip"])
class TestNothingHalf:
    def test_is_readable_by_its_owner_alone(self, name, db, tmp_path):
        target = written(tmp_path / name)
        for path in [target, *target.rglob("*")]:
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path

    def test_has_its_name_when_it_is_whole(self, name, db, tmp_path):
        steps = run(target=tmp_path / name)
        for step in steps:
            (unfinished,) = tmp_path.iterdir()
            assert unfinished.name.startswith(f".{name}."), step
            assert unfinished.suffix == ".part"
        assert [path.name for path in tmp_path.iterdir()] == [name]

    def test_is_gone_when_it_is_stopped(self, name, db, tmp_path):
        steps = run(target=tmp_path / name)
        next(steps)
        steps.close()
        assert not list(tmp_path.iterdir())

    def test_is_gone_when_it_fails(self, name, db, tmp_path, settings):
        ClientFactory(ssn="536904399", ssn_data_quality=1)
        settings.SSN_ENCRYPTION_KEYS = ["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="]
        with pytest.raises(ExportRefusedError, match="SSN_ENCRYPTION_KEYS"):
            written(tmp_path / name)
        assert not list(tmp_path.iterdir())

    def test_never_takes_the_place_of_something(self, name, db, tmp_path):
        (tmp_path / name).write_text("mine")
        with pytest.raises(ExportRefusedError, match="is there already"):
            run(target=tmp_path / name)
        assert (tmp_path / name).read_text() == "mine"


def test_progress_is_told_for_each_file_and_within_a_long_one(db, tmp_path, monkeypatch):
    monkeypatch.setattr("exchange.export.run.LINES_AT_ONCE", 2)
    ClientFactory.create_batch(5)
    steps = list(run(target=tmp_path / "out"))
    assert [step.file for step in steps if step.is_done] == ["Export", *FILES]
    assert [step.rows for step in steps if step.file == "Client"] == [2, 4, 5]
    assert {step.of for step in steps} == {24}


@pytest.mark.django_db(transaction=True)
def test_all_files_are_of_one_moment(tmp_path):
    first = EnrollmentFactory()
    steps = run(target=tmp_path / "out")
    next(steps)
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        cursor.execute("UPDATE clients_client SET last_name = 'Later'")
        cursor.execute(
            "UPDATE enrollments_enrollment SET date_deleted = now(), deleted_by_id = created_by_id"
        )
    for _ in steps:
        pass
    content = (tmp_path / "out" / "Client.csv").read_text()
    assert first.client.last_name in content
    assert "Later" not in content
    assert first.enrollment_id in (tmp_path / "out" / "Enrollment.csv").read_text()


@pytest.mark.django_db(transaction=True)
def test_a_replica_is_read_and_the_primary_keeps_the_record(tmp_path, monkeypatch):
    """Here another connection to the same database stands for it: a replica that took over."""
    client = EnrollmentFactory().client
    administrator = UserFactory(is_superuser=True)
    facts = dict(connection.settings_dict)
    monkeypatch.setitem(connections.databases, "replica", facts)
    said = []
    connections["replica"].alias = "default"  # the only one that Django lets a test connect to
    with closing(connections["replica"]) as replica, replica.execute_wrapper(noted(said)):
        files = written(tmp_path / "out", by=administrator)
    assert "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ" in said
    assert "SET TRANSACTION READ ONLY" in said
    assert client.personal_id in (files / "Client.csv").read_text()
    assert ClientAccess.objects.get().listed == [client.pk]
    del connections["replica"]


def noted(said):
    def note(execute, sql, params, many, context):
        said.append(sql)
        return execute(sql, params, many, context)

    return note


class TestCommand:
    @pytest.fixture
    def shelter(self, harbor):
        return ProjectFactory(organization=harbor, project_name="Shelter")

    def test_exports_everything(self, shelter, tmp_path, capsys):
        EnrollmentFactory()
        call_command("export_hmis_csv", str(tmp_path / "all.zip"))
        said = capsys.readouterr().out
        assert "Enrollment.csv: 1 rows" in said
        assert zipfile.is_zipfile(tmp_path / "all.zip")

    @pytest.mark.parametrize("by", ["project_id", "project_name"])
    def test_exports_a_project_by_key_or_name(self, by, shelter, tmp_path):
        here, there = EnrollmentFactory(project=shelter), EnrollmentFactory()
        call_command("export_hmis_csv", str(tmp_path / "out"), project=[getattr(shelter, by)])
        content = (tmp_path / "out" / "Enrollment.csv").read_text()
        assert here.enrollment_id in content
        assert there.enrollment_id not in content

    def test_asks_for_what_is_not_there(self, shelter, tmp_path):
        ProjectFactory(project_name="Shelter", organization=OrganizationFactory())
        for name, many in (("Nowhere", "no"), ("Shelter", "more than one")):
            with pytest.raises(CommandError, match=f"There is {many} project"):
                call_command("export_hmis_csv", str(tmp_path / "out"), project=[name])

    def test_encrypts_with_the_first_line_of_a_file(self, shelter, tmp_path):
        file = tmp_path / "password"
        file.write_text(f"{PASSWORD}\n")
        call_command("export_hmis_csv", str(tmp_path / "out.zip"), password_file=file)
        with pyzipper.AESZipFile(tmp_path / "out.zip") as archive:
            archive.setpassword(PASSWORD.encode())
            assert archive.read("Project.csv")

    @pytest.mark.parametrize(
        ("target", "words", "sentence"),
        [
            ("out", PASSWORD, "Only a zip is encrypted"),
            ("out.zip", "short", "at least 12 characters"),
            ("out.zip", "", "first line"),
            ("nowhere/out.zip", PASSWORD, "There is no folder"),
        ],
    )
    def test_refuses_with_a_sentence(self, target, words, sentence, db, tmp_path):
        file = tmp_path / "password"
        file.write_text(words)
        with pytest.raises(CommandError, match=sentence):
            call_command("export_hmis_csv", str(tmp_path / target), password_file=file)

    def test_refuses_a_period_that_ends_first(self, db, tmp_path):
        with pytest.raises(CommandError, match="ends before it begins"):
            call_command(
                "export_hmis_csv", str(tmp_path / "out"), "--start=2026-02-01", "--end=2026-01-31"
            )
