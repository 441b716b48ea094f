"""Writes that touch a file and the rows about it, in the order that loses neither."""

import io
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import IO

from django.db import transaction

from agencies.models import Organization, User
from clients.models import Client
from files import clamav, quarantine, store
from files.inspection import Findings, sha256_of
from files.kinds import Kind
from files.models import ClientFile, ClientPhoto, DocumentCheck, Status, StoredFile
from files.uploads import StreamedUpload

FILED = (ClientFile, DocumentCheck, ClientPhoto)


@contextmanager
def kept(
    *,
    content: IO[bytes],
    kind: Kind,
    pages: int,
    thumbnail: bytes | None,
    status: Status = Status.READY,
) -> Iterator[StoredFile]:
    """Store a file and its thumbnail, then the row of them; take all back where the block fails.

    Raises:
        StoreError: if the store does not take them.
    """
    number = StoredFile.objects.draw_number()
    key = store.new_key(number)
    thumbnail_key = store.thumbnail_of(key) if thumbnail else ""
    try:
        store.put(content, key)
        if thumbnail:
            store.put(io.BytesIO(thumbnail), thumbnail_key)
        size = content.seek(0, io.SEEK_END)
        with transaction.atomic():
            yield StoredFile.objects.create(
                pk=number,
                key=key,
                thumbnail_key=thumbnail_key,
                kind=kind,
                size=size,
                pages=pages,
                sha256=sha256_of(content),
                status=status,
            )
    except BaseException:
        store.discard(key, thumbnail_key)
        raise


def kept_upload(upload: StreamedUpload) -> AbstractContextManager[StoredFile]:
    """`kept` of an upload that its form field has looked at."""
    findings = upload.findings
    return kept(
        content=upload.file,
        kind=findings.kind,
        pages=findings.pages,
        thumbnail=next(iter(findings.pictures), None),
        status=upload.status,
    )


def set_photo(
    *, client: Client, findings: Findings, organization: Organization, by: User
) -> ClientPhoto:
    """Make the drawn pictures, large and small, the client's photo in place of the present one.

    Raises:
        StoreError: if the store does not take them.
    """
    large, small = findings.pictures
    with kept(content=io.BytesIO(large), kind=Kind.JPEG, pages=1, thumbnail=small) as stored:
        for present in client.clientphotos.all():
            present.mark_deleted(by=by)
        photo = ClientPhoto(
            client=client, stored=stored, organization=organization, token=secrets.token_hex(12)
        )
        photo.stamp(by=by)
        photo.save()
        _show(client, photo.token)
    return photo


@transaction.atomic
def remove_photo(*, client: Client, by: User) -> None:
    for photo in client.clientphotos.all():
        photo.mark_deleted(by=by)
    _show(client, "")


@transaction.atomic
def restore_photo(*, photo: ClientPhoto, by: User) -> None:
    """Show a removed photo again; the one in its place is removed."""
    for present in photo.client.clientphotos.all():
        present.mark_deleted(by=by)
    photo.restore(by=by)
    _show(photo.client, photo.token)


def _show(client: Client, token: str) -> None:
    client.photo_token = token
    client.save(update_fields=["photo_token"])


@transaction.atomic
def scan_waiting(*, pk: int) -> Status | None:
    """Scan one file that waits, and publish or refuse it; None where another process has it.

    Raises:
        NoAnswerError: if the virus scanner gives no verdict.
        StoreError: if the store does not give the file.
    """
    waiting = StoredFile.objects.select_for_update(skip_locked=True)
    stored = waiting.filter(pk=pk, status=Status.PENDING).first()
    if stored is None:
        return None
    with store.fetch(stored.key) as stream:
        verdict = clamav.scan(stream, seconds=60)
    if verdict.is_clean:
        _set_status(stored, Status.READY)
    else:
        _set_status(stored, Status.REFUSED)
        keys = (stored.key, stored.thumbnail_key)
        transaction.on_commit(lambda: store.discard(*keys))
    return stored.state


@transaction.atomic
def purge(*, stored: StoredFile) -> None:
    """Take a file away for good; its row stays and says so.

    It waits in the quarantine, as a database that was restored may still know it.
    """
    _set_status(stored, Status.PURGED)
    keys = (stored.key, stored.thumbnail_key)
    transaction.on_commit(lambda: quarantine.put_in_if_there(*keys))


def removed_before(moment: datetime) -> Iterator[StoredFile]:
    """The files, still in the store, of what was removed before `moment`."""
    for model in FILED:
        rows = model.with_deleted.removed_before(moment).select_related("stored")
        for row in rows.filter(stored__status__in=[Status.READY, Status.PENDING]):
            if row.stored:
                yield row.stored


def _set_status(stored: StoredFile, status: Status) -> None:
    stored.status = status
    stored.save(update_fields=["status"])
