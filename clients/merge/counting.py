"""How many rows of every kind the user of a preview sees of either client."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from agencies.models import User
from clients.merge.policies import Pair, Relation
from clients.merge.steps import table
from clients.models import Client


@dataclass(frozen=True)
class Rows:
    """The rows of one kind: how many move, how many of these are deleted, how many are there."""

    relation: Relation
    moving: int
    deleted: int
    present: int
    digest: str

    @property
    def label(self) -> str:
        return self.relation.label

    @property
    def note(self) -> str:
        return self.relation.policy.note


def count(pair: Pair, found: list[Relation], user: User) -> list[Rows]:
    """Count the rows of all tables that the user sees, in one statement.

    Each version of a row has its own place and transaction, so that any change shows.
    """
    arms: list[str] = []
    values: list[Any] = []
    for number, relation in enumerate(found):
        seen = relation.rows_seen_by(user, *pair.ids).order_by().values("pk")
        try:
            which, of_which = seen.query.sql_with_params()
        except EmptyResultSet:
            continue
        arms.append(_counted(number, relation, pair, which))
        values += of_which
    if not arms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(arms)} ORDER BY 1", values)
        return [Rows(found[number], *counts) for number, *counts in cursor.fetchall()]


def _counted(number: int, relation: Relation, pair: Pair, which: str) -> str:
    columns = ", ".join(connection.ops.quote_name(name) for name in relation.columns)
    of_gone = f"{pair.gone.pk} IN ({columns})"
    has_deleted = hasattr(relation.model, "date_deleted") and relation.model is not Client
    deleted = f"{of_gone} AND date_deleted IS NOT NULL" if has_deleted else "false"
    versions = "string_agg(concat_ws(' ', id, xmin, ctid), ',' ORDER BY id)"
    digest = f"coalesce(md5({versions}), '')" if relation.policy.is_compared else "''"
    return (
        f"SELECT {number}, count(*) FILTER (WHERE {of_gone}),"  # noqa: S608 - our own columns
        f" count(*) FILTER (WHERE {deleted}), count(*) FILTER (WHERE NOT {of_gone}), {digest}"
        f" FROM {table(relation.model)} WHERE id IN ({which})"
    )
