"""The files of exports and imports in the file store: sealed, apart from clients' files.

A file is stored before its row is written, and deleted after it: what is in the store without a row
can be read by nobody, and `sweep` deletes it.
"""

import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from exchange.models import KeptFile, Transfer
from exchange.sealing import new_seal, seal, unseal
from exchange.states import KeptPart
from files import store

FOLDER = "exchange"
SECONDS = 15 * 60.0  # for a file of gigabytes
LEFT_BEHIND = timedelta(days=1)


def new_key() -> str:
    token = secrets.token_hex(16)
    return f"{FOLDER}/{token[:2]}/{token}"


@dataclass(frozen=True)
class Sealed:
    """A file that is in the store, and of which no row tells yet."""

    store_key: str
    seal: str
    size: int

    def record(self, transfer: Transfer, part: KeptPart) -> KeptFile:
        return KeptFile.objects.create(transfer=transfer, part=part, **vars(self))


@contextmanager
def stored(plain: IO[bytes], *, seconds: float | None = None) -> Iterator[Sealed]:
    """Seal a file and store it; take it back where the block fails.

    Use it outside of a transaction: the store may take its time. Raises StoreError.
    """
    plain.seek(0)
    key, seal_of_it = new_key(), new_seal()
    with nameless() as sealed:
        size = seal(plain, sealed, seal_of_it)
        try:
            store.put(sealed, key, seconds=seconds)
            yield Sealed(key, seal_of_it, size)
        except (InterfaceError, OperationalError):  # nobody knows whether the row was committed
            raise
        except BaseException:
            store.discard(key)
            raise


def pieces(kept: KeptFile) -> Iterator[bytes]:
    """The plain file, piece by piece; whether the store has it is known when this returns.

    Raises StoreError.
    """
    stored = store.fetch(kept.store_key, seconds=SECONDS)

    def read() -> Iterator[bytes]:
        with stored:
            yield from unseal(stored, kept.seal)

    return read()


def opened(kept: KeptFile) -> BinaryIO:
    """The plain file as a file without a name on this machine; whoever opens it closes it."""
    local = nameless()
    for piece in pieces(kept):
        local.write(piece)
    local.seek(0)
    return local


def forget(files: Iterable[KeptFile]) -> None:
    """Delete files for good. Where the store does not answer, nobody can read them all the same."""
    for kept in files:
        kept.delete()
        store.discard(kept.store_key)


def sweep() -> int:
    """Delete what is in the store and has had no row for a day; return how many files it was."""
    count, newest = 0, timezone.now() - LEFT_BEHIND
    for folder in store.folders(FOLDER):
        keys = store.keys_in(folder)
        known = set(KeptFile.objects.filter(store_key__in=keys).values_list("store_key", flat=True))
        for key in keys - known:
            if store.stored_at(key) < newest:
                store.discard(key)
                count += 1
    return count


def nameless() -> BinaryIO:
    """A temporary file of which nothing is left when the process ends."""
    return cast(BinaryIO, tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR))
