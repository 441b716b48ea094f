"""Where the bytes are: any storage of Django's, under random keys that say nothing.

Where it does not answer, everything here raises StoreError; it may have happened all the same.
"""

import logging
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TypeVar

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from records.network_errors import reason
from records.timed_calls import Calls

Result = TypeVar("Result")

FOLDER = "files"
BLOCK = 64 * 1024
SECONDS_TO_DISCARD = 2
SECONDS_FOR_A_THUMBNAIL = 4  # a page asks for dozens
NUMBERED = re.compile(r"files/../[0-9a-f]{32}-([0-9]+)(?:-small)?")
log = logging.getLogger(__name__)
calls = Calls()


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


def ask(call: Callable[[], Result], key: str, *, seconds: float | None = None) -> Result:
    """Ask the store for something, for FILE_STORE_SECONDS at most, and log where it fails.

    Every store has its own exceptions: OSError, botocore's, urllib3's. Here they are two.
    """
    try:
        return calls.run(call, seconds=settings.FILE_STORE_SECONDS if seconds is None else seconds)
    except FileNotFoundError as error:
        log.error("The file store lacks %s", key)
        raise LostFileError from error
    except Exception as error:
        log.error("The file store failed: %s at %s", _reason(error), key)
        raise StoreError from error


def _reason(error: Exception) -> str:
    """The kind of an error, with the system's words (a full disk) or the code of an S3 store."""
    answer = getattr(error, "response", None) or {}  # of botocore's ClientError
    code = answer.get("Error", {}).get("Code")
    return f"{type(error).__name__} ({code})" if code else reason(error)


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


def put(stream: IO[bytes], key: str, *, seconds: float | None = None) -> None:
    """Store what is in the stream, in so many seconds; part of it may be left where that fails."""
    stream.seek(0)
    ask(lambda: default_storage.save(key, File(stream, name=key)), key, seconds=seconds)


def fetch(key: str, *, seconds: float | None = None) -> IO[bytes]:
    """Return the stored file, opened for reading; memory does not grow with its size.

    From an S3 store all of it has come by then, so that what fails fails before an answer begins.
    """

    def opened() -> IO[bytes]:
        stored = default_storage.open(key, "rb")
        stored.file  # noqa: B018 -- an S3 store is asked for the content here
        return stored

    return ask(opened, key, seconds=seconds)


def fetch_local(key: str) -> IO[bytes]:
    """Return the stored file as a file of this machine, which another process can be given."""
    local = tempfile.TemporaryFile()  # noqa: SIM115 -- the caller closes it
    with fetch(key) as stored:
        ask(lambda: shutil.copyfileobj(stored, local, BLOCK), key)
    local.seek(0)
    return local


def discard(*keys: str) -> None:
    """Delete what is stored under these keys; what cannot be deleted now is an orphan for later."""
    end = time.monotonic() + SECONDS_TO_DISCARD
    left = [key for key in keys if key and not _is_deleted(key, until=end)]
    if left:
        log.warning("Left %s for clean_files", ", ".join(left))


def delete(key: str) -> None:
    """Delete what is stored under a key for good; nothing to do where it is gone already."""
    ask(lambda: default_storage.delete(key), key)


def _is_deleted(key: str, *, until: float) -> bool:
    with suppress(Exception):
        seconds = max(until - time.monotonic(), 0.1)
        calls.run(lambda: default_storage.delete(key), seconds=seconds)
        return True
    return False


def move(key: str, to: str) -> None:
    """Give a stored file another key.

    Raises:
        LostFileError: if it is not there.
    """
    if isinstance(default_storage, FileSystemStorage):
        ask(lambda: _rename(key, to), key)
        return
    with fetch_local(key) as stream:
        put(stream, to)
    ask(lambda: default_storage.delete(key), key)


def _rename(key: str, to: str) -> None:
    target = Path(default_storage.path(to))
    target.parent.mkdir(0o700, parents=True, exist_ok=True)
    Path(default_storage.path(key)).rename(target)


def folders(root: str = FOLDER) -> list[str]:
    """Every folder in a folder of the store."""
    return [f"{root}/{name}/" for name in ask(lambda: _listed(root, 0), root) if name]


def keys_in(folder: str) -> set[str]:
    return {f"{folder}{name}" for name in ask(lambda: _listed(folder, 1), folder) if name}


def has(key: str) -> bool:
    return ask(lambda: default_storage.exists(key), key)


def stored_at(key: str) -> datetime:
    return ask(lambda: default_storage.get_modified_time(key), key)


def _listed(folder: str, what: int) -> list[str]:
    """The folders (0) or the files (1) in a folder."""
    try:
        return default_storage.listdir(folder)[what]
    except FileNotFoundError:
        return []
