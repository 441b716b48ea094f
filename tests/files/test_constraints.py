"""The database refuses bad rows by named constraints that have words for people."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Subquery
from django.utils import timezone

from clients.models import Release
from files.models import ClientFile, ClientPhoto, DocumentCheck, FileStore, StoredFile
from tests.consent.factories import ReleaseFactory
from tests.files.factories import file_of, photo_of

RELEASE = Subquery(Release.objects.values("pk")[:1])
BY = Subquery(Release.objects.values("created_by")[:1])
NOW = timezone.now()
# constraint: (model, what it accepts, what it refuses)
ROWS = {
    "stored_file_kind_is_known": (StoredFile, {"kind": "heic"}, {"kind": "exe"}),
    "stored_file_status_is_known": (StoredFile, {"status": "lost"}, {"status": ""}),
    "stored_file_is_not_empty": (StoredFile, {"size": 1}, {"size": 0}),
    "file_has_a_name": (ClientFile, {"document_name": "x"}, {"document_name": ""}),
    "file_category_is_known": (ClientFile, {"category": ""}, {"category": "x"}),
    "file_of_release_is_consent": (ClientFile, {"category": "id"}, {"release": RELEASE}),
    "file_of_release_is_not_deleted": (
        ClientFile,
        {"date_deleted": None},
        {"release": RELEASE, "category": "consent", "date_deleted": NOW, "deleted_by": BY},
    ),
    "check_has_a_checklist": (DocumentCheck, {"checklist": "homeless"}, {"checklist": ""}),
    "one_file_store_of_a_database": (FileStore, {"id": 1}, {"id": 2}),
    "check_says_what_was_verified": (DocumentCheck, {"item": "x"}, {"item": ""}),
    "photo_is_everybodys": (ClientPhoto, {"visibility": "all"}, {"visibility": "own"}),
}
UNIQUE = ("one_photo_of_a_client", "one_file_of_a_release", "stored_file_key_once")
COMMON = ("visibility_is_known", "deleted_by_somebody")  # of every record


@pytest.fixture
def rows(alice, john):
    file = file_of(john)
    ReleaseFactory(client=john, kind=Release.Kind.UPLOADED)
    check = DocumentCheck(
        client=john,
        organization=john.organization,
        checklist="disability",
        item="A",
        acceptable_document="B",
    )
    check.stamp(by=alice)
    check.save()
    own = FileStore.objects.create(pk=1)
    photo = photo_of(john)
    return {
        StoredFile: file.stored,
        ClientFile: file,
        ClientPhoto: photo,
        DocumentCheck: check,
        FileStore: own,
    }


def test_every_constraint_is_here():
    named = {
        constraint.name
        for model in apps.get_app_config("files").get_models()
        for constraint in model._meta.constraints
        if not constraint.name.endswith(COMMON)
    }
    assert named == {*ROWS, *UNIQUE}


@pytest.mark.parametrize("name", ROWS)
def test_constraint_accepts_and_refuses(rows, name):
    model, good, bad = ROWS[name]
    table = model._base_manager.filter(pk=rows[model].pk)
    table.update(**good)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        table.update(**bad)


@pytest.mark.parametrize("name", [*ROWS, *UNIQUE])
def test_constraint_has_words_for_people(name):
    constraint = next(
        constraint
        for model in apps.get_app_config("files").get_models()
        for constraint in model._meta.constraints
        if constraint.name == name
    )
    default = models.CheckConstraint.default_violation_error_message
    assert constraint.violation_error_message != default


def test_client_has_one_photo_that_is_not_deleted(john):
    first, second = photo_of(john), photo_of(john)
    assert ClientPhoto.with_deleted.filter(client=john).count() == 2
    with pytest.raises(IntegrityError, match="one_photo_of_a_client"), transaction.atomic():
        ClientPhoto.with_deleted.filter(pk=first.pk).update(date_deleted=None, deleted_by=None)
    assert second.stored.kind == "jpeg"


def test_file_is_in_one_record_only(john):
    file = file_of(john)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientFile(
            client=john,
            organization=john.organization,
            document_name="Another",
            stored=file.stored,
            created_by=file.created_by,
            updated_by=file.created_by,
        ).save()


def test_key_of_the_store_is_of_one_file(john):
    first, second = file_of(john).stored, file_of(john).stored
    with pytest.raises(IntegrityError, match="stored_file_key_once"), transaction.atomic():
        StoredFile.objects.filter(pk=second.pk).update(key=first.key)


def test_release_has_one_file(john):
    release = ReleaseFactory(client=john, kind=Release.Kind.UPLOADED)
    file_of(john, category="consent", release=release)
    with pytest.raises(IntegrityError, match="one_file_of_a_release"), transaction.atomic():
        file_of(john, category="consent", release=release)
