"""A migration in one step: Django renders all models again for each operation otherwise."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
)
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger

PARTS = (AddConstraint, AddField, AddIndex, AddTrigger, AlterField)


class AtOnce(Operation):
    """Do the operations of a list between the state before the first and after the last.

    Tables are created whole, with the columns, indexes, constraints and triggers that later
    operations of the list give them; the history of a table comes with it.
    """

    def __init__(self, operations):
        operations = [part for one in operations for part in (one, *getattr(one, "histories", ()))]
        self.operations = operations
        created = {one.name_lower for one in operations if isinstance(one, CreateModel)}
        self.steps = [
            one
            for one in operations
            if not isinstance(one, PARTS) or one.model_name_lower not in created
        ]

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.steps:
            # This one reads its table's columns in the state before.
            is_late = isinstance(operation, AddConstraintNotValid)
            before = to_state if is_late else from_state
            operation.database_forwards(app_label, schema_editor, before, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.steps):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"{len(self.operations)} operations at once"
