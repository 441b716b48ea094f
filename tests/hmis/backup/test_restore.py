"""What was backed up is there again, all of it and nothing else; into an empty place alone."""

import hashlib
import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies.models import User
from casenotes.models import NoteDraft
from clients.forms.find import FindClientForm
from clients.models import Client
from clients.search import exact_matches, near_matches
from files import store
from files.models import StoredFile
from hmis.backup import BackupError, manifest, programs, tables
from hmis.backup.make import make
from hmis.backup.manifest import Manifest
from hmis.backup.restore import require_empty_store, restore
from tests.files.factories import file_of
from tests.files.orphans import later
from tests.hmis.backup.conftest import (
    SSN,
    every_table,
    folder_store,
    on_database,
    program,
    quietly,
    s3_store,
)


def every_file():
    found = {}
    for row in StoredFile.objects.all():
        for key in (row.key, row.thumbnail_key):
            with store.fetch(key) as stream:
                found[key] = hashlib.sha256(stream.read()).hexdigest()
    return found


def search(**boxes):
    form = FindClientForm(boxes)
    assert form.is_valid()
    return form.criteria


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_everything_is_there_again(agency, databases, kind, request, stack, tmp_path):
    name = databases.empty()
    if kind == "s3":
        stack.enter_context(s3_store(request.getfixturevalue("s3_server")))
    else:
        stack.enter_context(folder_store(tmp_path / "media"))
    with on_database(name):
        call_command("restore", agency.backup)
        assert every_table() == agency.tables
        assert len(every_file()) == 8
        assert every_file() == dict(manifest.sums_of(agency.backup))
        # and from this store again
        again, missing = make(tmp_path / "again", report=quietly)
        assert not missing
        assert list(manifest.sums_of(again)) == list(manifest.sums_of(agency.backup))
        later(call_command, "clean_files")
        the_product_works(User.objects.get(pk=agency.alice))


def the_product_works(alice):
    client = Client.objects.get(last_name="Quiller")
    assert client.ssn == SSN
    assert client in exact_matches(search(ssn=SSN), alice).clients
    assert [one.client for one in near_matches(search(last_name="Quillar"), alice)] == [client]
    assert alice.check_password("pass-phrase-for-tests")
    # History is written, and cannot be rewritten.
    versions = apps.get_model("clients", "ClientEvent").objects.filter(pgh_obj=client.pk)
    before = versions.count()
    Client.objects.filter(pk=client.pk).update(middle_name="Quill")
    assert versions.count() == before + 1
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        versions.update(middle_name="Rewritten")
    assert file_of(client).stored_id > 4, "numbers go on where they were"


def test_restored_older_dump_beside_newer_files_loses_none(agency, databases, capsys):
    """By hand, into a new database over the store that stayed."""
    with on_database(agency.database), folder_store(agency.media):
        newer = file_of(Client.objects.first()).stored
    name = databases.empty()
    with on_database(name), folder_store(agency.media):
        programs.run(
            program("pg_restore"),
            *("--no-owner", "--exit-on-error", str(agency.backup / manifest.DUMP)),
        )
        call_command("grant_rights", verbosity=0)
        before = sorted(agency.media.rglob("*"))
        with pytest.raises(CommandError, match="2 files were stored when this database"):
            later(call_command, "clean_files", "--purge-deleted", "1")
        assert sorted(agency.media.rglob("*")) == before
        capsys.readouterr()
        later(call_command, "clean_files", "--list")
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[2] for line in lines] == [newer.key, newer.thumbnail_key]


def nothing_is_there():
    with programs.connect() as link:
        return not tables.names(link) and not store.folders()


@pytest.mark.parametrize("name", ["SSN_ENCRYPTION_KEYS", "SSN_HASH_KEY"])
def test_wrong_keys_are_refused(agency, empty, settings, name):
    wrong = [Fernet.generate_key().decode()] if name.endswith("KEYS") else "another"
    setattr(settings, name, wrong)
    with pytest.raises(CommandError, match=f"{name}.*restore again"):
        call_command("restore", agency.backup)
    assert nothing_is_there()


