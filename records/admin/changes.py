"""What changed, field by field, read from the history that the database keeps (11.4).

Long texts and what is encrypted are never shown, only that they changed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import MD5
from django.utils.text import capfirst

from records.admin.lists import plain

PAGE = 50
# Who and when stand beside each change; keys and counters say nothing to a person.
UNSAID = {"id", "date_created", "created_by", "date_updated", "updated_by", "deleted_by"}
UNSAID |= {"version", "personal_id", "organization_id", "project_id", "household_id", "key"}
UNSAID |= {"funder_id", "project_coc_id", "inventory_id", "affiliation_id"}
UNSAID |= {"hmis_participation_id", "ce_participation_id"}
UNSAID |= {"enrollment_id", "token", "stored", "client", "last_login", "date_joined", "is_staff"}
SYSTEM = "The system"
SOMEBODY = "A user of another organization"


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
    names = Names(officer, pairs)
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


class Names:
    """The names that the entries of a page need, read at once: users, projects and the like."""

    def __init__(self, officer: Any, pairs: Iterable[tuple[Any, Any]]):
        self.officer = officer
        self.organizations = set(officer.dqo_organizations)
        self.users = get_user_model()
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for event, prior in pairs:
            wanted[self.users].add((event.pgh_context or {}).get("user"))
            for one in (event, prior):
                for column in _relations(one) if one else []:
                    wanted[column.related_model].add(getattr(one, column.attname))
        self.found = {
            model: model._base_manager.in_bulk([key for key in keys if key])
            for model, keys in wanted.items()
            if _has_name(model)
        }
        users = self.users.objects.filter(pk__in=self.found.get(self.users, {}))
        self.known = set(users.known_to(officer).values_list("pk", flat=True)) | {officer.pk}

    def who(self, event) -> str:
        """Who did it, as far as it is for the officer to know."""
        context = event.pgh_context or {}
        key = context.get("user")
        if not key:
            return SYSTEM
        did_it_here = context.get("organization") in self.organizations
        return self.user(key, did_it_here=did_it_here)

    def user(self, key: int, *, did_it_here: bool = False) -> str:
        user = self.found.get(self.users, {}).get(key)
        if user is None:
            return f"User {key}"
        if self.officer.is_superuser or key in self.known:
            return str(user)
        if user.is_superuser:
            return "An administrator"
        return str(user) if did_it_here else SOMEBODY

    def related(self, column: models.ForeignKey, key: int | None) -> str:
        if key is None:
            return ""
        model = column.related_model
        if model is self.users:
            return self.user(key)
        row = self.found.get(model, {}).get(key)
        return str(row) if row else f"{model._meta.verbose_name} {key}".capitalize()


def _relations(event) -> list[models.ForeignKey]:
    return [
        column
        for column in event._meta.fields
        if isinstance(column, models.ForeignKey) and not column.name.startswith("pgh_")
    ]


def _has_name(model: type[models.Model]) -> bool:
    """Whether its rows are called by a name; a client's or an enrollment's is its number."""
    names = {one.name for one in model._meta.fields}
    return model is get_user_model() or bool(names & {"organization_name", "project_name", "name"})


def entry(event, prior, names: Names) -> Entry:
    tracked = event.pgh_tracked_model
    what = f"{tracked._meta.verbose_name} {event.pgh_obj_id}".capitalize()
    return Entry(
        at=event.pgh_created_at,
        who=names.who(event),
        what=f"{what} {_action(event, prior)}",
        changes=_changes(event, prior if event.pgh_label == "update" else None, names)
        if event.pgh_label in ("insert", "update")
        else [],
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
        original = event.pgh_tracked_model._meta.get_field(column.name)
        label = capfirst(str(original.verbose_name))
        if isinstance(column, models.TextField):
            found.append(Change(label, None, None))
            continue
        shown = _shown(prior, column, before, names) if prior else ""
        found.append(Change(label, shown, _shown(event, column, after, names)))
    return found


def _value(event, column: models.Field):
    if column.name in _texts(type(event)):
        return getattr(event, f"{column.name}_hash")
    return getattr(event, column.attname)


def _shown(event, column: models.Field, value, names: Names) -> str:
    if isinstance(column, models.ForeignKey):
        return names.related(column, value)
    original = event.pgh_tracked_model._meta.get_field(column.name)
    if original.choices and value is not None:
        return str(dict(original.flatchoices).get(value, value))
    if isinstance(value, (bool, date)):
        return plain(value)
    return "" if value is None else str(value)
