"""Rows that the constraints of files accept and refuse (tests/test_constraints.py)."""

from functools import partial

from django.utils import timezone

from clients.models import Release
from files.models import ClientFile, ClientPhoto, DocumentCheck, FileStore, StoredFile
from tests.consent.factories import ReleaseFactory
from tests.factories import ClientFactory
from tests.files.factories import file_of, photo_of

NOW = timezone.now()


def stored(**values):
    row = file_of(ClientFactory()).stored
    StoredFile.objects.filter(pk=row.pk).update(**values)


def filed(*, of_release=False, by=False, **values):
    """A file, changed; `of_release` has it belong to one, `by` names who deleted it."""
    client = ClientFactory()
    file = file_of(client)
    if of_release:
        values["release"] = uploaded_release(client)
    if by:
        values["deleted_by"] = client.created_by
    ClientFile.with_deleted.filter(pk=file.pk).update(**values)


def uploaded_release(client):
    return ReleaseFactory(client=client, kind=Release.Kind.UPLOADED)


def checked(**values):
    client = ClientFactory()
    usual = {"checklist": "disability", "item": "A", "acceptable_document": "B"}
    row = DocumentCheck(client=client, organization=client.organization, **usual | values)
    row.stamp(by=client.created_by)
    DocumentCheck.objects.bulk_create([row])


def photographed(**values):
    photo = photo_of(ClientFactory())
    ClientPhoto.with_deleted.filter(pk=photo.pk).update(**values)


def two_photos(**values):
    """The second photo of a client deletes the first."""
    client = ClientFactory()
    first = photo_of(client)
    photo_of(client)
    ClientPhoto.with_deleted.filter(pk=first.pk).update(**values)


def second_file(*, same_key=False):
    client = ClientFactory()
    first, second = file_of(client), file_of(client)
    if same_key:
        StoredFile.objects.filter(pk=second.stored_id).update(key=first.stored.key)


def two_files_of_releases(*, one_release):
    client = ClientFactory()
    first = uploaded_release(client)
    for release in (first, first if one_release else uploaded_release(client)):
        file_of(client, category="consent", release=release)


ROWS = {
    "stored_file_kind_is_known": (
        [partial(stored, kind="heic")],
        [partial(stored, kind="exe")],
    ),
    "stored_file_status_is_known": (
        [partial(stored, status="lost")],
        [partial(stored, status="")],
    ),
    "stored_file_is_not_empty": (
        [partial(stored, size=1)],
        [partial(stored, size=0), partial(stored, key="")],
    ),
    "stored_file_key_once": ([second_file], [partial(second_file, same_key=True)]),
    "file_has_a_name": (
        [partial(filed, document_name="x")],
        [partial(filed, document_name="")],
    ),
    "file_category_is_known": ([partial(filed, category="")], [partial(filed, category="x")]),
    "file_of_release_is_consent": (
        [partial(filed, category="id"), partial(filed, category="consent", of_release=True)],
        [partial(filed, of_release=True)],
    ),
    "file_of_release_is_not_deleted": (
        [partial(filed, date_deleted=NOW, by=True)],
        [partial(filed, category="consent", date_deleted=NOW, by=True, of_release=True)],
    ),
    "one_file_of_a_release": (
        [partial(two_files_of_releases, one_release=False)],
        [partial(two_files_of_releases, one_release=True)],
    ),
    "check_has_a_checklist": (
        [partial(checked, checklist="homeless")],
        [partial(checked, checklist="")],
    ),
    "check_says_what_was_verified": (
        [partial(checked, item="x")],
        [partial(checked, item=""), partial(checked, acceptable_document="")],
    ),
    "one_file_store_of_a_database": (
        [partial(FileStore.objects.create, pk=1)],
        [partial(FileStore.objects.create, pk=2)],
    ),
    "photo_is_everybodys": (
        [partial(photographed, visibility="all")],
        [partial(photographed, visibility="own")],
    ),
    "one_photo_of_a_client": (
        [two_photos],
        [partial(two_photos, date_deleted=None, deleted_by=None)],
    ),
}