def test_newer_key_before_those_of_the_backup_is_fine(settings):
    kept = manifest.fingerprint_of_keys()
    settings.SSN_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.SSN_ENCRYPTION_KEYS]
    manifest.require_keys(kept)


def test_manifest_tells_nothing_of_the_keys(agency):
    text = (agency.backup / manifest.NAME).read_text()
    keys = [*django_settings.SSN_ENCRYPTION_KEYS, django_settings.SSN_HASH_KEY]
    for key in keys:
        assert key not in text
        assert hashlib.sha256(key.encode()).hexdigest()[:32] not in text
    kept = Manifest.read(agency.backup).keys
    assert manifest.fingerprint_of_keys()["hash"] != kept["hash"], "each backup has a salt"


def test_database_with_tables_is_refused(agency, empty):
    with programs.connect() as link:
        link.execute("CREATE TABLE something (id int)")
    with pytest.raises(CommandError, match="has 1 tables, and nothing is restored over data"):
        call_command("restore", agency.backup)
    assert not store.folders()


def test_store_with_files_is_refused(agency, empty):
    (empty.media / "files/3f").mkdir(parents=True)
    with pytest.raises(CommandError, match="file store has files already"):
        call_command("restore", agency.backup)


def test_backup_of_a_newer_release_is_refused(copied, empty):
    whole = Manifest.read(copied)
    whole.migrations.append("clients.0999_from_the_future")
    whole.write(copied)
    with pytest.raises(CommandError, match=r"newer release .*0999_from_the_future"):
        call_command("restore", copied)
    assert nothing_is_there()


def test_backup_of_migrations_that_are_gone_is_refused(copied, empty):
    whole = Manifest.read(copied)
    whole.migrations.remove("clients.0001_tables")
    whole.migrations += ["clients.0001_extensions", "clients.0002_initial"]
    whole.write(copied)
    with pytest.raises(CommandError, match=r"an older release .*0001_extensions"):
        call_command("restore", copied)
    assert nothing_is_there()


def test_backup_of_a_newer_server_is_refused(copied, empty):
    whole = Manifest.read(copied)
    whole.server = 99
    whole.write(copied)
    with pytest.raises(CommandError, match="made on PostgreSQL 99"):
        call_command("restore", copied)


