"""Where files wait that no row knows: in the same store, for days, before they are deleted.

`quarantine/2026-11-29/3f/3f09...` was `files/3f/3f09...` until that day. A row that knows it again,
as after the restore of a dump, gets it back.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from files import store

ROOT = "quarantine"


def put_in(key: str) -> None:
    """Move a file out of sight; it is there for FILES_QUARANTINE_DAYS from today."""
    store.move(key, key.replace(store.FOLDER, f"{ROOT}/{timezone.localdate()}", 1))


def put_in_if_there(*keys: str) -> None:
    """Move what is stored under these keys; what cannot be moved now is an orphan for later."""
    for key in filter(None, keys):
        try:
            put_in(key)
        except store.LostFileError:
            continue
        except store.StoreError:
            store.log.warning("Left %s for clean_files", key)


def places() -> dict[str, list[str]]:
    """The folders of the quarantine by the folder of the store that their files come from."""
    found: dict[str, list[str]] = defaultdict(list)
    for day in days():
        for folder in store.folders(f"{ROOT}/{day}"):
            found[folder.replace(f"{ROOT}/{day}", store.FOLDER, 1)].append(folder)
    return found


def days() -> list[date]:
    """The days on which files were moved here that are here still, the first one first."""
    names = [folder.split("/")[1] for folder in store.folders(ROOT)]
    return sorted(date.fromisoformat(name) for name in names)


def keys_of(day: date) -> Iterator[str]:
    """The keys, in the quarantine, of what was moved there on a day."""
    for folder in store.folders(f"{ROOT}/{day}"):
        yield from sorted(store.keys_in(folder))


def overdue() -> list[date]:
    """The days whose files have been here long enough."""
    last = timezone.localdate() - timedelta(days=settings.FILES_QUARANTINE_DAYS)
    return [day for day in days() if day <= last]


def empty(day: date) -> int:
    """Delete for good what was moved here on a day; return how many files it was."""
    count = 0
    for folder in store.folders(f"{ROOT}/{day}"):
        for key in store.keys_in(folder):
            store.discard(key)
            count += 1
        store.discard(folder.rstrip("/"))
    store.discard(f"{ROOT}/{day}")
    return count


def delete_everywhere(keys: Iterable[str]) -> None:
    """Delete files for good, out of the store and out of the quarantine."""
    wanted = set(filter(None, keys))
    for key in wanted:
        store.delete(key)
    names = {key.removeprefix(f"{store.FOLDER}/") for key in wanted}
    folders = {name.split("/")[0] for name in names}
    for day in days() if names else []:
        for folder in folders:
            for key in store.keys_in(f"{ROOT}/{day}/{folder}/"):
                if key.removeprefix(f"{ROOT}/{day}/") in names:
                    store.delete(key)
