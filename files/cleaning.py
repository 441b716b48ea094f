"""The nightly cleaning of the file store, which deletes nothing that was not named before.

Files without a row and rows without a file are looked for folder by folder, one 256th of the store
each, so that memory stays small.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from files import identity, quarantine, store
from files.models import Status, StoredFile

MAY_BE_UPLOADING = timedelta(hours=1)

FEW = 10  # files: so many may always go

SET_BACK = (
    "{newer} files were stored when this database was further on than it is now: it seems to have "
    "been restored from an older backup, and these files belong to what was entered since."
)
MANY_ORPHANS = "{orphans} of {objects} files have no record in this database."
MANY_LOST = "{lost} of {kept} records have no file in this store. Is it the right one, and mounted?"
EMPTY = "The file store is empty, and {kept} records have a file. Is it the right one, and mounted?"
GO_ON = (
    "Nothing was moved or deleted. See them with clean_files --list. "
    "If they may all go into the quarantine: clean_files --confirm {at_stake}"
)


class RefusedError(Exception):
    """So much would go that a mistake is likelier; the message says why and what to do."""


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
    rows: list[StoredFile]

    @property
    def named(self) -> set[str]:
        """The keys that the rows know."""
        rows = [row for row in self.rows if row.state.may_be_stored]
        return {key for row in rows for key in (row.key, store.thumbnail_of(row.key))}

    def orphans(self) -> list[str]:
        """Keys that no row names, by name; those that may be part of an upload are left out."""
        newest, found = timezone.now() - MAY_BE_UPLOADING, []
        for key in sorted(self.present - self.named):
            with suppress(store.LostFileError):  # somebody has moved it meanwhile
                if store.stored_at(key) < newest:
                    found.append(key)
        return found

    def lost(self) -> list[StoredFile]:
        return [row for row in self.rows if row.state.is_kept and not self._has(row.key)]

    def without_thumbnail(self) -> list[StoredFile]:
        """Rows whose file is there and whose thumbnail is gone."""
        rows = [row for row in self.rows if row.state.is_kept and row.thumbnail_key]
        return [row for row in rows if self._has(row.key) and not self._has(row.thumbnail_key)]

    def found(self) -> list[StoredFile]:
        """Rows that were marked, and whose file or thumbnail is there."""
        kept = [row for row in self.rows if row.state.is_kept and not row.thumbnail_key]
        back = [row for row in kept if store.thumbnail_of(row.key) in self.present]
        lost = [row for row in self.rows if row.status == Status.LOST]
        return back + [row for row in lost if row.key in self.present]

    def returnable(self, quarantined: list[str]) -> dict[str, str]:
        """Keys that the rows name and lack, each with where it is in these folders."""
        missing = self.named - self.present
        here = {key for place in quarantined for key in store.keys_in(place)} if missing else set()
        by_name = {key.rpartition("/")[2]: key for key in here}
        found = {key: by_name.get(key.rpartition("/")[2], "") for key in missing}
        return {key: place for key, place in found.items() if place}

    def _has(self, key: str) -> bool:
        return key in self.present or store.has(key)


def folders() -> Iterator[Folder]:
    """Every folder that the store has or that rows name."""
    for name in sorted({*store.folders(), *StoredFile.objects.folders()}):
        yield Folder(name, store.keys_in(name), list(StoredFile.objects.in_folder(name)))


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


def survey(*, give_back: bool) -> tuple[Counts, int]:
    """Count what is wrong, and how many files came back from the quarantine.

    Args:
        give_back: move back what a row knows again, and publish rows whose file is there.
    """
    counts, returned = Counts(), 0
    quarantined = quarantine.places()
    for folder in folders():
        back = folder.returnable(quarantined.get(folder.name, []))
        folder.present |= set(back)
        returned += len(back)
        if give_back:
            for key, place in back.items():
                store.move(place, key)
        found = folder.found()
        if give_back:
            mark_found(found)
        orphans = folder.orphans()
        counts.objects += len(folder.present)
        counts.kept += sum(row.state.is_kept for row in folder.rows)
        counts.orphans += len(orphans)
        counts.newer += len(newer(orphans))
        counts.lost += len(folder.lost())
        counts.thumbnails += len(folder.without_thumbnail())
        counts.found += len(found)
    return counts, returned


def mark_found(rows: Iterable[StoredFile]) -> None:
    """Publish rows whose files are there again."""
    for row in rows:
        if row.status == Status.LOST:
            row.status = Status.READY
        thumbnail = store.thumbnail_of(row.key)
        row.thumbnail_key = thumbnail if store.has(thumbnail) else ""
        row.save(update_fields=["status", "thumbnail_key"])


def refusal(counts: Counts, *, confirmed: int | None) -> str:
    """Why nothing is moved: much would go, or the store is newer than the database.

    Args:
        confirmed: so many files and records somebody has agreed to.
    """
    reasons = list(_reasons(counts))
    if not reasons or (confirmed is not None and counts.at_stake <= confirmed):
        return ""
    return " ".join([*reasons, GO_ON]).format(**vars(counts), at_stake=counts.at_stake)


def _reasons(counts: Counts) -> Iterator[str]:
    if counts.newer:
        yield SET_BACK
    if _is_much(counts.orphans, counts.objects):
        yield MANY_ORPHANS
    if counts.kept and not counts.objects and identity.is_missing():
        yield EMPTY
    elif _is_much(counts.lost + counts.thumbnails, counts.kept):
        yield MANY_LOST


def _is_much(part: int, whole: int) -> bool:
    return part > FEW and part * 100 > whole * settings.FILES_QUARANTINE_PERCENT


def take_away() -> None:
    """Move orphans into the quarantine and mark rows without a file."""
    for folder in folders():
        for key in folder.orphans():
            quarantine.put_in_if_there(key)
        for row in folder.lost():
            row.status = Status.LOST
            row.save(update_fields=["status"])
        for row in folder.without_thumbnail():
            row.thumbnail_key = ""
            row.save(update_fields=["thumbnail_key"])


def empty_quarantine() -> int:
    """Delete what has waited long enough; return how many files it was."""
    return sum(map(quarantine.empty, quarantine.overdue()))


def names() -> Iterator[str]:
    """A line for everything that a run would move, mark or delete one day."""
    for folder in folders():
        unknown = folder.orphans()
        ahead = set(newer(unknown))
        for key in unknown:
            note = "  newer than the database" if key in ahead else ""
            yield f"no record   {key}  stored {store.stored_at(key):%Y-%m-%d %H:%M}{note}"
        for row in folder.lost():
            yield f"no file     {row}  {row.key}"
    for day in quarantine.days():
        until = day + timedelta(days=settings.FILES_QUARANTINE_DAYS)
        for key in quarantine.keys_of(day):
            yield f"quarantine  {key}  deleted from {until}"
