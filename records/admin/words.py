"""What rows and their versions say, in words: the names that they refer to, and their values."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.text import capfirst

from hud.elements import FIELDS
from hud.rules.sources import BENEFITS, INCOME, INSURANCE
from records.admin.lists import plain

# Who and when stand beside each change; keys and counters say nothing to a person.
UNSAID = {"id", "date_created", "created_by", "date_updated", "updated_by", "deleted_by"}
UNSAID |= {"version", "personal_id", "organization_id", "project_id", "household_id", "key"}
UNSAID |= {"funder_id", "project_coc_id", "inventory_id", "affiliation_id"}
UNSAID |= {"hmis_participation_id", "ce_participation_id", "assessment_id", "breaks"}
UNSAID |= {"enrollment_id", "token", "stored", "client", "last_login", "date_joined", "is_staff"}
TOPICS = (INCOME, BENEFITS, INSURANCE)
# What tells a row from the others of its kind, where there is one.
CALLED_BY = ("title", "document_name", "disability_type", "service_type", "item")
SOURCES = {one.field: one.label for topic in TOPICS for one in topic.sources} | {
    name: f"{one.label}: {what}"
    for topic in TOPICS
    for one in topic.sources
    for name, what in ((one.amount, "amount"), (one.reason, "reason"))
    if name
}
SYSTEM = "The system"
SOMEBODY = "A user of another organization"


class Names:
    """The names that a page's rows need, read at once: users, projects and the like.

    Args:
        users: the keys of users who stand on the page too.
    """

    def __init__(self, officer: Any, rows: Iterable[models.Model], users: Iterable[int | None]):
        self.officer = officer
        self.organizations = set(officer.dqo_organizations)
        self.users = get_user_model()
        wanted: dict[type[models.Model], set[int | None]] = defaultdict(set)
        wanted[self.users] |= set(users)
        for row in rows:
            for column in _relations(row):
                wanted[column.related_model].add(getattr(row, column.attname))
        self.found = {
            model: model._base_manager.in_bulk([key for key in keys if key])
            for model, keys in wanted.items()
            if _has_name(model)
        }
        known = self.users.objects.filter(pk__in=self.found.get(self.users, {}))
        self.known = set(known.known_to(officer).values_list("pk", flat=True)) | {officer.pk}

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
        return str(row) if row else capfirst(f"{model._meta.verbose_name} {key}")

    def shown(self, row: models.Model, column: models.Field) -> str:
        """What a column of a row, or of a version of it, says."""
        value = getattr(row, column.attname)
        if isinstance(column, models.ForeignKey):
            return self.related(column, value)
        column = original(row, column)
        if column.choices and value is not None:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(value, (bool, date)):
            return plain(value)
        return "" if value is None else str(value)

    def called(self, row: models.Model) -> str:
        """The kind and number of a row, or of a version of it, and what tells it from others."""
        model = getattr(row, "pgh_tracked_model", type(row))
        key = getattr(row, "pgh_obj_id", row.pk)
        what = capfirst(f"{model._meta.verbose_name} {key}")
        columns = {one.name: one for one in row._meta.fields}
        said = next((self.shown(row, columns[name]) for name in CALLED_BY if name in columns), "")
        return f"{what} ({said})" if said else what


@dataclass(frozen=True)
class Fact:
    """One column that says something; `is_long` where it is more than a line."""

    label: str
    text: str
    is_long: bool = False


def content_of(row: models.Model, officer: Any) -> list[Fact]:
    """All that a record says, but for keys and for who wrote it and when: before it is restored."""
    names = Names(officer, [row], [])
    columns = [
        one
        for one in row._meta.fields
        if one.name not in UNSAID | {"organization", "date_deleted"}
        and (one.editable or isinstance(one, models.ForeignKey))
    ]
    facts = [
        Fact(label(row, one), names.shown(row, one), isinstance(one, models.TextField))
        for one in columns
    ]
    return [fact for fact in facts if fact.text]


def label(row: models.Model, column: models.Field) -> str:
    """What a column is called: as its question is, where it is one of HUD's."""
    if asked := FIELDS.get(column.name):
        return asked.short
    return SOURCES.get(column.name) or capfirst(str(original(row, column).verbose_name))


def original(row: models.Model, column: models.Field) -> Any:
    """The column of the model itself: a version's has no words."""
    return getattr(row, "pgh_tracked_model", type(row))._meta.get_field(column.name)


def _relations(row: models.Model) -> list[models.ForeignKey]:
    return [
        column
        for column in row._meta.fields
        if isinstance(column, models.ForeignKey) and not column.name.startswith("pgh_")
    ]


def _has_name(model: type[models.Model]) -> bool:
    """Whether its rows are called by a name; a client's or an enrollment's is its number."""
    names = {one.name for one in model._meta.fields}
    return model is get_user_model() or bool(names & {"organization_name", "project_name", "name"})
