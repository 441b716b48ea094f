"""The history of a table that a migration makes with the table."""

import pgtrigger
import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.state import ProjectState

from records.ignoring import ask_quickly
from records.migrations._at_once import AtOnce
from records.migrations._tables import Table


def columns() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(primary_key=True)),
        ("code", models.CharField(max_length=9, unique=True)),
        ("breaks", models.CharField(max_length=9, default="")),
        ("guess", models.CharField(max_length=9, default="")),
    ]


@pytest.fixture
def visits(transactional_db):
    """The model of the table, and that of its events."""
    tables = AtOnce([Table("Visit", columns(), history={"exclude": ["guess"]})])
    before, after = ProjectState(), ProjectState()
    tables.state_forwards("records", after)
    with connection.schema_editor() as editor:
        tables.database_forwards("records", editor, before, after)
    yield [after.apps.get_model("records", name) for name in ("Visit", "VisitEvent")]
    with connection.schema_editor() as editor:
        tables.database_backwards("records", editor, after, before)
    ask_quickly()  # as at the end of `migrate`: the trigger brought pgtrigger's own function
    assert not {"records_visit", "records_visitevent"} & set(connection.introspection.table_names())


def test_each_version_is_kept_and_never_edited(visits):
    visit, event = visits
    row = visit.objects.create(code="one")
    visit.objects.update(guess="unknown", breaks="a rule")
    visit.objects.update(code="two")
    row.delete()
    found = event.objects.order_by("pgh_id").values_list("pgh_obj_id", "pgh_label", "code")
    assert list(found) == [(1, "insert", "one"), (1, "update", "two"), (1, "delete", "two")]
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        event.objects.update(code="three")


def test_event_has_the_columns_without_keys_and_exceptions(visits):
    _, event = visits
    names = [field.name for field in event._meta.fields if not field.name.startswith("pgh_")]
    assert names == ["id", "code"]
    assert not event._meta.get_field("code").unique


def test_database_has_every_trigger_as_the_code_declares_it(db):
    for model, trigger in pgtrigger.registered():
        assert trigger.get_installation_status(model)[0] == "INSTALLED", (model, trigger.name)
