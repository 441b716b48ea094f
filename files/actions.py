"""Writes that touch a file and the rows about it, in the order that loses neither."""

import io
import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from agencies.models import Organization, SecurityEvent, User
from agencies.security_events import record_event
from clients.models import Client
from files import clamav, quarantine, store
from files.inspection import Findings, sha256_of
from files.kinds import Kind
from files.models import ClientFile, ClientPhoto, DocumentCheck, Status, StoredFile

FILED = (ClientFile, DocumentCheck, ClientPhoto)


@dataclass
class StoredUpload:
    """A file that is in the store, and of which no row tells yet."""

    number: int
    fields: dict[str, Any]
    is_recorded: bool = False

    def record(self) -> StoredFile:
        """Write the row of it."""
        self.is_recorded = True
        return StoredFile.objects.create(pk=self.number, **self.fields)


@contextmanager
def stored(
    *,
    content: IO[bytes],
    kind: Kind,
    pages: int,
    thumbnail: bytes | None,
    status: Status = Status.READY,
) -> Iterator[StoredUpload]:
    """Store a file and its thumbnail; take both back where the block fails or records nothing.

    Use it outside of a transaction: the store may take its time, and a row lock must not. Where
    the connection to the database broke, nobody knows whether the row was committed: the file
    stays, and is an orphan for clean_files if it was not.

    Raises:
        StoreError: if the store does not take them.
    """
    end = time.monotonic() + settings.FILE_STORE_SECONDS
    number = StoredFile.objects.draw_number()
    key = store.new_key(number)
    thumbnail_key = store.thumbnail_of(key) if thumbnail else ""
    fields = {
        "key": key,
        "thumbnail_key": thumbnail_key,
        "kind": kind,
        "size": content.seek(0, io.SEEK_END),
        "pages": pages,
        "sha256": sha256_of(content),
        "status": status,
    }
    upload = StoredUpload(number, fields)
    try:
        store.put(content, key, seconds=end - time.monotonic())
        if thumbnail:
            store.put(io.BytesIO(thumbnail), thumbnail_key, seconds=end - time.monotonic())
        yield upload
    except (InterfaceError, OperationalError):
        raise
    except BaseException:
        store.discard(key, thumbnail_key)
        raise
    if not upload.is_recorded:
        store.discard(key, thumbnail_key)


def stored_photo(findings: Findings) -> AbstractContextManager[StoredUpload]:
    """`stored` of the drawn pictures of a photo, large and small."""
    large, small = findings.pictures
    return stored(content=io.BytesIO(large), kind=Kind.JPEG, pages=1, thumbnail=small)


@transaction.atomic
def set_photo(
    *, client: Client, upload: StoredUpload, organization: Organization, by: User
) -> ClientPhoto:
    """Make what was stored the client's photo in place of the present one."""
    token = secrets.token_hex(12)
    _show(client, token, by=by)
    photo = ClientPhoto(
        client=client, stored=upload.record(), organization=organization, token=token
    )
    photo.stamp(by=by)
    photo.save()
    return photo


@transaction.atomic
def delete_photo(*, client: Client, by: User) -> None:
    _show(client, "", by=by)


@transaction.atomic
def restore_photo(*, photo: ClientPhoto, by: User) -> None:
    """Show a deleted photo again; the one in its place is deleted."""
    _show(photo.client, photo.token, by=by)
    photo.restore(by=by)


def _show(client: Client, token: str, *, by: User) -> None:
    """Delete the present photo, and name the one that takes its place."""
    for present in client.clientphotos.all():
        present.mark_deleted(by=by)
    client.photo_token = token
    client.save(update_fields=["photo_token"])


def scan_waiting(*, pk: int) -> Status | None:
    """Scan one file that waits, and publish or refuse it; None where another process has it.

    The store and the scanner are asked before the row is locked, as they may take their time.

    Raises:
        NoAnswerError: if the virus scanner gives no verdict.
    """
    waiting = StoredFile.objects.filter(pk=pk, status=Status.PENDING)
    found = waiting.first()
    if found is None:
        return None
    with store.fetch(found.key) as stream:
        is_clean = clamav.is_clean(stream, seconds=clamav.SECONDS_UNHURRIED)
    with transaction.atomic():
        row = waiting.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        _set_status(row, Status.READY if is_clean else Status.REFUSED)
        if not is_clean:
            detail = {"reason": "virus", "file": row.pk}
            record_event(SecurityEvent.Kind.FILE_REFUSED, detail=detail)
    if not is_clean:
        store.discard(row.key, row.thumbnail_key)
    return row.state


@transaction.atomic
def purge(*, stored: StoredFile) -> None:
    """Take a file away for good; its row is kept and says so.

    It waits in the quarantine, as a database that was restored may still know it.
    """
    _set_status(stored, Status.PURGED)
    keys = (stored.key, stored.thumbnail_key)
    transaction.on_commit(lambda: quarantine.put_in_if_there(*keys))


def deleted_before(moment: datetime) -> Iterator[StoredFile]:
    """The files, still in the store, of what was deleted before `moment`."""
    for model in FILED:
        rows = model.with_deleted.deleted_before(moment).select_related("stored")
        for row in rows.filter(stored__status__in=[Status.READY, Status.PENDING]):
            if row.stored:
                yield row.stored


def _set_status(stored: StoredFile, status: Status) -> None:
    stored.status = status
    stored.save(update_fields=["status"])
