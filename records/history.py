"""History of every change: who, when, what, written by triggers and never edited."""

import pghistory
import pgtrigger

from records.model_fields import PlainInMigrations

UNVERSIONED = ["breaks"]  # what is wrong with a row says nothing that the row does not


def tracked(*actions: str, exclude: list[str] | None = None):
    """Return a class decorator that keeps each version of a model's rows in an event table.

    Args:
        actions: labels of what is done to a row without changing it, noted by `note`.
        exclude: derived columns (search keys, hashes) that say nothing new.
    """

    def decorate(model):
        # pghistory copies a field as migrations know it, and would not decrypt what it copied.
        encrypted = {
            field.name: field.clone()
            for field in model._meta.concrete_fields
            if isinstance(field, PlainInMigrations) and hasattr(field, "from_db_value")
        }
        unversioned = [name for name in UNVERSIONED if hasattr(model, name)]
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            *(pghistory.ManualEvent(action) for action in actions),
            exclude=[*(exclude or []), *unversioned],
            attrs=encrypted,
        )(model)

    return decorate


def note(row, action: str) -> None:
    """Put an action that changes no column of the row into its history."""
    pghistory.create_event(row, label=action)


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
