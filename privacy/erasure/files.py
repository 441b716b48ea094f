"""A client's files, deleted for good: not through the quarantine, and not before the commit."""

import pgtrigger
from django.utils import timezone

from files import quarantine
from files.models import Status, StoredFile
from privacy.erasure.fields import about_clients
from privacy.models import Erasure


def stored_files(client_ids: list[int]):
    """The client's stored files, of deleted documents and former photos too."""
    rows = next(one for one in about_clients() if one.model is StoredFile)
    return rows.of(client_ids)


def give_up(client_ids: list[int]) -> None:
    """Within the transaction: say of each file that it is gone, so that nobody is given it.

    Of the file of a release, too: with the person goes what the person signed.
    """
    with pgtrigger.ignore("files.StoredFile:release_file_stays"):
        stored_files(client_ids).update(status=Status.PURGED)


def finish(erasure: Erasure) -> None:
    """Delete what the erasure gave up, and note that it is gone; done twice it is right.

    Raises StoreError if the file store does not answer: the next run goes on.
    """
    rows = stored_files(erasure.client.all_ids).values_list("key", "thumbnail_key")
    quarantine.delete_everywhere(key for pair in rows for key in pair)
    erasure.files_deleted_at = timezone.now()
    erasure.save(update_fields=["files_deleted_at"])


def unfinished():
    """Erasures whose files may still be in the store."""
    return Erasure.objects.filter(files_deleted_at=None).select_related("client").order_by("pk")
