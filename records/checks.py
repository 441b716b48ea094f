"""Check constraints that are answered from the row in hand, without asking the database.

A page checks a row before it is written, and Django asks the database about each constraint: three
statements for each. Here a row that plainly fulfills a constraint is not asked about; what breaks
it, and what this module cannot tell, Django asks as ever. The database checks each write itself.
"""

import re
from collections.abc import Callable, Collection
from operator import eq, ge, gt, le, lt
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q

from records.migrations._fields import KeyHash


def _fits(text: str, pattern: str) -> bool:
    """Where Python and PostgreSQL read a pattern alike."""
    if "\\" in pattern or "\n" in text or not text.isascii():
        raise LookupError(pattern)
    return re.search(pattern, text) is not None


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": eq,
    "gt": gt,
    "gte": ge,
    "lt": lt,
    "lte": le,
    "in": lambda value, values: value in values,
    "regex": _fits,
    "contains": lambda values, few: set(few) <= set(values),
}
TRANSFORMS: dict[str, Callable[[Any], Any]] = {"length": len}
UNKNOWN = (AttributeError, FieldDoesNotExist, LookupError, TypeError)


class SelfChecked(models.Model):
    """A row whose check constraints are asked of the database only where it may break them."""

    class Meta:
        abstract = True

    def full_clean(
        self,
        exclude: Collection[str] | None = None,
        validate_unique: bool = True,
        validate_constraints: bool = True,
    ) -> None:
        """Leave the constraints to the form that leaves fields out: `records.forms.CheckedForm`."""
        super().full_clean(exclude, validate_unique, validate_constraints and not exclude)

    def get_constraints(self) -> list[tuple[type[models.Model], list[models.BaseConstraint]]]:
        """Those that are still to be asked: `validate_constraints` takes them from here."""
        return [
            (model, [one for one in constraints if not _is_fulfilled(one, self)])
            for model, constraints in super().get_constraints()
        ]


def _is_fulfilled(constraint: models.BaseConstraint, row: models.Model) -> bool:
    if isinstance(constraint, models.UniqueConstraint):
        # A key is drawn at random, and typed by nobody: the database alone looks after it.
        return any(isinstance(one, KeyHash) for one in constraint.expressions)
    if not isinstance(constraint, models.CheckConstraint) or not isinstance(
        constraint.condition, Q
    ):
        return False
    try:
        return holds(constraint.condition, row) is not False
    except UNKNOWN:
        return False


def holds(condition: Q, row: models.Model) -> bool | None:
    """Whether a row fulfills a condition, as SQL has it: None where a missing value hides it.

    Raises:
        one of UNKNOWN, for what only the database can tell.
    """
    answers = [
        holds(child, row) if isinstance(child, Q) else _compare(row, *child)
        for child in condition.children
    ]
    if condition.connector == Q.XOR:
        raise LookupError(condition.connector)
    decisive = condition.connector == Q.OR
    answer = decisive if decisive in answers else None if None in answers else not decisive
    return answer if answer is None else answer is not condition.negated


def _compare(row: models.Model, path: str, value: Any) -> bool | None:
    name, *transforms = path.split("__")
    lookup = transforms.pop() if transforms else "exact"
    own = _value(row, name)
    for transform in transforms:
        own = None if own is None else TRANSFORMS[transform](own)
    if type(value) is F:
        value = _value(row, value.name)
    elif hasattr(value, "resolve_expression"):
        raise TypeError(value)
    if lookup == "isnull" or (value is None and lookup == "exact"):
        return (own is None) is (True if value is None else value)
    compare = COMPARISONS[lookup]
    return None if own is None or value is None else compare(own, value)


def _value(row: models.Model, name: str) -> Any:
    """A column as it is about to be written, of a plain Python type."""
    value = getattr(row, row._meta.get_field(name).attname)
    if hasattr(value, "resolve_expression"):
        raise TypeError(value)
    return value
