"""Many rows of every table but the history, made of those that are there: what an agency has.

Copy number r of a row has the IDs of all that it hangs on as they are in copy r, so that a client's
copies have their own enrollments, notes and history. Organizations, projects and users are fewer.
Foreign keys, triggers and plain indexes are out of force while rows are copied; the foreign keys
stay so: it is for a transaction that is rolled back.
"""

from collections.abc import Iterator
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection, models

from records.model_fields import KeyField
from tests.upgrades import APPS

STEP = 100_000  # between the IDs of a row and of its copy
FEW = 200  # copies of what an agency has few of
SMALL = {
    *("agencies.Organization", "agencies.Project", "agencies.User", "agencies.Membership"),
    *("casenotes.ServiceType", "clients.DuplicateReport"),
}
DAYS = 900  # copies lie so far back
PLAIN_INDEX = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisunique
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""


class Multiplied:
    """Copies the rows of all tables of ours until each has at least `rows`."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.copies: dict[str, int] = {}

    def write(self) -> set[str]:
        """Return the tables that have so many rows now."""
        models_ = [one for one in apps.get_models() if one.__module__.partition(".")[0] in APPS]
        models_ = [one for one in models_ if one._meta.managed and not one._meta.proxy]
        models_ = [one for one in models_ if not issubclass(one, pghistory.models.Event)]
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(FOREIGN_KEYS)
            for table, name in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            for model in models_:
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                if there := cursor.fetchone()[0]:
                    wanted = FEW if model._meta.label in SMALL else -(-self.rows // there)
                    self.copies[model._meta.label] = wanted
            for model in models_:
                if model._meta.label in self.copies:
                    self._rewrite(cursor, model._meta.db_table)
                    self._copy(cursor, model)
            cursor.execute("ANALYZE")
            cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indcheckxmin")
            assert not cursor.fetchall(), "indexes that this transaction may not use"
            return set(self._large(cursor))

    def _rewrite(self, cursor: Any, table: str) -> None:
        """Leave no row that this transaction updated in place (HOT).

        An index made where there is one is not used until the transaction has ended
        (`pg_index.indcheckxmin`); whether there is one depends on the room in the table's pages.
        """
        cursor.execute(f"CLUSTER {table} USING {table}_pkey")

    def _copy(self, cursor: Any, model: type[models.Model]) -> None:
        table = model._meta.db_table
        cursor.execute(PLAIN_INDEX, [table])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        fields = [one for one in model._meta.concrete_fields if not one.generated]
        names = ", ".join(f'"{one.column}"' for one in fields)
        values = ", ".join(self._value(one) for one in fields)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t,"
            f" generate_series(1, {self.copies[model._meta.label]}) r ON CONFLICT DO NOTHING"
        )
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for _, definition in indexes:
            cursor.execute(definition)

    def _value(self, field: Any) -> str:
        column = f't."{field.column}"'
        if field.is_relation or isinstance(field, models.AutoField):
            return self._shifted(column, field.related_model or field.model)
        if isinstance(field, models.UUIDField):
            return f"md5({column}::text || r)::uuid"
        if field.name == "listed":
            one = self._shifted("one", apps.get_model("clients.Client"))
            return f"(SELECT array_agg({one}) FROM unnest({column}) AS one)"
        if isinstance(field, models.DateField):
            return f"{column} - (r % {DAYS}) * interval '1 day'"
        if isinstance(field, models.CharField) and self._is_of_one(field):
            hashes = f"md5({column} || r) || md5(r || {column})"  # as long as a SHA-256
            of_copy = f"left({hashes}, {field.max_length or 32})"
            return f"CASE WHEN {column} <> '' THEN {of_copy} ELSE {column} END"
        return column

    def _shifted(self, column: str, model: type[models.Model]) -> str:
        copies = self.copies.get(model._meta.label, 0)
        return f"{column} + r % {copies + 1} * {STEP}"

    @staticmethod
    def _is_of_one(field: Any) -> bool:
        """Whether no other row has the same: keys, hashes, names as they are searched."""
        of_name = field.name in {"first_key", "last_key", "part", "sound", "email", "subject"}
        is_key = field.unique or isinstance(field, KeyField)
        return is_key or field.name == "key" or field.name.endswith("_hash") or of_name

    def _large(self, cursor: Any) -> Iterator[str]:
        for label in self.copies:
            table = apps.get_model(label)._meta.db_table
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
            if cursor.fetchone()[0] > self.rows * 0.9 and label not in SMALL:
                yield table
