"""What a migration drops while everybody works: run again after an interruption, and back."""

import pytest
from django.db import NotSupportedError, connection, models
from django.db.migrations.operations import AlterField
from django.db.migrations.state import ModelState, ProjectState

from records.migrations._indexes import DropFieldIndexes

TABLE = "records_visit"


def state(**options) -> ProjectState:
    made = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("code", models.CharField(max_length=9, unique=True)),
        ("on", models.DateField(**options)),
    ]
    made.add_model(ModelState("records", "Visit", fields))
    return made


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [TABLE])
        return {definition for (definition,) in cursor.fetchall()}


@pytest.fixture
def table(transactional_db):
    model = state(db_index=True).apps.get_model("records", "Visit")
    with connection.schema_editor() as editor:
        editor.create_model(model)
    yield model
    with connection.schema_editor() as editor:
        editor.delete_model(model)


def changed() -> DropFieldIndexes:
    without = AlterField("visit", "on", models.DateField())
    return DropFieldIndexes([without], plain={TABLE: ["on"]}, like={TABLE: ["code"]})


def test_indexes_of_fields_are_dropped_and_made_again(table):
    operation, old, new = changed(), state(db_index=True), state()
    before = indexes()
    for _ in range(2):  # the second time nothing is left to do
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("records", editor, old, new)
    gone = before - indexes()
    assert len(before) == 4
    assert len(gone) == 2
    assert any("varchar_pattern_ops" in one for one in gone)
    assert any(one.endswith('btree ("on")') for one in gone)
    for _ in range(2):
        with connection.schema_editor(atomic=False) as editor:
            operation.database_backwards("records", editor, new, old)
    assert indexes() == before


def test_state_has_the_fields_without_their_indexes():
    known = state(db_index=True)
    changed().state_forwards("records", known)
    assert not known.models["records", "visit"].fields["on"].db_index


def test_indexes_are_not_dropped_within_a_transaction(table):
    with connection.schema_editor() as editor, pytest.raises(NotSupportedError, match="atomic"):
        changed().database_forwards("records", editor, state(), state())
