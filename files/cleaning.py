"""The nightly cleaning of the file store, which deletes nothing that was not named before."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from files import identity, orphans, quarantine, store
from files.orphans import Counts

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


def survey(*, give_back: bool) -> tuple[Counts, int]:
    """Count what is wrong, and how many files came back from the quarantine.

    Args:
        give_back: move back what a row knows again, and publish rows whose file is there.

    Raises:
        StoreError: if the store does not answer.
    """
    counts, returned = Counts(), 0
    quarantined = quarantine.places()
    for folder in orphans.folders():
        back = quarantine.returnable(folder, quarantined.get(folder.name, []))
        folder.present |= set(back)
        returned += len(back)
        if give_back:
            for key, place in back.items():
                store.move(place, key)
        found = folder.found()
        counts.found += len(found)
        if give_back:
            orphans.mark_found(found)
        orphans.count(folder, counts)
    return counts, returned


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
    for folder in orphans.folders():
        for key in folder.orphans():
            quarantine.put_in_if_there(key)
        orphans.mark_lost(folder)


def empty_quarantine() -> int:
    """Delete what has waited long enough; return how many files it was."""
    return sum(map(quarantine.empty, quarantine.overdue()))


def names() -> Iterator[str]:
    """A line for everything that a run would move, mark or delete one day."""
    for folder in orphans.folders():
        unknown = folder.orphans()
        newer = set(orphans.newer(unknown))
        for key in unknown:
            note = "  newer than the database" if key in newer else ""
            yield f"no record   {key}  stored {store.stored_at(key):%Y-%m-%d %H:%M}{note}"
        for row in folder.lost():
            yield f"no file     {row}  {row.key}"
    for day in quarantine.days():
        until = day + timedelta(days=settings.FILES_QUARANTINE_DAYS)
        for key in quarantine.keys_of(day):
            yield f"quarantine  {key}  deleted from {until}"
