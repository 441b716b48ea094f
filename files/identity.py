"""Whether this file store is this database's: both keep the same identity (docs/adr/0023)."""

import io
import uuid

from files import store
from files.models import FileStore

MARKER = "store-identity"
RESTORING = "restoring "
ANOTHER = (
    "This file store belongs to another database. Check DATABASE_URL, and MEDIA_ROOT or S3_BUCKET. "
    "If it is the right one all the same, run clean_files --adopt-store once."
)
UNFINISHED = (
    "A restore into this file store was not finished. Run restore again from the same backup."
)


class ForeignStoreError(Exception):
    """The store is not this database's; the message says what to do."""


def require_own_store() -> None:
    """Refuse a store that carries another database's identity.

    Raises:
        ForeignStoreError: if it does, or if a restore into it was not finished.
    """
    text = written()
    if text.startswith(RESTORING):
        raise ForeignStoreError(UNFINISHED)
    ours = FileStore.objects.first()
    if text and (ours is None or text != str(ours.identity)):
        raise ForeignStoreError(ANOTHER)


def is_missing() -> bool:
    """Whether this database has put its identity into a store before, and not into this one."""
    return FileStore.objects.exists() and not written()


def written() -> str:
    """What the store says: an identity, or nothing where no database has claimed it."""
    if not store.has(MARKER):
        return ""
    with store.fetch(MARKER) as stream:
        return stream.read(200).decode("ascii", "replace").strip()


def claim() -> None:
    """Put this database's identity into the store, where it is not there yet."""
    ours, _ = FileStore.objects.get_or_create(pk=1, defaults={"identity": uuid.uuid4()})
    write(str(ours.identity))


def write(text: str) -> None:
    if written() != text:
        store.discard(MARKER)
        store.put(io.BytesIO(text.encode()), MARKER)
