"""Keys that are unique by an index of their hashes: found by it, and made while everybody works."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from casenotes.models import Service
from clients.models import Client
from files.models import StoredFile
from records.model_fields import HashedKeyField, has_key
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.factories import ClientFactory

INDEXES = "SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s)"
UNFINISHED = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
NOTES = "casenotes_casenote", "casenotes_service"


def test_rows_are_found_by_their_keys(db):
    first, second, _ = ClientFactory.create_batch(3)
    keys = [first.personal_id, second.personal_id, "unknown", ""]
    assert set(Client.objects.filter(has_key("personal_id", keys))) == {first, second}
    assert not Client.objects.filter(has_key("personal_id", [])).exists()


def test_keys_are_found_by_the_index(db):
    ClientFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Client.objects.filter(has_key("personal_id", ["a", "b"])).explain()
    assert "person_key_once" in plan


ROOT = Path(__file__).parents[2]
PACKAGES = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
BY_CONDITION = {"filter", "exclude", "get", "get_object_or_404", "get_or_create", "Q"}


def conditions(path: Path) -> Iterator[tuple[str, int]]:
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in BY_CONDITION:
                yield from ((one.arg or "", call.lineno) for one in call.keywords)


def test_nobody_looks_for_a_key_without_its_hash():
    """A foreign key of the same name, as `enrollment_id`, is named without its `_id`."""
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    hashed = {field.name for field in fields if isinstance(field, HashedKeyField)} - {"key"}
    found = {
        f"{path.relative_to(ROOT)}:{line} {name}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name, line in conditions(path)
        if hashed.intersection(name.split("__"))
    }
    assert hashed >= {"personal_id", "enrollment_id", "event_id"}
    assert found == set()


def test_service_has_a_key_of_its_own(db):
    service = ServiceFactory()
    with pytest.raises(IntegrityError, match="service_key_once"), transaction.atomic():
        ServiceFactory(key=service.key)
    assert Service.objects.get() == service


def indexes(*tables: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [list(tables or ["files_storedfile"])])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_index_is_made_there_and_back_and_after_an_interrupted_run():
    loader, key = MigrationLoader(connection), ("files", "0007_smaller_indexes")
    old, new = loader.project_state(key, at_end=False), loader.project_state(key)
    (operation,) = loader.get_migration(*key).operations
    after = indexes()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("files", editor, new, old)
    before = indexes()
    assert after - before == {"stored_file_key_once"}
    assert before - after == {"files_storedfile_key_key"}
    for name in "ab":
        StoredFile.objects.create(key=name, kind="jpeg", size=1, sha256=name)
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        # What a run leaves that is killed while it makes the index: there, and of no use.
        cursor.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY stored_file_key_once ON files_storedfile ((1))"
        )
    assert "stored_file_key_once" in indexes()
    for _ in range(2):  # the second time nothing is left to do
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("files", editor, old, new)
    assert indexes() == after
    with pytest.raises(IntegrityError, match="stored_file_key_once"):
        StoredFile.objects.create(key="a", kind="jpeg", size=1, sha256="c")


@pytest.mark.django_db(transaction=True)
def test_indexes_of_notes_are_made_there_and_back_and_after_an_interrupted_run():
    loader, key = MigrationLoader(connection), ("casenotes", "0010_smaller_indexes")
    migration = loader.get_migration(*key)
    after = indexes(*NOTES)
    with connection.schema_editor(atomic=False) as editor:
        migration.unapply(loader.project_state(key, at_end=False), editor)
    before = indexes(*NOTES)
    assert after - before == {"note_by_client", "service_by_client", "service_key_once"}
    assert before - after >= {"note_client_newest", "service_client_newest"}
    CaseNoteFactory.create_batch(2)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX note_by_client ON casenotes_casenote (client_id)")
        with pytest.raises(IntegrityError):
            cursor.execute(
                "CREATE UNIQUE INDEX CONCURRENTLY service_by_client ON casenotes_casenote ((1))"
            )
        cursor.execute(UNFINISHED)
        assert cursor.fetchall() == [("service_by_client",)]
    for _ in range(2):  # the second time nothing is left to do
        with connection.schema_editor(atomic=False) as editor:
            migration.apply(loader.project_state(key, at_end=False), editor)
    assert indexes(*NOTES) == after
    with connection.cursor() as cursor:
        cursor.execute(UNFINISHED)
        assert cursor.fetchall() == []