def flip(path: Path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def a_file(folder: Path) -> Path:
    return next(path for path in sorted(folder.rglob("files/*/*")) if path.is_file())


DAMAGES = {
    "a file changed": lambda folder: flip(a_file(folder)),
    "a file deleted": lambda folder: a_file(folder).unlink(),
    "the dump changed": lambda folder: flip(folder / manifest.DUMP),
    "the dump deleted": lambda folder: (folder / manifest.DUMP).unlink(),
    "the list cut": lambda folder: (folder / manifest.SUMS).write_text(
        "".join((folder / manifest.SUMS).read_text().splitlines(True)[:-1])
    ),
    "the list deleted": lambda folder: (folder / manifest.SUMS).unlink(),
    "the manifest changed": lambda folder: (folder / manifest.NAME).write_text(
        (folder / manifest.NAME).read_text().replace('"count": 8', '"count": 7')
    ),
    "the manifest cut": lambda folder: (folder / manifest.NAME).write_text("{"),
    "the manifest deleted": lambda folder: (folder / manifest.NAME).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_never_restored(copied, empty, damage):
    DAMAGES[damage](copied)
    for command in ("verify_backup", "restore"):
        with pytest.raises(CommandError, match=r"damaged|no whole backup") as refusal:
            call_command(command, copied)
        assert "another" in str(refusal.value)
    assert nothing_is_there()


def test_restore_that_was_killed_begins_again_from_the_same_backup(agency, empty, monkeypatch):
    put, count = store.put, []

    def killed(stream, key, **options):
        count.append(key)
        if len(count) == 5:
            stream = (agency.backup / manifest.DUMP).open("rb")  # some bytes of it are there
            put(stream, key)
            raise SystemExit
        put(stream, key, **options)

    with monkeypatch.context() as patch:
        patch.setattr(store, "put", killed)
        with pytest.raises(SystemExit):
            restore(agency.backup, report=quietly)
    with programs.connect() as link:
        assert not tables.names(link)
    other = Manifest.read(agency.backup)
    other.identity = "another"
    with pytest.raises(BackupError, match="has files already"):
        require_empty_store(other)
    restore(agency.backup, report=quietly)
    kept = dict(manifest.sums_of(agency.backup))
    assert every_file() == kept


def test_restore_whose_database_fails_leaves_it_empty(agency, empty, monkeypatch):
    def fails(program, *options):
        real(program, *options, "--section=data")  # without tables for them

    real = programs.run
    monkeypatch.setattr(programs, "run", fails)
    with pytest.raises(CommandError, match="pg_restore failed"):
        call_command("restore", agency.backup)
    with programs.connect() as link:
        assert not tables.names(link)


def test_half_written_notes_have_their_time_again(agency, databases, tmp_path):
    """Else the first night after the restore of an old dump would delete them all."""
    with on_database(agency.database), folder_store(agency.media):
        client = Client.objects.first()
        draft = NoteDraft(user_id=agency.alice, client=client, form_token=uuid.uuid4())
        draft.typed_json, draft.typed_at = json.dumps({"text": ["typed"]}), 0
        draft.save()
        old = timezone.now() - timedelta(days=90)
        NoteDraft.objects.filter(pk=draft.pk).update(at=old)
        folder, _ = make(tmp_path / "backups", report=quietly)
        NoteDraft.objects.all().delete()
    with on_database(databases.empty()), folder_store(tmp_path / "media"):
        call_command("restore", folder)
        call_command("clear_expired")
        assert NoteDraft.objects.get().typed_json == json.dumps({"text": ["typed"]})


def test_restore_that_was_killed_at_its_end_is_finished(agency, empty, monkeypatch):
    def killed(whole):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("hmis.backup.restore._finish", killed)
        with pytest.raises(SystemExit):
            restore(agency.backup, report=quietly)
    with pytest.raises(CommandError, match="was not finished"):
        call_command("clean_files")
    call_command("restore", agency.backup)
    call_command("clean_files")
    assert every_file() == dict(manifest.sums_of(agency.backup))


@pytest.mark.parametrize("is_cut", [False, True])
def test_server_older_than_its_programs_is_restored_through_psql(
    agency, empty, monkeypatch, tmp_path, is_cut
):
    """As if the server knew no transaction_timeout; a script that breaks off leaves nothing."""
    real = program("pg_restore")
    wrapper = tmp_path / "pg_restore"
    wrapper.write_text(CUT.format(program=real))
    wrapper.chmod(0o755)
    (tmp_path / "psql").symlink_to(real.with_name("psql"))
    found = wrapper if is_cut else real
    monkeypatch.setattr(programs, "find", lambda name, least: found)
    monkeypatch.setattr(programs, "major", lambda path: 19)
    monkeypatch.setattr("hmis.backup.restore.KNOWS_TRANSACTION_TIMEOUT", 18.5)
    if is_cut:
        with pytest.raises(BackupError, match="pg_restore failed"):
            restore(agency.backup, report=quietly)
        with programs.connect() as link:
            assert not tables.names(link)
    else:
        restore(agency.backup, report=quietly)
        assert every_table() == agency.tables


CUT = """#!/bin/sh
case "$*" in *--list*) exec {program} "$@";; esac
{program} "$@" | head -n 4000
exit 1
"""
