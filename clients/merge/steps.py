"""What a merge changes, as rows of the database have it, so that undo writes back the very same."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

from clients.encryption import decrypt
from clients.fields import EncryptedTextField

Columns = dict[str, Any]
Model = type[models.Model]


@dataclass(frozen=True)
class Step:
    """Rows of one table of which the same columns change from the same values to the same others.

    ids: the keys of the rows.
    before, after: values by column, as PostgreSQL's to_jsonb gives them; encrypted ones stay so.
    may_stay: undo leaves the rows as the merge left them where the database refuses the change.
    """

    model: Model
    ids: list[Any]
    before: Columns
    after: Columns
    may_stay: bool = False

    def do(self) -> list[Any]:
        """Change those of the rows that are as they were; return their keys."""
        return _change(self.model, self.ids, self.before, self.after)

    def undo(self) -> list[Any]:
        """Restore those of the rows that still are as the merge left them; return their keys."""
        after = self.after | _encrypted_again(self.model, self.ids, self.after)
        return _change(self.model, self.ids, after, self.before)

    def as_json(self) -> dict[str, Any]:
        return {
            "model": self.model._meta.label_lower,
            "ids": [as_key(key) for key in self.ids],
            "before": self.before,
            "after": self.after,
            **({"may_stay": True} if self.may_stay else {}),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Step":
        return cls(
            apps.get_model(kept["model"]),
            kept["ids"],
            kept["before"],
            kept["after"],
            may_stay=kept.get("may_stay", False),
        )


@contextmanager
def keeping_marks() -> Iterator[None]:
    """A merge says itself what becomes of the marks of imported clients (`records.breaks`).

    What the database refuses is rolled back inside: the end needs a transaction that goes on.
    """
    with pgtrigger.ignore("clients.Client:keeps_marks"), transaction.atomic():
        yield


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def as_key(key: Any) -> int | str:
    """The key of a row as JSON keeps it."""
    return key if isinstance(key, int) else str(key)


def table(model: Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def key_type(model: Model) -> str:
    return model._meta.pk.rel_db_type(connection) or ""


def raw_rows(model: Model, ids: Iterable[Any]) -> dict[Any, Columns]:
    """Whole rows by key, every column as the database keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, to_jsonb(rows)::text FROM {table(model)} AS rows"  # noqa: S608
            f" WHERE id = ANY(%s::{key_type(model)}[])",
            [list(ids)],
        )
        return {key: json.loads(row) for key, row in cursor.fetchall()}


def _change(model: Model, ids: list[Any], before: Columns, after: Columns) -> list[Any]:
    """One statement, however many rows; PostgreSQL itself turns the kept values into columns."""
    quoted = [connection.ops.quote_name(name) for name in after]
    values = ", ".join(f"{name} = new.{name}" for name in quoted)
    same = " AND ".join(f"rows.{name} IS NOT DISTINCT FROM old.{name}" for name in quoted)
    name = table(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name} AS rows SET {values}"  # noqa: S608 - names of our own columns
            f" FROM jsonb_populate_record(NULL::{name}, %s::jsonb) AS new,"
            f" jsonb_populate_record(NULL::{name}, %s::jsonb) AS old"
            f" WHERE rows.id = ANY(%s::{key_type(model)}[]) AND {same} RETURNING rows.id",
            [json.dumps(after), json.dumps(before), ids],
        )
        return sorted(key for (key,) in cursor.fetchall())


def _encrypted_again(model: Model, ids: list[Any], kept: Columns) -> Columns:
    """The present form of encrypted columns that say the same under a newer key."""
    fields = [one for one in model._meta.concrete_fields if isinstance(one, EncryptedTextField)]
    names = [one.attname for one in fields if kept.get(one.attname)]
    if not names:
        return {}
    return {
        name: row[name]
        for row in raw_rows(model, ids).values()
        for name in names
        if row[name] and decrypt(row[name]) == decrypt(kept[name])
    }
