"""Tables in one step: Django renders all models again for each operation otherwise."""

from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """Make the tables of a list, each with its history, from the state before to that after all."""

    def __init__(self, tables):
        self.operations = [one for table in tables for one in (table, *table.histories)]

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"{len(self.operations)} operations at once"
