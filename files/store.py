"""Where the bytes are: any storage of Django's, under random keys that say nothing."""

import logging
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

FOLDER = "files"
BLOCK = 64 * 1024
NUMBERED = re.compile(r"files/../[0-9a-f]{32}-([0-9]+)(?:-small)?")
log = logging.getLogger(__name__)


class StoreError(Exception):
    """The store does not take or give a file; nothing is wrong with the file."""

    sentence = (
        "The file store does not answer or is full. Nothing was saved. "
        "Try again in some minutes, and tell the help desk if it happens again."
    )
    when_reading = (
        "The file store does not answer. Try again in some minutes, "
        "and tell the help desk if it happens again."
    )


class LostFileError(StoreError):
    """The store answers, and does not have the file."""

    when_reading = "The file is not in the file store any more. Tell the help desk."


@contextmanager
def trouble(key: str) -> Iterator[None]:
    """Every store has its own exceptions: OSError, botocore's, urllib3's. Here they are two."""
    try:
        yield
    except FileNotFoundError as error:
        log.error("The file store lacks %s", key)
        raise LostFileError from error
    except Exception as error:
        log.error("The file store failed: %s at %s", type(error).__name__, key)
        raise StoreError from error


def new_key(number: int) -> str:
    """A key that says nothing but the number of its row, which is drawn once.

    A file whose number the database has not given yet tells that the database was set back.
    """
    token = secrets.token_hex(16)
    return f"{FOLDER}/{token[:2]}/{token}-{number}"


def number_of(key: str) -> int | None:
    """The number in a key or in a thumbnail's; None in those of earlier releases."""
    found = NUMBERED.fullmatch(key)
    return int(found[1]) if found else None


def thumbnail_of(key: str) -> str:
    """The key of a file's thumbnail: in the same folder, so that both are looked after at once."""
    return f"{key}-small"


def put(stream: IO[bytes], key: str) -> None:
    """Store what is in the stream; leave nothing behind where that fails."""
    stream.seek(0)
    try:
        with trouble(key):
            default_storage.save(key, File(stream, name=key))
    except StoreError:
        discard(key)
        raise


def fetch(key: str) -> IO[bytes]:
    """Return the stored file, opened for reading; memory does not grow with its size."""
    with trouble(key):
        return default_storage.open(key, "rb")


def fetch_local(key: str) -> IO[bytes]:
    """Return the stored file as a file of this machine, which another process can be given."""
    local = tempfile.TemporaryFile()  # noqa: SIM115 -- the caller closes it
    with fetch(key) as stored, trouble(key):
        while block := stored.read(BLOCK):
            local.write(block)
    local.seek(0)
    return local


def discard(*keys: str) -> None:
    """Delete what is stored under these keys; what cannot be deleted now is a stray for later."""
    for key in filter(None, keys):
        try:
            with trouble(key):
                default_storage.delete(key)
        except StoreError:
            log.warning("Left %s for clean_files", key)


def move(key: str, to: str) -> None:
    """Give a stored file another key.

    Raises:
        LostFileError: if it is not there.
        StoreError: if the store does not answer; then it is under the old key or under both.
    """
    with trouble(key):
        if isinstance(default_storage, FileSystemStorage):
            target = Path(default_storage.path(to))
            target.parent.mkdir(0o700, parents=True, exist_ok=True)
            Path(default_storage.path(key)).rename(target)
            return
    with fetch_local(key) as stream:
        put(stream, to)
    with trouble(key):
        default_storage.delete(key)


def folders(root: str = FOLDER) -> list[str]:
    """Every folder in a folder of the store."""
    with trouble(root):
        return [f"{root}/{name}/" for name in _listed(root, 0) if name]


def keys_in(folder: str) -> set[str]:
    with trouble(folder):
        return {f"{folder}{name}" for name in _listed(folder, 1) if name}


def has(key: str) -> bool:
    with trouble(key):
        return default_storage.exists(key)


def stored_at(key: str) -> datetime:
    with trouble(key):
        return default_storage.get_modified_time(key)


def _listed(folder: str, what: int) -> list[str]:
    """The folders (0) or the files (1) in a folder."""
    try:
        return default_storage.listdir(folder)[what]
    except FileNotFoundError:
        return []
