"""What a merge does with the rows that point to a client.

A model says it in `on_merge`, by field; without, the rows of a `ClientRecord` move to the client
who stays. A relation of which nothing is said stops every merge, and the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from agencies.models import User
from clients.merge.steps import Model, Step, plain
from hud.text import normalised

if TYPE_CHECKING:
    from clients.models import Client

Seen = Callable[[models.QuerySet, User], models.QuerySet]


@dataclass(frozen=True)
class Pair:
    """survivor: the client who stays. gone: the one who is merged into that one."""

    survivor: "Client"
    gone: "Client"

    @property
    def ids(self) -> list[int]:
        return sorted([self.survivor.pk, self.gone.pk])

    def __iter__(self):
        return iter((self.survivor, self.gone))


@dataclass(frozen=True)
class Relation:
    """A model with its foreign keys to a client that one policy is for."""

    model: Model
    fields: tuple[str, ...]
    policy: "Policy"

    @property
    def columns(self) -> list[str]:
        return [one.attname for one in self.model._meta.concrete_fields if one.name in self.fields]

    @property
    def label(self) -> str:
        name = str(self.model._meta.verbose_name_plural)
        return name[0].upper() + name[1:]

    def rows_seen_by(self, user: User, *client_ids: int) -> models.QuerySet:
        """Those of the rows, deleted ones too, that the user may know of (docs/adr/0031)."""
        return self.policy.seen_by(self.rows_of(*client_ids), user)

    def rows_of(self, *client_ids: int) -> models.QuerySet:
        """All rows that name one of the clients, deleted ones too, whoever may see them."""
        named = Q()
        for column in self.columns:
            named |= Q(**{f"{column}__in": client_ids})
        return self.model._base_manager.filter(named).order_by("pk")


@dataclass(frozen=True)
class Option:
    """The rows of one client that cannot stand beside the other's."""

    client_id: int
    rows: tuple[int, ...]
    label: str
    picture: str = ""


@dataclass(frozen=True)
class Conflict:
    """Rows of which only one client's can be kept as they are; an officer says whose.

    The others are kept as deleted.
    """

    key: str
    question: str
    note: str
    options: tuple[Option, ...]

    def soft_deleted(self, kept: int) -> list[int]:
        return [pk for option in self.options if option.client_id != kept for pk in option.rows]


@dataclass(frozen=True)
class MergeAction:
    """A merge as it is done: whose choice, when, and what was chosen of each conflict.

    of_gone: by model the keys of the rows that move because they are about the client who goes.
    """

    pair: Pair
    by: User
    at: datetime
    kept: dict[str, int] = field(default_factory=dict)
    of_gone: dict[Model, list[Any]] = field(default_factory=dict)


class Policy:
    """
    Args:
        note: what the preview says of these rows beside their number.
        is_compared: whether a change of these rows after the preview calls for a new one.
        seen: narrows rows down to those that a user may know of. A record says it itself, by
            `visible_to`; of any other model nothing is shown to anybody where nothing is said.
    """

    def __init__(self, note: str = "", *, is_compared: bool = True, seen: Seen | None = None):
        self.note, self.is_compared, self._seen = note, is_compared, seen

    @property
    def is_everybodys(self) -> bool:
        """Whether the rows are part of the client, seen by who sees the client."""
        return self._seen is everybody

    def seen_by(self, rows: models.QuerySet, user: User) -> models.QuerySet:
        """Those of the rows that the user may know of."""
        if self._seen is not None:
            return self._seen(rows, user)
        records = getattr(rows.model, "with_deleted", None)
        if records is None:
            return rows.none()
        return records.filter(pk__in=rows.order_by().values("pk")).visible_to(user)

    def conflicts(self, relation: Relation, pair: Pair, user: User) -> list[Conflict]:
        """The questions about rows that the user sees, and may delete."""
        return []

    def steps(self, relation: Relation, action: MergeAction) -> list[Step]:
        raise NotImplementedError

    def on_client(self, relation: Relation, client_id: int) -> dict[str, Any]:
        """Columns of a client that follow from these rows as they are now."""
        return {}


class Stays(Policy):
    """The rows keep the ID that they were written with."""

    def __init__(self, note: str = ""):
        super().__init__(note, is_compared=False)

    def steps(self, relation: Relation, action: MergeAction) -> list[Step]:
        return []


