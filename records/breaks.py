"""Rules that a row of another system may break as it came in, until somebody edits it here.

Real data break our rules, and an import does not lose them: it lists in a row's `breaks` what the
row does not fulfill, and those constraints pass over it. Once a column of such a rule is changed
the mark is gone, and the rule holds again (docs/locks.md).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from records.checks import SelfChecked
from records.model_fields import PlainInMigrations


class MayBreak(SelfChecked):
    """A row that HMIS CSV files bring in; `breaks` names the rules that it breaks."""

    breaks = ArrayField(
        models.CharField(max_length=63), default=list, db_default=[], blank=True, editable=False
    )

    class Meta:
        abstract = True


UNMARK = """
    IF NEW.breaks @> ARRAY['{mark}']::varchar[] AND (
        NOT OLD.breaks @> ARRAY['{mark}']::varchar[] OR ROW({new}) IS DISTINCT FROM ROW({old})
    ) THEN
        NEW.breaks = array_remove(NEW.breaks, '{mark}');
    END IF;
"""


def marked(name: str) -> Q:
    """The rows that may break a rule: the name of its constraint is in their `breaks`."""
    return Q(breaks__contains=[name])


def breakable(*, name: str, condition: Q, violation_error_message: str) -> models.CheckConstraint:
    """A check constraint that passes over rows which an import marked as breaking it."""
    return models.CheckConstraint(
        name=name,
        condition=condition | marked(name),
        violation_error_message=violation_error_message,
    )


class KeepsMarks(pgtrigger.Trigger):
    """Takes a mark away once a column of its rule is changed; an update adds none.

    An import, which compares whole rows, ignores it: `pgtrigger.ignore`.
    """

    def __init__(self) -> None:
        super().__init__(
            name="keeps_marks",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition("NEW.breaks <> '{}'"),
            func="",
        )

    def get_func(self, model: type[models.Model]) -> str:
        steps = (
            UNMARK.format(
                mark=mark,
                new=", ".join(_in_sql(model, name, "NEW") for name in names),
                old=", ".join(_in_sql(model, name, "OLD") for name in names),
            )
            for mark, names in marks(model).items()
        )
        return "".join(steps) + "    RETURN NEW;"


def marks(model: type[models.Model]) -> dict[str, list[str]]:
    """The rules of a model that a row may break, each with the fields that it is about."""
    return {
        mark: fields_in(constraint)
        for constraint in model._meta.constraints
        if (mark := mark_of(constraint))
    }


def mark_of(constraint: models.BaseConstraint) -> str:
    """What a row that may break it is marked with; empty where no row may."""
    parts = _parts(getattr(constraint, "condition", None))
    return next((value[0] for name, value in parts if name == "breaks"), "")


def fields_in(constraint: models.BaseConstraint) -> list[str]:
    """The names of the fields that a constraint is about."""
    parts = list(_parts(getattr(constraint, "condition", None)))
    names = {name for name, _ in parts if name != "breaks"}
    names |= {value.name for _, value in parts if isinstance(value, F)}
    return sorted(names.union(getattr(constraint, "fields", ())))


def unmark(row: models.Model) -> None:
    """Take the marks away whose rules are about what was changed, as the trigger will."""
    if isinstance(row, MayBreak) and row.breaks and not row._state.adding:
        row.breaks = still_broken(row, row.breaks)


def still_broken(row: models.Model, breaks: Iterable[str]) -> list[str]:
    """The marks of a row that its changes leave, as the trigger has it."""
    rules = marks(type(row))
    names = sorted({name for mark in breaks for name in rules.get(mark, ())})
    old = type(row)._base_manager.only(*names).filter(pk=row.pk).first()
    changed = {name for name in names if _compared(old, name) != _compared(row, name)}
    return [mark for mark in breaks if not changed.intersection(rules.get(mark, ()))]


def _parts(condition: Q | tuple | None) -> Iterator[tuple[str, Any]]:
    """The (field, value) pairs of a condition."""
    if isinstance(condition, tuple):
        yield condition[0].partition("__")[0], condition[1]
    elif condition is not None:
        for child in condition.children:
            yield from _parts(child)


def _is_encrypted(field: models.Field) -> bool:
    return isinstance(field, PlainInMigrations) and hasattr(field, "from_db_value")


def _in_sql(model: type[models.Model], name: str, row: str) -> str:
    """A column in a comparison; of an encrypted one, which differs each time, whether it is set."""
    field = model._meta.get_field(name)
    column = f"{row}.{field.column}"
    return f"({column} = '')" if _is_encrypted(field) else column


def _compared(row: models.Model | None, name: str) -> object:
    field = type(row)._meta.get_field(name)
    value = getattr(row, field.attname, None)
    return value == "" if _is_encrypted(field) else value
