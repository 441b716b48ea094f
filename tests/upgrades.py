"""Whether old code can serve while the migrations of a new release run (docs/upgrading.md).

`release_point.json` names the newest release and its last migrations; `make release-point` writes
it when a release is made. Whatever came after is looked at. Before the first release nothing is
deployed, and the migrations of today are the base.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from records.migrations._at_once import AtOnce

ROOT = Path(__file__).parents[1]
RELEASE_POINT = ROOT / "release_point.json"
APPS = sorted(path.parts[-3] for path in ROOT.glob("*/migrations/max_migration.txt"))

# Tables that stay small in the largest state: building an index on them takes milliseconds.
SMALL = {
    ("agencies", "organization"),
    ("agencies", "project"),
    ("agencies", "membership"),
    ("agencies", "user"),
}

BREAKS = "old code fails on it"
LOCKS = "it locks a large table while it works"


@dataclass(frozen=True)
class Finding:
    """An operation that cannot run while old code serves, and how to do it instead."""

    migration: str
    operation: str
    why: str
    instead: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.operation}: {self.why}. {self.instead}"


def findings_since(point: dict[str, str]) -> list[Finding]:
    """Look at every migration of ours after those that `point` names by app."""
    loader = MigrationLoader(None)
    released = {
        key for app, name in point.items() for key in loader.graph.forwards_plan((app, name))
    }
    plan = [key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)]
    new = [key for key in dict.fromkeys(plan) if key not in released and key[0] in APPS]
    state = loader.project_state(list(released)) if released else ProjectState()
    old_models = set(state.models)
    found: list[Finding] = []
    for key in new:
        migration = loader.graph.nodes[key]
        found += look_at(migration, state, old_models)
    return found


def look_at(
    migration: Migration, state: ProjectState, old_models: set[tuple[str, str]]
) -> list[Finding]:
    """Look at a migration's operations and take them into `state`.

    old_models: (app, model) of the tables that the running release has.
    """
    found = []
    for operation in _one_by_one(migration.operations):
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        for why, instead in _problems(operation, migration.app_label, before, state, old_models):
            name = f"{migration.app_label}.{migration.name}"
            found.append(Finding(name, operation.describe(), why, instead))
    return found


def _one_by_one(found: list[Operation]) -> Iterator[Operation]:
    """Those that run in one step, too: the locks are the same."""
    for operation in found:
        yield from operation.operations if isinstance(operation, AtOnce) else [operation]


def _problems(
    operation: Operation,
    app: str,
    before: ProjectState,
    after: ProjectState,
    old_models: set[tuple[str, str]],
) -> Iterator[tuple[str, str]]:
    if isinstance(operation, operations.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _problems(inner, app, before, after, old_models)
        return
    if isinstance(operation, (operations.RunSQL, operations.RunPython)):
        yield "nobody can see what it locks", "Allow it by name, with the reason and its time."
        return
    if isinstance(operation, (operations.RenameModel, operations.AlterModelTable)):
        yield BREAKS, "Keep the name of the table (db_table)."
        return
    model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    table = (app, model.lower())
    if table not in old_models:
        return  # made by this release: nobody uses it yet
    yield from _problems_of_old_table(operation, table, before, after)


def _problems_of_old_table(
    operation: Operation, table: tuple[str, str], before: ProjectState, after: ProjectState
) -> Iterator[tuple[str, str]]:
    large = table not in SMALL
    if isinstance(operation, (operations.RemoveField, operations.DeleteModel)):
        yield BREAKS, "Take it out of the code in this release, of the database in the next."
    elif isinstance(operation, operations.RenameField):
        yield BREAKS, "Add a new field, copy, and remove the old one a release later; or db_column."
    elif isinstance(operation, operations.AddField):
        yield from _problems_of_field(operation.field, large)
    elif isinstance(operation, operations.AlterField):
        old = before.models[table].fields[operation.name]
        new = after.models[table].fields[operation.name]
        yield from _problems_of_change(old, new, large)
    elif large:
        yield from _problems_of_lock(operation)


def _problems_of_lock(operation: Operation) -> Iterator[tuple[str, str]]:
    if isinstance(operation, (AddConstraintNotValid, AddIndexConcurrently)):
        return
    if isinstance(operation, operations.AddConstraint):
        yield (
            LOCKS,
            "AddConstraintNotValid, and ValidateConstraint in a migration of its own; a unique or "
            "exclusion constraint needs a time when nobody works.",
        )
    elif isinstance(operation, operations.AddIndex):
        yield LOCKS, "AddIndexConcurrently in a migration with atomic = False."
    elif isinstance(operation, (operations.AlterUniqueTogether, operations.AlterIndexTogether)):
        yield LOCKS, "Use a named constraint."


def _problems_of_field(field: models.Field, large: bool) -> Iterator[tuple[str, str]]:
    if field.many_to_many:
        return
    if not field.null and not field.has_db_default():
        yield BREAKS, "Old code inserts rows without it: null=True or db_default=..."
    if large and (field.unique or field.db_index):
        yield LOCKS, "Add the field with db_index=False, and its index by AddIndexConcurrently."


def _problems_of_change(
    old: models.Field, new: models.Field, large: bool
) -> Iterator[tuple[str, str]]:
    if old.get_internal_type() != new.get_internal_type() or _is_shorter(new, old):
        yield BREAKS, "Add a new field, copy, and remove the old one a release later."
    if old.null and not new.null:
        yield BREAKS, "Old code still writes NULL: a check NOT VALID now, NOT NULL a release later."
    if old.has_db_default() and not new.has_db_default() and not new.null:
        yield BREAKS, "Old code may rely on the default: remove it a release later."
    if large and ((new.unique and not old.unique) or (new.db_index and not old.db_index)):
        yield LOCKS, "Make the index by AddIndexConcurrently."


def _is_shorter(new: models.Field, old: models.Field) -> bool:
    for name in ("max_length", "max_digits", "decimal_places"):
        one, other = getattr(new, name, None), getattr(old, name, None)
        if one is not None and (other is None or one < other):
            return True
    return False


def release_point() -> dict[str, str]:
    """The last migrations of the newest release by app; before the first one, today's."""
    marked = json.loads(RELEASE_POINT.read_text())
    return marked["migrations"] if marked["release"] else newest()


def newest() -> dict[str, str]:
    """The last migration of every package of ours."""
    return {app: (ROOT / app / "migrations/max_migration.txt").read_text().strip() for app in APPS}


if __name__ == "__main__":
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    marked = {"release": version, "migrations": newest()}
    RELEASE_POINT.write_text(json.dumps(marked, indent=2) + "\n")