class Moves(Policy):
    """The rows are about the client who stays from now on."""

    def steps(self, relation: Relation, action: MergeAction) -> list[Step]:
        (column,), pair = relation.columns, action.pair
        ids = self.moving(relation, action)
        step = Step(relation.model, ids, {column: pair.gone.pk}, {column: pair.survivor.pk})
        return [step] if ids else []

    def moving(self, relation: Relation, action: MergeAction) -> list[Any]:
        return action.of_gone[relation.model]


class JoinsNames(Moves):
    """Aliases move, but for those that the client who stays has already."""

    def moving(self, relation: Relation, action: MergeAction) -> list[Any]:
        known = {key_of_row(one) for one in relation.rows_of(action.pair.survivor.pk)}
        found = relation.rows_of(action.pair.gone.pk)
        return [one.pk for one in found if key_of_row(one) not in known]


class MovesOrIsDeleted(Moves):
    """Rows of which only one client's can be kept as they are."""

    def steps(self, relation: Relation, action: MergeAction) -> list[Step]:
        return [*self._asides(relation, action), *super().steps(relation, action)]

    def _asides(self, relation: Relation, action: MergeAction) -> list[Step]:
        before = {"date_deleted": None, "deleted_by_id": None}
        after = {"date_deleted": plain(action.at), "deleted_by_id": action.by.pk}
        ids = self.soft_deleted(relation, action)
        return [Step(relation.model, ids, before, after)] if ids else []

    def soft_deleted(self, relation: Relation, action: MergeAction) -> list[int]:
        found = self.conflicts(relation, action.pair, action.by)
        return sorted(pk for one in found for pk in one.soft_deleted(action.kept[one.key]))


class NamesTwoClients(Policy):
    """Rows about a pair of clients: a report, a likeness.

    The pair that is merged is resolved. Others name the client who stays from now on, but for one
    that is on the list in that name already: it waits with the ID that is gone.

    Args:
        resolved: the columns of a pair that turned out to be one person.
        decision: the column that says so.
        is_in_order: whether the lower ID stands first, and a pair only once.
        seen: as of any policy.
    """

    def __init__(
        self,
        resolved: Callable[[User, datetime], dict[str, Any]],
        *,
        decision: str,
        is_in_order: bool = False,
        seen: Seen | None = None,
    ):
        super().__init__(is_compared=False, seen=seen)
        self.resolved, self.decision, self.is_in_order = resolved, decision, is_in_order

    def steps(self, relation: Relation, action: MergeAction) -> list[Step]:
        resolved = self.resolved(action.by, action.at)
        found = relation.rows_of(action.pair.gone.pk).values("pk", *relation.columns, *resolved)
        rows = [row for row in found if row[self.decision] != resolved[self.decision]]
        both = set(action.pair.ids)
        own = [row for row in rows if {row[column] for column in relation.columns} == both]
        steps = [self._step(relation, row, resolved) for row in own]
        survivor = action.pair.survivor.pk
        listed = relation.rows_of(survivor).values_list(*relation.columns)
        taken = set(listed) if self.is_in_order else set()
        replaced = {action.pair.gone.pk: survivor}
        for row in rows:
            ids = [replaced.get(row[column], row[column]) for column in relation.columns]
            ids = sorted(ids) if self.is_in_order else ids
            if row not in own and tuple(ids) not in taken:
                renamed = dict(zip(relation.columns, ids, strict=True))
                steps.append(self._step(relation, row, renamed))
        return steps

    def _step(self, relation: Relation, row: dict[str, Any], after: dict[str, Any]) -> Step:
        before = {name: plain(row[name]) for name in after}
        after = {name: plain(value) for name, value in after.items()}
        return Step(relation.model, [row["pk"]], before, after)


def key_of_row(named: Any) -> tuple[str, str]:
    """A name or an alias, as two of them are compared."""
    return normalised(named.first_name), normalised(named.last_name)


def everybody(rows: models.QuerySet, user: User) -> models.QuerySet:
    """Of rows that are part of the client: whoever sees the client sees them."""
    return rows


def own_rows(column: str) -> Seen:
    """Of rows that are one user's alone: whose, stands in `column`."""

    def seen(rows: models.QuerySet, user: User) -> models.QuerySet:
        return rows if user.is_superuser else rows.filter(**{column: user})

    return seen


def own_organizations(rows: models.QuerySet, user: User) -> models.QuerySet:
    """Of rows that the officers of one organization manage."""
    return rows if user.is_superuser else rows.filter(organization__in=user.dqo_organizations)
