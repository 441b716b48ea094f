"""The file of a release stays as it is, whoever tries: pages, actions, SQL. An erasure passes."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import Release
from files import actions
from files.models import ClientFile, Status, StoredFile
from privacy.erasure.fields import about_clients
from privacy.erasure.files import give_up
from tests.consent.factories import ReleaseFactory
from tests.factories import ClientFactory
from tests.files.factories import file_of
from tests.files.samples import jpeg
from tests.pages import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(john):
    release = ReleaseFactory(client=john, kind=Release.Kind.UPLOADED)
    return file_of(john, category="consent", release=release)


def url(page, file):
    return reverse(f"files:{page}", args=[file.client_id, file.pk])


@pytest.mark.parametrize("page", ["edit_client_file", "delete_client_file", "restore_client_file"])
def test_its_pages_refuse_everybody(portal, alice, dana, paper, page):
    for user in (alice, dana):
        answer = portal(user).post(url(page, paper), {"document_name": "Other"})
        assert answer.status_code == 403
    paper.refresh_from_db()
    assert (paper.document_name, paper.date_deleted) == ("State ID", None)


def test_page_and_list_offer_no_change_and_say_why(portal, alice, paper):
    browser = portal(alice)
    text = browser.get(url("client_file", paper)).content.decode()
    assert "Read Only" in text
    assert url("edit_client_file", paper) not in text
    assert url("download_client_file", paper) in text
    text = browser.get(reverse("files:client_files", args=[paper.client_id])).content.decode()
    assert url("delete_client_file", paper) not in text
    assert url("client_file", paper) in text


def test_page_of_a_lost_file_says_who_brings_it_back(portal, alice, paper):
    StoredFile.objects.filter(pk=paper.stored_id).update(status=Status.LOST)
    assert "from the backup" in portal(alice).get(url("client_file", paper)).text


def test_any_other_file_is_edited_and_deleted_as_before(portal, alice, john):
    file = file_of(john)
    assert (
        url("edit_client_file", file)
        in portal(alice).get(url("client_file", file)).content.decode()
    )
    send(portal(alice), url("edit_client_file", file), document_name="Lease")
    file.refresh_from_db()
    assert file.document_name == "Lease"


@pytest.mark.parametrize(
    "change",
    [
        {"document_name": "Other"},
        {"release": None},
        {"expires_on": timezone.localdate()},
        {"organization": "bridge"},
        {"stored": "other"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_database_refuses_every_change_of_its_row(paper, bridge, john, change):
    (name, value), *_ = change.items()
    value = {"bridge": bridge, "other": None}.get(value, value)
    if name == "stored":
        value = StoredFile.objects.create(key="k", kind="jpeg", size=1, sha256="s")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        ClientFile.objects.filter(pk=paper.pk).update(**{name: value})


def test_database_refuses_to_delete_its_rows(paper):
    for model, pk in ((ClientFile, paper.pk), (StoredFile, paper.stored_id)):
        table = model._meta.db_table
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])


@pytest.mark.parametrize("change", [{"sha256": "0"}, {"key": "k"}, {"size": 1}, {"pages": 9}])
def test_database_refuses_another_content(paper, change):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        StoredFile.objects.filter(pk=paper.stored_id).update(**change)


def test_action_that_purges_is_refused(paper):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        actions.purge(stored=paper.stored)


def test_what_the_store_lost_is_marked_and_found_again(paper):
    for status in (Status.LOST, Status.READY):
        assert StoredFile.objects.filter(pk=paper.stored_id).update(status=status) == 1


def test_file_of_no_release_changes_as_before(john):
    file = file_of(john)
    assert StoredFile.objects.filter(pk=file.stored_id).update(pages=9) == 1
    actions.purge(stored=file.stored)
    with transaction.atomic():
        ClientFile.objects.filter(pk=file.pk).delete()


def test_paper_that_was_there_already_can_become_the_file_of_a_release(john):
    file = file_of(john, category="consent")
    release = ReleaseFactory(client=john, kind=Release.Kind.UPLOADED)
    assert ClientFile.objects.filter(pk=file.pk).update(release=release) == 1


def test_merge_and_its_undo_move_it(paper, harbor, alice):
    other = ClientFactory(organization=harbor, created_by=alice)
    for client in (other, paper.client):
        rows = ClientFile.objects.filter(pk=paper.pk)
        assert rows.update(client=client, date_updated=timezone.now(), updated_by=alice) == 1


def test_erasure_takes_it_away(paper):
    give_up([paper.client_id])
    paper.stored.refresh_from_db()
    assert paper.stored.status == Status.PURGED


def test_erasure_passes_the_triggers_of_what_it_changes():
    guards = {rows.model: rows.guards for rows in about_clients() if rows.changed}
    assert guards[ClientFile] == ["files.ClientFile:release_file_stays"]
    assert guards[StoredFile] == ["files.StoredFile:release_file_stays"]


def test_upload_can_not_take_its_place(upload, paper, alice, john):
    upload(jpeg(), document_name="State ID", category="consent")
    rows = ClientFile.objects.of_client(john.pk).filter(release__isnull=False)
    assert [row.pk for row in rows] == [paper.pk]
