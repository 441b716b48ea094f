"""What changed, field by field, read from the history that the database keeps (11.4).

Long texts and what is encrypted are never shown, only that they changed.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import MD5

from records.admin.words import UNSAID, Names, label

PAGE = 50


@dataclass(frozen=True)
class Change:
    """One field: what it said and what it says; None where the value is not shown."""

    label: str
    before: str | None
    after: str | None

    @property
    def is_hidden(self) -> bool:
        return self.after is None


@dataclass(frozen=True)
class Entry:
    """One change of one row: when, by whom, and what."""

    at: datetime
    who: str
    what: str
    changes: list[Change] = field(default_factory=list)
    is_change: bool = False  # of a row that was there before


def event_model(model: type[models.Model]) -> type[models.Model] | None:
    """The model of the history of `model`'s rows, if there is one."""
    return getattr(model, "pgh_event_model", None)


def events_of(model: type[models.Model]) -> models.Manager:
    """The history of all of `model`'s rows; only for a model that has one."""
    return model.pgh_event_model._default_manager  # type: ignore[attr-defined]


def page_of(sources: list[models.QuerySet], officer: Any, *, first: int) -> list[Entry]:
    """Return the newest entries of all these event querysets together, PAGE and one more.

    Costs one query to find them and two for each kind of row among them, however many there are.
    """
    heads = [
        rows.order_by()
        .annotate(source=Value(number))
        .values_list("pgh_created_at", "source", "pgh_id")
        for number, rows in enumerate(sources)
    ]
    union = heads[0].union(*heads[1:], all=True) if len(heads) > 1 else heads[0]
    # What one transaction wrote has one time; rows that hang on others come later in the sources.
    order = union.order_by("-pgh_created_at", "-source", "-pgh_id")[first : first + PAGE + 1]
    found = [(number, key) for _, number, key in order]
    wanted = defaultdict(list)
    for number, key in found:
        wanted[number].append(key)
    events = {number: _loaded(sources[number].model, keys) for number, keys in wanted.items()}
    pairs = [events[number][key] for number, key in found]
    rows = [one for pair in pairs for one in pair if one]
    names = Names(officer, rows, [(event.pgh_context or {}).get("user") for event, _ in pairs])
    return [entry(event, prior, names) for event, prior in pairs]


def _loaded(model: type[models.Model], keys: list[int]) -> dict[int, tuple[Any, Any]]:
    """Each event with the one before it of the same row."""
    rows = model._default_manager.all()
    before = rows.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    latest = before.order_by("-pgh_id").values("pgh_id")[:1]
    events = _without_texts(rows.filter(pk__in=keys).annotate(prior=Subquery(latest))).in_bulk()
    prior = _without_texts(rows).in_bulk([one.prior for one in events.values() if one.prior])
    return {key: (event, prior.get(event.prior)) for key, event in events.items()}


def _texts(model: type[models.Model]) -> list[str]:
    """Columns that may be long: compared by what they hash to, never loaded."""
    names = [one.name for one in model._meta.fields if type(one) is models.TextField]
    return [name for name in names if not name.startswith("pgh_")]


def _without_texts(rows: models.QuerySet) -> models.QuerySet:
    texts = _texts(rows.model)
    return rows.annotate(**{f"{name}_hash": MD5(F(name)) for name in texts}).defer(*texts)


def entry(event, prior, names: Names) -> Entry:
    return Entry(
        at=event.pgh_created_at,
        who=names.who(event),
        what=f"{names.called(event)} {_action(event, prior)}",
        changes=_changes(event, prior if event.pgh_label == "update" else None, names)
        if event.pgh_label in ("insert", "update")
        else [],
        is_change=event.pgh_label == "update" and prior is not None,
    )


def _action(event, prior) -> str:
    was_deleted = getattr(prior, "date_deleted", None)
    is_deleted = getattr(event, "date_deleted", None)
    if event.pgh_label == "update" and bool(was_deleted) != bool(is_deleted):
        return "deleted" if is_deleted else "restored"
    words = {"insert": "added", "update": "changed", "delete": "deleted"}
    return words.get(event.pgh_label, event.pgh_label)


def _changes(event, prior, names: Names) -> list[Change]:
    found = []
    for column in event._meta.fields:
        if column.name in UNSAID or column.name.startswith(("pgh_", "date_deleted")):
            continue
        before, after = _value(prior, column) if prior else None, _value(event, column)
        if prior is None and after in (None, "", False, []):
            continue
        if before == after and prior is not None:
            continue
        if isinstance(column, models.TextField):
            found.append(Change(label(event, column), None, None))
            continue
        shown = names.shown(prior, column) if prior else ""
        found.append(Change(label(event, column), shown, names.shown(event, column)))
    return found


def _value(event, column: models.Field):
    if column.name in _texts(type(event)):
        return getattr(event, f"{column.name}_hash")
    return getattr(event, column.attname)
