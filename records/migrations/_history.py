"""The history of a table, as `records.history.tracked` declares it, in one line of a migration."""

import hashlib

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from pghistory.utils import JSONField
from pgtrigger.compiler import Trigger, UpsertTriggerSql

NO_INDEX = {"db_index": False, "primary_key": False, "unique": False}
NO_CONSTRAINT = {
    "db_constraint": False,
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
    "related_query_name": "+",
}
OF_EVENT = {
    "pgh_context": "COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB",
    "pgh_context_id": "COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_id', TRUE), ''), NULL)::UUID",
    "pgh_created_at": "NOW()",
    "pgh_label": "'{label}'",
    "pgh_obj_id": '{row}."id"',
}
OF_ROWS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
APPEND_ONLY = "RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;"


class History(Operation):
    """Make the event table of a table, and the triggers that write its rows.

    It stands in the list of `AtOnce` in which the table is created, somewhere after it: the table
    is created with its triggers. `makemigrations` never writes it; what a later migration adds to
    a column's table, it adds to the event table too, and replaces the triggers.

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
        fields = {
            name: field for name, field in tracked.fields.items() if name not in self.exclude
        }
        indexes = [BrinIndex(fields=["pgh_created_at"], name=f"{self.name.lower()}_written_at", autosummarize=True)]
        options = {"abstract": False, "indexes": indexes if self.by_time else []}
        event = CreateModel(f"{self.name}Event", self._fields_of_event(app_label, fields), options)
        event.state_forwards(app_label, state)
        state.models[app_label, event.name_lower].options["triggers"] = [
            trigger(app_label, event.name, "append_only", "UPDATE OR DELETE", func=APPEND_ONLY, when="BEFORE")
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
        row = f"{app_label}.{self.name.lower()}"
        return [
            ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
            ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
            ("pgh_label", models.TextField(help_text="The event label.")),
            ("pgh_context", JSONField(null=True)),
            ("pgh_context_id", models.UUIDField(null=True)),
            ("pgh_obj", models.ForeignKey(row, models.DO_NOTHING, db_constraint=False, related_name="events")),
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
        columns = [column(name, fields[name]) for name in sorted(fields)]
        changes = " OR ".join(f'OLD."{one}" IS DISTINCT FROM (NEW."{one}")' for one in columns)
        condition = "OLD.* IS DISTINCT FROM NEW.*" if is_whole else changes
        for operation, row in OF_ROWS.items():
            label = operation.lower()
            values = {one: f'{row}."{one}"' for one in columns}
            values |= {key: value.format(label=label, row=row) for key, value in OF_EVENT.items()}
            into = ", ".join(f'"{one}"' for one in sorted(values))
            taken = ", ".join(values[one] for one in sorted(values))
            yield trigger(
                app_label,
                self.name,
                f"{label}_{label}",
                operation,
                func=f'INSERT INTO "{app_label}_{self.name.lower()}event" ({into}) VALUES ({taken}); RETURN NULL;',
                **{"condition": f"WHEN ({condition})"} if operation == "UPDATE" else {},
            )


def column(name, field):
    """The name of a field's column."""
    return f"{name}_id" if field.is_relation else name


def trigger(app_label, model, name, operation, *, when="AFTER", **options):
    """A trigger as `pgtrigger` compiles it for a model."""
    digest = hashlib.sha1(f"{app_label}.{model}:{name}".encode()).hexdigest()[:5]  # noqa: S324
    return Trigger(
        name=name,
        sql=UpsertTriggerSql(
            pgid=f"pgtrigger_{name}_{digest}".lower(),
            table=f"{app_label}_{model}".lower(),
            operation=operation,
            when=when,
            **options,
        ),
    )
