"""The migrations of a new release run while the old code serves: additive first."""

import json

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.state import ModelState, ProjectState

from tests import upgrades

# (migration, the operation as Django describes it): why it may run while old code serves, and how
# long it takes at a million rows. Empty when a release is made.
ALLOWED: dict[tuple[str, str], str] = {}


def test_release_point_names_migrations_that_exist():
    point = upgrades.release_point()
    assert set(point) <= set(upgrades.APPS)
    for app, name in point.items():
        assert (upgrades.ROOT / app / "migrations" / f"{name}.py").exists()


def test_migrations_since_the_release_run_while_the_old_code_serves():
    point = upgrades.release_point()
    found = [
        finding
        for finding in upgrades.findings_since(point)
        if (finding.migration, finding.operation) not in ALLOWED
    ]
    assert not found, "\n".join(map(str, found))


def test_what_is_allowed_is_there_and_has_a_reason():
    point = upgrades.release_point()
    there = {(finding.migration, finding.operation) for finding in upgrades.findings_since(point)}
    assert set(ALLOWED) <= there
    assert all(len(reason) > 20 for reason in ALLOWED.values())


def test_release_is_marked_and_then_the_base(tmp_path, monkeypatch):
    marked = {"release": "0.1.0", "migrations": {"clients": "0001_tables"}}
    monkeypatch.setattr(upgrades, "RELEASE_POINT", tmp_path / "release_point.json")
    upgrades.RELEASE_POINT.write_text(json.dumps(marked))
    assert upgrades.release_point() == {"clients": "0001_tables"}
    upgrades.RELEASE_POINT.write_text('{"release": null, "migrations": {}}')
    assert upgrades.release_point() == upgrades.newest()


def test_real_migrations_are_looked_at():
    """Those that make every table have a few statements of our own, which nobody can judge."""
    found = {finding.migration.partition(".")[0] for finding in upgrades.findings_since({})}
    assert found == {"agencies", "casenotes", "clients"}
    assert upgrades.findings_since(upgrades.newest()) == []


OLD = ("clients", "client")
CHECK = models.CheckConstraint(condition=models.Q(age__gte=0), name="age_not_negative")
INDEX = models.Index(fields=["age"], name="client_age")


def looked_at(*todo: operations.base.Operation, app: str = "clients") -> list[upgrades.Finding]:
    """What is found of operations on a table with two columns that the old release has."""
    state = ProjectState()
    for name, model in (OLD, ("agencies", "project")):
        fields = [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=50)),
            ("age", models.IntegerField(null=True)),
            ("born", models.IntegerField(db_default=0)),
        ]
        options = {
            "indexes": [models.Index(fields=["name"], name="client_name")],
            "constraints": [],
        }
        state.add_model(ModelState(name, model, fields, options))
    migration = Migration("0002_next", app)
    migration.operations = list(todo)
    return upgrades.look_at(migration, state, {OLD, ("agencies", "project")})


@pytest.mark.parametrize(
    "operation",
    [
        operations.AddField("client", "note", models.TextField(null=True)),
        operations.AddField("client", "note", models.TextField(db_default="")),
        operations.AlterField("client", "name", models.CharField(max_length=80)),
        operations.AlterField("client", "name", models.CharField(max_length=50, null=True)),
        operations.AlterField("client", "name", models.CharField("Name", max_length=50)),
        AddIndexConcurrently("client", INDEX),
        RemoveIndexConcurrently("client", "client_name"),
        operations.RemoveIndex("client", "client_name"),
        AddConstraintNotValid("client", CHECK),
        operations.AlterModelOptions("client", {"verbose_name": "client"}),
        operations.CreateModel("Visit", [("id", models.BigAutoField(primary_key=True))]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_operation_that_old_code_does_not_notice(operation):
    assert looked_at(operation) == []


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (operations.RemoveField("client", "age"), upgrades.BREAKS),
        (operations.RenameField("client", "age", "years"), upgrades.BREAKS),
        (operations.DeleteModel("Client"), upgrades.BREAKS),
        (operations.RenameModel("Client", "Person"), upgrades.BREAKS),
        (operations.AlterModelTable("Client", "person"), upgrades.BREAKS),
        (operations.AddField("client", "note", models.TextField(default="")), upgrades.BREAKS),
        (
            operations.AddField("client", "note", models.TextField(null=True, db_index=True)),
            upgrades.LOCKS,
        ),
        (
            operations.AddField("client", "code", models.IntegerField(null=True, unique=True)),
            upgrades.LOCKS,
        ),
        (operations.AlterField("client", "age", models.TextField(null=True)), upgrades.BREAKS),
        (operations.AlterField("client", "age", models.IntegerField()), upgrades.BREAKS),
        (operations.AlterField("client", "name", models.CharField(max_length=20)), upgrades.BREAKS),
        (operations.AlterField("client", "born", models.IntegerField()), upgrades.BREAKS),
        (
            operations.AlterField("client", "age", models.IntegerField(null=True, db_index=True)),
            upgrades.LOCKS,
        ),
        (operations.AddIndex("client", INDEX), upgrades.LOCKS),
        (operations.AddConstraint("client", CHECK), upgrades.LOCKS),
        (
            operations.AddConstraint(
                "client", models.UniqueConstraint(fields=["name"], name="one_name")
            ),
            upgrades.LOCKS,
        ),
        (
            operations.AddConstraint(
                "client", ExclusionConstraint(name="apart", expressions=[("age", "=")])
            ),
            upgrades.LOCKS,
        ),
        (operations.RunSQL("UPDATE clients_client SET age = 0"), "nobody can see"),
        (operations.RunPython(lambda apps, editor: None), "nobody can see"),
        (
            operations.SeparateDatabaseAndState([operations.RemoveField("client", "age")], []),
            upgrades.BREAKS,
        ),
    ],
    ids=lambda value: value.describe() if hasattr(value, "describe") else "",
)
def test_operation_that_breaks_or_stops_old_code(operation, why):
    (finding,) = looked_at(operation)
    assert finding.why.startswith(why)
    assert finding.instead


def test_table_of_the_same_release_may_be_built_as_one_likes():
    made = operations.CreateModel(
        "Visit", [("id", models.BigAutoField(primary_key=True)), ("age", models.IntegerField())]
    )
    assert (
        looked_at(
            made, operations.AddConstraint("visit", CHECK), operations.AddIndex("visit", INDEX)
        )
        == []
    )


def test_constraint_is_validated_afterwards():
    todo = [AddConstraintNotValid("client", CHECK), ValidateConstraint("client", CHECK.name)]
    assert looked_at(*todo) == []


def test_index_of_a_small_table_may_be_made_at_once():
    assert looked_at(operations.AddIndex("project", INDEX), app="agencies") == []
