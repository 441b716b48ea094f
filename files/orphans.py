"""What file store and database do not know of each other: files without a row, rows without a file.

Everything here goes folder by folder, one 256th of the store each, so that memory stays small.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from files import store
from files.models import Status, StoredFile

MAY_BE_UPLOADING = timedelta(hours=1)


@dataclass
class Counts:
    """What a look at the store and the rows has found."""

    objects: int = 0
    kept: int = 0  # rows that should have a file
    orphans: int = 0
    newer: int = 0  # of the orphans: stored when this database was further than it is now
    lost: int = 0
    thumbnails: int = 0  # that are gone
    found: int = 0  # rows whose file, or thumbnail, is there again

    @property
    def at_stake(self) -> int:
        """How many files would be moved away and records marked."""
        return self.orphans + self.lost + self.thumbnails


@dataclass
class Folder:
    """One folder of the store, and the rows whose files belong there.

    An object younger than an hour is no orphan: its upload may be going on. The listing is older
    than a row may be, so what seems to be gone is asked for again.
    """

    name: str
    present: set[str]
    rows: list[StoredFile] = field(default_factory=list)

    @classmethod
    def read(cls, name: str) -> "Folder":
        present = store.keys_in(name)
        return cls(name, present, list(StoredFile.objects.in_folder(name)))

    @property
    def named(self) -> set[str]:
        """The keys that the rows know."""
        rows = [row for row in self.rows if row.state.may_be_stored]
        return {key for row in rows for key in (row.key, store.thumbnail_of(row.key))}

    def orphans(self) -> list[str]:
        """Keys that no row names, by name; those that may be part of an upload are left out."""
        newest = timezone.now() - MAY_BE_UPLOADING
        unnamed = sorted(self.present - self.named)
        return [key for key in unnamed if _is_older(key, newest)]

    def lost(self) -> list[StoredFile]:
        return [row for row in self.rows if row.state.is_kept and not self._has(row.key)]

    def without_thumbnail(self) -> list[StoredFile]:
        """Rows whose file is there and whose thumbnail is gone."""
        rows = [row for row in self.rows if row.state.is_kept and row.thumbnail_key]
        return [row for row in rows if self._has(row.key) and not self._has(row.thumbnail_key)]

    def found(self) -> list[StoredFile]:
        """Rows that were marked, and whose file or thumbnail is there."""
        return [row for row in self.rows if self._is_back(row)]

    def _is_back(self, row: StoredFile) -> bool:
        if row.status == Status.LOST:
            return row.key in self.present
        return (
            row.state.is_kept
            and not row.thumbnail_key
            and store.thumbnail_of(row.key) in self.present
        )

    def _has(self, key: str) -> bool:
        return key in self.present or store.has(key)


def folders() -> Iterator[Folder]:
    """Every folder that the store has or that rows name.

    Raises:
        StoreError: if the store does not answer.
    """
    for name in sorted({*store.folders(), *StoredFile.objects.folders()}):
        yield Folder.read(name)


def count(folder: Folder, counts: Counts) -> None:
    """Add what one folder holds."""
    orphans = folder.orphans()
    counts.objects += len(folder.present)
    counts.kept += sum(row.state.is_kept for row in folder.rows)
    counts.orphans += len(orphans)
    counts.newer += len(newer(orphans))
    counts.lost += len(folder.lost())
    counts.thumbnails += len(folder.without_thumbnail())


def newer(keys: Iterable[str]) -> list[str]:
    """The orphans whose number this database has not given yet, or has given to another file.

    Each number is drawn once, before its upload: such a file was stored by a database that was
    further on than this one, which therefore was restored from an older backup.
    """
    numbers = {key: number for key in keys if (number := store.number_of(key))}
    last = StoredFile.objects.last_number()
    known = StoredFile.objects.in_bulk(list(numbers.values()))
    return [
        key
        for key, number in numbers.items()
        if number > last
        or (number in known and key not in (known[number].key, known[number].thumbnail_key))
    ]


def mark_found(rows: Iterable[StoredFile]) -> int:
    """Publish rows whose files are there again; return how many."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 -- the count is the answer
        if row.status == Status.LOST:
            row.status = Status.READY
        thumbnail = store.thumbnail_of(row.key)
        row.thumbnail_key = thumbnail if store.has(thumbnail) else ""
        row.save(update_fields=["status", "thumbnail_key"])
    return count


def mark_lost(folder: Folder) -> None:
    for row in folder.lost():
        row.status = Status.LOST
        row.save(update_fields=["status"])
    for row in folder.without_thumbnail():
        row.thumbnail_key = ""
        row.save(update_fields=["thumbnail_key"])


def _is_older(key: str, newest) -> bool:
    try:
        return store.stored_at(key) < newest
    except store.LostFileError:
        return False  # somebody has moved it meanwhile
