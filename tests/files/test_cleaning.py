"""clean_files against a wrong or a restored database: it deletes nothing that was not named."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from files import identity, store
from files.models import ClientFile, FileStore, StoredFile
from files.querysets import FOLDER_LENGTH
from tests.files.factories import file_of
from tests.files.orphans import later, orphan, quarantined

MANY = 14


@pytest.fixture
def cabinet(file_system, john):
    """John's files in a store that the nightly run knows."""
    rows = [file_of(john) for _ in range(MANY)]
    later(call_command, "clean_files")
    return rows


def everything():
    return {key for folder in store.folders() for key in store.keys_in(folder)}


def forget(rows):
    """What a database does not know that was dumped before these were uploaded."""
    keys = {key for row in rows for key in (row.stored.key, row.stored.thumbnail_key)}
    ClientFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    StoredFile.objects.filter(pk__in=[row.stored_id for row in rows]).delete()
    return keys


def set_back(number):
    """The sequence is where it was when the dump was taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('files_storedfile_id_seq', %s)", [number])


def refused(*args, **options):
    with pytest.raises(CommandError) as refusal:
        later(call_command, "clean_files", *args, **options)
    return str(refusal.value)


def test_store_of_another_database_is_left_alone(cabinet):
    before = everything()
    forget(cabinet)
    FileStore.objects.all().delete()
    assert "belongs to another database" in refused()
    FileStore.objects.create(pk=1)
    assert "belongs to another database" in refused("--purge-deleted", "1")
    assert everything() == before
    assert not quarantined()


def test_adopting_a_store_still_refuses_to_empty_it(cabinet):
    before = everything()
    forget(cabinet)
    FileStore.objects.all().delete()
    assert f"{2 * MANY} of {2 * MANY} files have no record" in refused(adopt_store=True)
    assert everything() == before


def test_database_that_never_claimed_the_store_does_not_empty_it(file_system, john):
    """28 of 28 files were deleted here once."""
    forget([file_of(john) for _ in range(MANY)])
    assert "28 of 28 files have no record in this database" in refused()
    assert len(everything()) == 2 * MANY
    assert not identity.written(), "the store's own database comes later"


@pytest.mark.parametrize("uploads_since", [0, 2])
def test_file_that_is_newer_than_a_restored_database_stays(cabinet, john, uploads_since):
    last = cabinet[-1].stored_id
    unknown = forget([file_of(john)])
    set_back(last)
    for _ in range(uploads_since):
        file_of(john)
    said = refused()
    assert "2 files were stored when this database was further on" in said
    assert "restored from an older backup" in said
    assert "--confirm 2" in said
    assert unknown <= everything()
    assert refused() == said, "cron is told every night"


def test_list_names_what_is_newer(cabinet, john, capsys):
    unknown = forget([file_of(john)])
    set_back(cabinet[-1].stored_id)
    later(call_command, "clean_files", "--list")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines] == sorted(unknown)
    assert all(line.endswith("newer than the database") for line in lines)
    assert unknown <= everything()


def test_confirmed_number_goes_into_the_quarantine_and_no_more(cabinet, john):
    unknown = forget(cabinet[:8])
    assert "--confirm 16" in refused()
    assert "--confirm 16" in refused("--confirm", "15")
    later(call_command, "clean_files", "--confirm", "16")
    assert not unknown & everything()
    assert len(quarantined()) == 16


def test_quarantine_is_emptied_after_its_days_and_not_before(cabinet, settings):
    key = orphan()
    later(call_command, "clean_files")
    later(call_command, "clean_files", days=settings.FILES_QUARANTINE_DAYS - 1)
    assert len(quarantined()) == 1
    later(call_command, "clean_files", days=settings.FILES_QUARANTINE_DAYS)
    assert not quarantined()
    assert not store.has(key)
    assert not store.folders("quarantine")


def test_quarantine_is_not_emptied_while_something_is_refused(cabinet, settings):
    orphan()
    later(call_command, "clean_files")
    forget(cabinet[:8])
    assert refused(days=settings.FILES_QUARANTINE_DAYS + 1)
    assert len(quarantined()) == 1


def test_file_comes_back_from_the_quarantine_when_a_row_knows_it_again(each_store, john, capsys):
    row = file_of(john)
    keys = {row.stored.key, row.stored.thumbnail_key}
    StoredFile.objects.filter(pk=row.stored_id).update(status="purged")
    later(call_command, "clean_files")
    assert not keys & everything()
    assert len(quarantined()) == 2
    StoredFile.objects.filter(pk=row.stored_id).update(status="ready")  # a dump is restored
    later(call_command, "clean_files")
    assert "2 back from the quarantine" in capsys.readouterr().out
    assert keys <= everything()
    assert not quarantined()
    row.stored.refresh_from_db()
    assert row.stored.has_thumbnail


def test_store_that_is_not_mounted_marks_no_record(cabinet, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "not-mounted")
    assert f"store is empty, and {MANY} records have a file" in refused()
    assert StoredFile.objects.filter(status="ready").count() == MANY


def test_part_of_a_store_that_is_gone_marks_no_record(cabinet):
    for row in cabinet[:11]:
        store.discard(row.stored.key, row.stored.thumbnail_key)
    assert f"11 of {MANY} records have no file in this store" in refused()
    assert StoredFile.objects.filter(status="ready").count() == MANY


def test_unfinished_restore_is_left_alone(cabinet):
    identity.write(f"{identity.RESTORING}2026-11-29")
    assert "was not finished" in refused()


def test_share_is_a_setting(cabinet, settings):
    settings.FILES_QUARANTINE_PERCENT = 100
    forget(cabinet[:8])
    later(call_command, "clean_files")
    assert len(quarantined()) == 16


def test_number_of_an_upload_is_never_given_twice(file_system, john):
    row = file_of(john)
    assert store.number_of(row.stored.key) == store.number_of(row.stored.thumbnail_key)
    assert store.number_of(row.stored.key) == row.stored_id
    assert file_of(john).stored_id > row.stored_id
    assert store.number_of("files/3f/" + "3f" * 20) is None, "of an earlier release"


def test_file_of_an_earlier_release_is_an_orphan_like_others(cabinet):
    key = f"files/3f/{'3f' * 20}"
    store.put(io.BytesIO(b"old"), key)
    later(call_command, "clean_files")
    assert len(quarantined()) == 1


def test_purging_takes_only_what_was_deleted_long_enough_ago(
    cabinet, alice, django_capture_on_commit_callbacks
):
    row, other = cabinet[:2]
    for one, days in ((row, 40), (other, 39)):
        one.mark_deleted(by=alice)
        deleted = timezone.now() - timedelta(days=days)
        ClientFile.with_deleted.filter(pk=one.pk).update(date_deleted=deleted)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("clean_files", purge_deleted=40)
    assert not store.has(row.stored.key)
    assert store.has(other.stored.key)


def test_rows_of_a_folder_are_found_by_an_index(cabinet):
    """A store has 256 folders: without one, each night would read all rows as many times."""
    folder = cabinet[0].stored.key[:FOLDER_LENGTH]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a nearly empty table is read as a whole
        plan = StoredFile.objects.in_folder(folder).explain()
    assert "stored_file_folder" in plan
    assert cabinet[0].stored in StoredFile.objects.in_folder(folder)
    for other in StoredFile.objects.folders() - {folder}:
        assert cabinet[0].stored not in StoredFile.objects.in_folder(other)
