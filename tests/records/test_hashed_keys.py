"""Keys that are unique by an index of their hashes are found by it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from casenotes.models import Service
from clients.models import Client
from records.model_fields import HashedKeyField, has_key
from tests.casenotes.factories import ServiceFactory
from tests.factories import ClientFactory


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
