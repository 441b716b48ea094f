"""Indexes that a migration makes and drops while everybody works."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import NotSupportedError
from django.db.migrations.operations import AddConstraint

from records.migrations._at_once import AtOnce


class AddIndexOnce(AddIndexConcurrently):
    """Make an index while everybody works; a run that was interrupted may be run again."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._ensure_not_in_transaction(schema_editor)
        make_once(schema_editor, to_state.apps.get_model(app_label, self.model_name), self.index)


class RemoveIndexOnce(RemoveIndexConcurrently):
    """Drop an index while everybody works; a run in either direction may be run again."""

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._ensure_not_in_transaction(schema_editor)
        index = to_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
        make_once(schema_editor, to_state.apps.get_model(app_label, self.model_name), index)


def make_once(schema_editor, model, index):
    drop_unfinished(schema_editor, index.name)
    made = str(index.create_sql(model, schema_editor, concurrently=True))
    schema_editor.execute(made.replace("CONCURRENTLY", "CONCURRENTLY IF NOT EXISTS", 1))


def drop_unfinished(schema_editor, name):
    """What an interrupted run has left cannot be used, and would count as there."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid",
            [f'"{name}"'],
        )
        is_unfinished = cursor.fetchone() is not None
    if is_unfinished:
        schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')


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


class UniqueByHash(AtOnce):
    """Let keys be unique by an index of their hashes instead of one of themselves.

    The new index is made concurrently, so that nobody waits; then the old constraint goes. A run
    that was interrupted may be run again. The migration says `atomic = False`.

    Args:
        operations: for each key an AlterField without `unique`, and an AddConstraint.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model, table, column, constraint in self._keys(app_label, schema_editor, to_state):
            drop_unfinished(schema_editor, constraint.name)
            made = str(constraint.create_sql(model, schema_editor))
            self._concurrently(schema_editor, made)
            for name in self._plain(schema_editor, table, column):
                schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for _, table, column, constraint in self._keys(app_label, schema_editor, from_state):
            name = f"{table}_{column}_key"
            if not self._plain(schema_editor, table, column):
                drop_unfinished(schema_editor, name)
                made = f'CREATE UNIQUE INDEX "{name}" ON "{table}" ("{column}")'
                self._concurrently(schema_editor, made)
                schema_editor.execute(
                    f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE USING INDEX "{name}"'
                )
            schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{constraint.name}"')

    def describe(self):
        return f"Make {len(self.operations) // 2} keys unique by their hashes"

    def _keys(self, app_label, schema_editor, state):
        if schema_editor.connection.in_atomic_block:
            raise NotSupportedError("Set atomic = False: indexes are made concurrently.")
        for one in self.operations:
            if isinstance(one, AddConstraint):
                model = state.apps.get_model(app_label, one.model_name)
                (of_key,) = one.constraint.expressions[0].get_source_expressions()
                column = model._meta.get_field(of_key.name).column
                yield model, model._meta.db_table, column, one.constraint

    def _concurrently(self, schema_editor, made):
        quietly = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS"
        schema_editor.execute(made.replace("CREATE UNIQUE INDEX", quietly, 1))

    def _plain(self, schema_editor, table, column):
        """The unique constraints of this column alone."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.conname FROM pg_constraint c JOIN pg_attribute a"
                " ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]"
                " WHERE c.conrelid = to_regclass(%s) AND c.contype = 'u' AND a.attname = %s",
                [f'"{table}"', column],
            )
            return [name for (name,) in cursor.fetchall()]
