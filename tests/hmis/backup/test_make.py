"""How a backup is made: whole or not at all, for its owner's eyes, with the programs that fit."""

import stat
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from clients.models import Client
from files import quarantine, store
from files.models import FileStore, StoredFile
from hmis.backup import BackupError, make, manifest, programs
from hmis.backup.manifest import UNFINISHED
from tests.files.factories import file_of
from tests.hmis.backup.conftest import program, quietly

KEEPS_ITS_COMMAND = """#!/bin/sh
echo "$@" >> {log}
case "$*" in *--version*) ;; *) echo "password ${{PGPASSWORD:+given}}" >> {log};; esac
exec {program} "$@"
"""


def test_command_writes_for_its_owner_alone_and_says_where(there, tmp_path, capsys):
    call_command("backup", tmp_path / "backups")
    out, err = capsys.readouterr()
    (folder,) = manifest.backups_in(tmp_path / "backups")
    assert out == f"{folder}\n"
    assert "8 files" in err, "progress is on standard error"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "backups").rglob("*")}
    assert modes == {0o700, 0o600}
    call_command("verify_backup", tmp_path / "backups")
    assert f"{folder} is whole" in capsys.readouterr().out


def test_backup_of_a_clock_that_was_wrong_is_not_taken_for_the_newest_in_silence(
    there, tmp_path, time_machine
):
    time_machine.move_to(timezone.now() + timedelta(days=40))
    call_command("backup", tmp_path)
    time_machine.move_to(timezone.now() - timedelta(days=40))
    with pytest.raises(CommandError, match="its time is still to come"):
        call_command("verify_backup", tmp_path)


def test_sums_are_those_of_sha256sum(agency):
    line = (agency.backup / manifest.SUMS).read_text().splitlines()[0]
    digest, name = line.split("  ")
    assert manifest.sha256_of(agency.backup / "files" / name) == digest


def test_password_is_on_no_command_line(there, settings, tmp_path):
    log, wrapper = tmp_path / "log", tmp_path / "programs/pg_dump"
    wrapper.parent.mkdir()
    wrapper.write_text(KEEPS_ITS_COMMAND.format(log=log, program=program("pg_dump")))
    wrapper.chmod(0o755)
    settings.PG_PROGRAMS = str(wrapper.parent)
    make.make(tmp_path / "backups", report=quietly)
    said = log.read_text()
    assert "--snapshot=" in said
    assert "password given" in said
    assert connection.settings_dict["PASSWORD"] not in said


def test_killed_backup_is_never_taken_for_a_whole_one(there, tmp_path, monkeypatch):
    def killed(stream, target):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(manifest, "copy", killed)
        with pytest.raises(SystemExit):
            make.make(tmp_path, report=quietly)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(UNFINISHED)
    for command in ("verify_backup", "restore"):
        with pytest.raises(CommandError, match="no whole backup"):
            call_command(command, left)
    lines = []
    folder, _ = make.make(tmp_path, report=lines.append)
    assert f"{left} was left by a backup that did not finish" in lines[0]
    assert manifest.backups_in(tmp_path) == [folder]


def test_files_that_are_in_the_backup_before_are_linked_to(there, tmp_path, monkeypatch):
    first, _ = make.make(tmp_path, report=quietly)
    first = first.rename(tmp_path / "2001-01-01T000000Z")  # within the same second
    fetched = []
    monkeypatch.setattr(
        store, "fetch", lambda key, real=store.fetch: fetched.append(key) or real(key)
    )
    row = file_of(Client.objects.first()).stored
    fetched.clear()
    second, _ = make.make(tmp_path, report=quietly)
    assert set(fetched) - {"store-identity"} == {row.key, row.thumbnail_key}
    for key, digest in manifest.sums_of(first):
        assert (first / "files" / key).samefile(second / "files" / key)
        assert dict(manifest.sums_of(second))[key] == digest
    StoredFile.objects.filter(pk=row.pk).update(status="purged")


def test_file_that_is_missing_is_named_and_the_rest_is_kept(there, tmp_path):
    row = StoredFile.objects.filter(status="ready").first()
    with store.fetch_local(row.key) as content:
        store.discard(row.key)
        with pytest.raises(CommandError, match=f"but for 1 files .*{row.key}") as error:
            call_command("backup", tmp_path)
        store.put(content, row.key)
    assert error.value.returncode == 2
    call_command("verify_backup", tmp_path)


def test_file_that_went_into_the_quarantine_meanwhile_is_kept(there, tmp_path):
    row = StoredFile.objects.filter(status="ready").first()
    quarantine.put_in(row.key)
    folder, missing = make.make(tmp_path, report=quietly)
    store.move(next(quarantine.keys_of(quarantine.days()[0])), row.key)
    assert not missing
    assert dict(manifest.sums_of(folder))[row.key] == row.sha256


def test_store_of_another_database_is_not_backed_up(there, tmp_path):
    call_command("clean_files")
    ours = FileStore.objects.get()
    FileStore.objects.update(identity="00000000-0000-0000-0000-000000000000")
    with pytest.raises(CommandError, match="belongs to another database"):
        call_command("backup", tmp_path)
    FileStore.objects.update(identity=ours.identity)


@pytest.mark.parametrize(
    ("versions", "sentence"),
    [([], "there is none"), ([14], "there is only version 14"), ([16, 18, 15], "")],
)
def test_program_of_the_servers_version_or_newer_is_taken(
    settings, tmp_path, monkeypatch, versions, sentence
):
    for version in versions:
        path = tmp_path / str(version) / "pg_dump"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.2 (Debian)'\n")
        path.chmod(0o755)
    monkeypatch.setattr(
        programs, "_folders", lambda: [tmp_path / str(version) for version in versions]
    )
    if sentence:
        with pytest.raises(BackupError, match=f"of version 16 or newer is needed, and {sentence}"):
            programs.find("pg_dump", least=16)
    else:
        assert programs.find("pg_dump", least=16) == tmp_path / "16/pg_dump"


def test_target_that_cannot_be_written_gives_a_sentence(there, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match=r"Reading or writing failed: .* at "):
        call_command("backup", tmp_path / "file" / "backups")
