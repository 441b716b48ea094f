"""How many rows of every kind the user of a preview sees of either client."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from agencies.models import User
from clients.merge.policies import Pair, Relation
from clients.merge.relations import moving
from clients.models import Client
from records.statements import compiled


@dataclass(frozen=True)
class Rows:
    """The rows of one kind: how many move, how many of these are deleted, how many are there.

    What is there and was deleted, as a legal hold that was lifted, is not counted.
    """

    relation: Relation
    moving: int
    deleted: int
    present: int
    digest: str

    @property
    def label(self) -> str:
        return self.relation.label

    @property
    def deleted_as(self) -> str:
        """What the deleted ones are called: a legal hold is lifted."""
        return getattr(self.relation.model, "deleted_as", "deleted")

    @property
    def note(self) -> str:
        return self.relation.policy.note


def count(pair: Pair, user: User) -> list[Rows]:
    """Count the rows of all tables that the user sees, in one statement.

    Each version of a row has its own place and transaction, so that any change shows.
    """
    found = moving()
    counted = sorted(_counts(user, pair.gone.pk, pair.survivor.pk))
    return [Rows(found[place], *counts) for place, *counts in counted]


@compiled
def _counts(user: User, gone: int, survivor: int) -> QuerySet:
    arms = [_counted(place, one, user, gone, survivor) for place, one in enumerate(moving())]
    return arms[0].union(*arms[1:], all=True)


def _counted(place: int, relation: Relation, user: User, gone: int, survivor: int) -> QuerySet:
    seen = relation.rows_seen_by(user, gone, survivor).order_by()
    columns = ", ".join(connection.ops.quote_name(name) for name in relation.columns)
    of_gone = f"%s IN ({columns})"
    has_deleted = hasattr(relation.model, "date_deleted") and relation.model is not Client
    deleted = f"{of_gone} AND date_deleted IS NOT NULL" if has_deleted else "false"
    present = f"NOT {of_gone}" + (" AND date_deleted IS NULL" if has_deleted else "")
    versions = "string_agg(concat_ws(' ', id, xmin, ctid), ',' ORDER BY id)"
    digest = f"coalesce(md5({versions}), '')" if relation.policy.is_compared else "''"
    rows = relation.model._base_manager.filter(pk__in=seen.values("pk")).order_by()
    return rows.values_list(
        Value(place),
        RawSQL(f"count(*) FILTER (WHERE {of_gone})", [gone]),  # noqa: S611 - our own columns
        RawSQL(f"count(*) FILTER (WHERE {deleted})", [gone] if has_deleted else []),  # noqa: S611
        RawSQL(f"count(*) FILTER (WHERE {present})", [gone]),  # noqa: S611
        RawSQL(digest, []),  # noqa: S611
    )
