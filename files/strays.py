"""Finds and mends what a crash between the store and the database left behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from files import store
from files.models import Status, StoredFile

MAY_BE_UPLOADING = timedelta(hours=1)


@dataclass
class Tally:
    """What was found: objects without a row, rows without an object, rows whose object is back."""

    objects: int = 0
    strays: int = 0
    lost: int = 0
    found: int = 0
    thumbnails: int = 0


def mend(*, dry_run: bool = False) -> Tally:
    """Delete objects that no row names, and mark rows whose object is not there.

    Goes folder by folder, one 256th of the store each, so that memory stays small. An object
    younger than an hour may belong to an upload whose row is not yet committed.

    Raises:
        StoreError: if the store does not answer; what was mended before stays mended.
    """
    tally = Tally()
    for folder in sorted({*store.folders(), *StoredFile.objects.folders()}):
        present = store.keys_in(folder)
        rows = list(StoredFile.objects.in_folder(folder))
        _delete_strays(present, rows, tally, dry_run=dry_run)
        for row in rows:
            if _has_changed(row, present, tally) and not dry_run:
                row.save(update_fields=["status", "thumbnail_key"])
    return tally


def _delete_strays(
    present: set[str], rows: Iterable[StoredFile], tally: Tally, *, dry_run: bool
) -> None:
    named = {key for row in rows if row.state.may_be_stored for key in (row.key, row.thumbnail_key)}
    newest = timezone.now() - MAY_BE_UPLOADING
    tally.objects += len(present)
    for key in sorted(present - named):
        if store.stored_at(key) < newest:
            tally.strays += 1
            if not dry_run:
                store.discard(key)


def _has_changed(row: StoredFile, present: set[str], tally: Tally) -> bool:
    # The listing is older than the row may be: ask again before saying that something is gone.
    if row.state.is_kept and row.key not in present and not store.has(row.key):
        tally.lost += 1
        row.status = Status.LOST
        return True
    if row.status == Status.LOST and row.key in present:
        tally.found += 1
        row.status = Status.READY
        return True
    thumbnail = row.thumbnail_key if row.state.is_kept else ""
    if thumbnail and thumbnail not in present and not store.has(thumbnail):
        tally.thumbnails += 1
        row.thumbnail_key = ""
        return True
    return False
