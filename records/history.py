"""History of every change: who, when, what, written by triggers and never edited."""

import re
from typing import Any

import pghistory
import pgtrigger
import pgtrigger.registry
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from records.model_fields import PlainInMigrations

UNVERSIONED = ["breaks"]  # what is wrong with a row says nothing that the row does not
OF_NEW_ROWS = "insert_insert"
EVENT = re.compile(r"(INSERT INTO .+?) VALUES \((.+)\); RETURN NULL;")
# pgtrigger compares each trigger with all before it, and checks the keys of these again each time.
pgtrigger.registry._Registry.values = lambda registry: registry.data.values()


def tracked(
    *actions: str,
    exclude: list[str] | None = None,
    read_by: tuple[str, ...] = ("client",),
    by_time: bool = False,
):
    """Return a class decorator that keeps each version of a model's rows in an event table.

    Args:
        actions: labels of what is done to a row without changing it, noted by `note`.
        exclude: derived columns (search keys, hashes) that say nothing new.
        read_by: the foreign keys by which events are read, beside that of their row. The others
            have no index.
        by_time: whether `records.changes` finds the versions since a moment by an index.
    """

    def decorate(model):
        # pghistory copies a field as migrations know it, and would not decrypt what it copied.
        kept = {
            field.name: field.clone()
            for field in model._meta.concrete_fields
            if isinstance(field, PlainInMigrations) and hasattr(field, "from_db_value")
        }
        names = {field.name for field in model._meta.concrete_fields}
        kept |= {name: _with_index(model._meta.get_field(name)) for name in names & set(read_by)}
        unversioned = [name for name in UNVERSIONED if hasattr(model, name)]
        meta = {"indexes": [_written_at(model)]} if by_time else None
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            *(pghistory.ManualEvent(action) for action in actions),
            exclude=[*(exclude or []), *unversioned],
            attrs=kept,
            meta=meta,
        )(model)

    return decorate


def _with_index(key: models.ForeignKey) -> models.ForeignKey:
    """The foreign key of an event: the row that it names may be gone."""
    return models.ForeignKey(
        key.remote_field.model,
        models.DO_NOTHING,
        verbose_name=key._verbose_name,
        related_name="+",
        related_query_name="+",
        null=key.null,
        blank=key.blank,
        editable=key.editable,
        db_constraint=False,
    )


def _written_at(model: type[models.Model]) -> BrinIndex:
    """A few pages for millions of versions, as they are only ever added, in their order."""
    name = f"{model._meta.model_name}_written_at"
    return BrinIndex(fields=["pgh_created_at"], name=name, autosummarize=True)


def note(row, action: str) -> None:
    """Put an action that changes no column of the row into its history."""
    pghistory.create_event(row, label=action)


def with_events(model: type[models.Model], insert: str) -> str:
    """Make of an INSERT of many rows one that writes their events too.

    They are those of the trigger, by its own words. For a wide row it takes far longer, so that an
    import writes them at once, while `ignored_for_new_rows` of the model is ignored.
    """
    options: Any = model._meta
    trigger = next(one for one in options.triggers if one.name == OF_NEW_ROWS)
    event = EVENT.fullmatch(trigger.get_func(model).func)
    assert event is not None, options.label  # noqa: S101 - as pghistory writes it
    into, values = event.groups()
    return f"WITH new AS ({insert} RETURNING *) {into} SELECT {values} FROM new"  # noqa: S608


def ignored_for_new_rows(model: type[models.Model]) -> str:
    """The name of the trigger that writes the event of a new row, for `pgtrigger.ignore`."""
    return f"{model._meta.label}:{OF_NEW_ROWS}"


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers for a model's Meta that refuse UPDATE, DELETE and TRUNCATE of its table."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="not_truncated",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'Rows of % are only ever added', TG_TABLE_NAME;",
        ),
    ]
