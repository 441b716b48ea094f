"""Indexes that a migration drops while everybody works."""

from django.db import NotSupportedError

from records.migrations._at_once import AtOnce


class DropFieldIndexes(AtOnce):
    """Alter fields that lose the index that Django made for each, and drop these indexes.

    They are dropped one after the other, concurrently, so that nobody waits; the migration says
    `atomic = False`. What an interrupted run has dropped already is left out by the next one.

    Args:
        operations: an AlterField for each field.
        plain: columns by table, whose index goes.
        like: columns by table, of unique text, whose second index goes: that for LIKE.
    """

    def __init__(self, operations, *, plain=None, like=None):
        super().__init__(operations)
        self.plain, self.like = plain or {}, like or {}

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for name, *_ in self._indexes(schema_editor):
            schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for name, table, column, kind in self._indexes(schema_editor):
            schema_editor.execute(
                f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "{table}" ("{column}"{kind})'
            )

    def describe(self):
        return f"Drop the indexes of {len(self.operations)} fields"

    def _indexes(self, schema_editor):
        """Names, as Django makes them, with table, column and operator class."""
        if schema_editor.connection.in_atomic_block:
            raise NotSupportedError("Set atomic = False: indexes are dropped concurrently.")
        kinds = (self.plain, "", ""), (self.like, "_like", " varchar_pattern_ops")
        for columns_of, suffix, kind in kinds:
            for table, columns in columns_of.items():
                for column in columns:
                    name = schema_editor._create_index_name(table, [column], suffix=suffix)
                    yield name, table, column, kind
