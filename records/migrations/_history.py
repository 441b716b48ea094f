"""The history of a table, as `records.history.tracked` declares it, from the columns it has."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from pghistory.utils import JSONField

from records.migrations._triggers import APPEND_ONLY, changed, column, compile_trigger

NO_INDEX = {"db_index": False, "primary_key": False, "unique": False}
NO_CONSTRAINT = {
    "db_constraint": False,
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
    "related_query_name": "+",
}
SETTING = "COALESCE(NULLIF(CURRENT_SETTING('pghistory.{}', TRUE), ''), NULL)::{}"
OF_EVENT = {
    "pgh_context": SETTING.format("context_metadata", "JSONB"),
    "pgh_context_id": SETTING.format("context_id", "UUID"),
    "pgh_created_at": "NOW()",
    "pgh_label": "'{label}'",
    "pgh_obj_id": '{row}."id"',
}
ANY_CHANGE = "WHEN (OLD.* IS DISTINCT FROM NEW.*)"
OF_ROWS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


class History(Operation):
    """Make the event table of a table, and the triggers that write its rows.

    A `Table` has it as `history`: the table is created with its triggers. `makemigrations` does not
    write it; of a column that comes later it writes an AddField for the table and one for the event
    table, and the triggers again.

    Args:
        name: the model whose rows are versioned.
        exclude: columns that say nothing new; `breaks` never has a history.
        read_by: the foreign keys that have an index.
        by_time: whether the versions since a moment are found by an index.
    """

    def __init__(self, name, *, exclude=(), read_by=("client",), by_time=False):
        self.name = name
        self.exclude = {"breaks", *exclude}
        self.read_by = read_by
        self.by_time = by_time

    def state_forwards(self, app_label, state):
        tracked = state.models[app_label, self.name.lower()]
        fields = {name: field for name, field in tracked.fields.items() if name not in self.exclude}
        written_at = BrinIndex(
            fields=["pgh_created_at"], name=f"{self.name.lower()}_written_at", autosummarize=True
        )
        options = {"indexes": [written_at] if self.by_time else []}
        event = CreateModel(f"{self.name}Event", self._fields_of_event(app_label, fields), options)
        event.state_forwards(app_label, state)
        state.models[app_label, event.name_lower].options["triggers"] = [
            compile_trigger(app_label, event.name, **APPEND_ONLY)
        ]
        tracked.options["triggers"] = [
            *tracked.options.get("triggers", []),
            *self._triggers(app_label, fields, is_whole=len(fields) == len(tracked.fields)),
        ]

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.create_model(to_state.apps.get_model(app_label, f"{self.name}Event"))

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.delete_model(from_state.apps.get_model(app_label, f"{self.name}Event"))

    def describe(self):
        return f"Keep the history of {self.name}"

    def _fields_of_event(self, app_label, fields):
        """Those of `pghistory`, and then the table's in their order."""
        row = models.ForeignKey(
            f"{app_label}.{self.name.lower()}",
            models.DO_NOTHING,
            db_constraint=False,
            related_name="events",
        )
        return [
            ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
            ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
            ("pgh_label", models.TextField(help_text="The event label.")),
            ("pgh_context", JSONField(null=True)),
            ("pgh_context_id", models.UUIDField(null=True)),
            ("pgh_obj", row),
            *((name, self._unbound(name, field)) for name, field in fields.items()),
        ]

    def _unbound(self, name, field):
        """A field of the same type without keys, indexes and constraints."""
        kind, options = type(field), NO_INDEX
        if isinstance(field, models.BigAutoField):
            return models.BigIntegerField()
        if isinstance(field, models.ForeignKey):
            kind = models.ForeignKey
            options = NO_INDEX | NO_CONSTRAINT | {"db_index": name in self.read_by}
        *_, args, kwargs = field.deconstruct()
        return kind(*args, **kwargs | options)

    def _triggers(self, app_label, fields, *, is_whole):
        events = f"{app_label}_{self.name.lower()}event"
        columns = [column(name, fields[name]) for name in sorted(fields)]
        for operation, row in OF_ROWS.items():
            label = operation.lower()
            values = {one: f'{row}."{one}"' for one in columns}
            values |= {key: value.format(label=label, row=row) for key, value in OF_EVENT.items()}
            into = ", ".join(f'"{one}"' for one in sorted(values))
            taken = ", ".join(values[one] for one in sorted(values))
            options = {"func": f'INSERT INTO "{events}" ({into}) VALUES ({taken}); RETURN NULL;'}
            if operation == "UPDATE":
                options["condition"] = ANY_CHANGE if is_whole else changed(*columns)
            name = f"{label}_{label}"
            yield compile_trigger(app_label, self.name, name=name, operation=operation, **options)
