"""Many columns in one step: Django renders all models again for each operation otherwise."""

from django.db.migrations.operations import SeparateDatabaseAndState


class Columns(SeparateDatabaseAndState):
    """Add the columns of a list of AddField."""

    def __init__(self, operations):
        super().__init__(operations, operations)

    def deconstruct(self):
        return type(self).__name__, [self.database_operations], {}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.database_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.database_operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Add {len(self.database_operations)} columns"
