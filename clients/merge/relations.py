"""Every relation to a client that there is, upper floors' too, found by walking it."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

import pghistory.models
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import ManyToOneRel, TextField, Value
from django.db.models.functions import Cast

from agencies.models import User
from clients.merge.policies import Model, Moves, Policy, Relation, Stays
from clients.merge.steps import as_key
from clients.models import Client, ClientRecord
from records.statements import compiled

MOVES = Moves()
HISTORY = Stays("history keeps what was written under each ID")


@cache
def relations() -> tuple[Relation, ...]:
    """The relations by model, each with its policy; those of one policy together."""
    found: dict[tuple[type[models.Model], int], Relation] = {}
    for field in foreign_keys():
        policy = policy_of(field)
        key = field.model, id(policy)
        names = found[key].fields if key in found else ()
        found[key] = Relation(field.model, (*names, field.name), policy)
    return tuple(found.values())


def foreign_keys() -> list[models.ForeignKey]:
    """The foreign keys to a client, hidden ones too."""
    found = Client._meta.get_fields(include_hidden=True)
    return [one.field for one in found if isinstance(one, ManyToOneRel)]


def policy_of(field: models.ForeignKey) -> Policy:
    model = field.model
    if issubclass(model, pghistory.models.Event):
        return HISTORY
    declared = getattr(model, "on_merge", {}).get(field.name)
    if declared is not None:
        return declared
    if issubclass(model, ClientRecord) and field.name == "client":
        return MOVES
    raise ImproperlyConfigured(
        f"Say in {model._meta.label}.on_merge what a merge of clients does with '{field.name}'."
    )


def moving() -> list[Relation]:
    """The relations by which a row is about one client."""
    return [one for one in relations() if isinstance(one.policy, Moves)]


def moving_keys(client_id: int) -> dict[Model, list[Any]]:
    """By model the keys of the rows about a client that a merge moves; one query."""
    found = moving()
    keys: dict[Model, list[Any]] = {one.model: [] for one in found}
    for place, text in _keys(client_id):
        model = found[place].model
        keys[model].append(model._meta.pk.to_python(text))
    return {model: sorted(own) for model, own in keys.items()}


@compiled
def _keys(client_id: int) -> models.QuerySet:
    arms = [
        one.rows_of(client_id)
        .order_by()
        .annotate(of_place=Value(place), of_key=Cast("pk", TextField()))
        .values_list("of_place", "of_key")
        for place, one in enumerate(moving())
    ]
    return arms[0].union(*arms[1:], all=True)


def seen_ids(rows: Iterable[tuple[Model, list[Any]]], user: User) -> dict[Model, set[Any]]:
    """Of rows by model and key the keys of those that the user may see now: a query a model.

    One that is part of the client (an alias) is known to who sees the client, gone or not.
    """
    wanted: dict[Model, set[Any]] = defaultdict(set)
    for model, named in rows:
        wanted[model].update(named)
    found: dict[Model, set[Any]] = {}
    for relation in relations():
        if not (ids := wanted.get(relation.model)):
            continue
        if relation.policy.is_everybodys:
            found[relation.model] = ids
        else:
            kept = relation.model._base_manager.filter(pk__in=ids)
            keys = relation.policy.seen_by(kept, user).values_list("pk", flat=True)
            found[relation.model] = {as_key(key) for key in keys}
    return found
