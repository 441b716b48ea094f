"""Releases of two clients who are one person: the stricter of both counts (13.2, docs/adr/0055).

A leaf, as the policies are: the model of a release names it in `on_merge`.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from agencies.models import Sharing
from clients.merge.policies import MergeAction, Moves, Relation
from clients.merge.steps import Step
from records import clock


class SharesTheLess(Moves):
    """All answers move. A release that the other client did not agree to waits for a decision.

    Nobody is shown a client by a merge whom that client, under either ID, had not agreed to be
    shown to, or not for so long. A refusal never waits: it counts from its day, as before.
    """

    def steps(self, relation: Relation, action: MergeAction) -> list[Step]:
        rows = relation.rows_of(*action.pair.ids)
        ids = [row.pk for row in held_back(rows, clock.today())]
        wait = Step(relation.model, ids, {"undecided": False}, {"undecided": True})
        return [*([wait] if ids else []), *super().steps(relation, action)]


def shares_more(survivor: Any, gone: Any) -> str:
    """Why the other client has to stay: its agency shares less; empty where nothing is in the way.

    The policy of the agency that filed a client is the one that counts.
    """
    mine, theirs = (Sharing(one.organization.sharing_in_force) for one in (survivor, gone))
    if mine.strictness >= theirs.strictness:
        return ""
    return (
        f"{gone.organization} shares less ({theirs.label}) than {survivor.organization} "
        f"({mine.label}). Keep Client ID {gone.pk} instead, so that the stricter rule goes on for "
        "both."
    )


def held_back(rows: Iterable[Any], day: date) -> list[Any]:
    """Of the answers of two clients the releases to which the other one did not agree as well."""
    given: dict[int, list[Any]] = {}
    for row in rows:
        given.setdefault(row.client_id, []).append(row)
    counting = {pk: [one for one in mine if _may_count(one, day)] for pk, mine in given.items()}
    return [
        row
        for mine in counting
        for theirs in [[pk for pk in given if pk != mine]]
        for row in counting[mine]
        if any(_lifts_refusal(given[pk], row) for pk in theirs)
        or not any(_agrees(one, row, day) for pk in theirs for one in counting[pk])
    ]


def _may_count(row: Any, day: date) -> bool:
    """Whether it counts, or would without the answers that were given after it."""
    is_release = row.kind != row.Kind.REFUSED and row.revoked_at is None
    return is_release and not row.undecided and _last_agreed(row) >= day


def _lifts_refusal(others: Iterable[Any], row: Any) -> bool:
    """Whether answers of the other client may end a refusal that takes organizations out of it.

    Of their own releases that are over, too: whoever refused gave none of them.
    """
    given = {one.covers_id for one in others if one.kind != one.Kind.REFUSED and not one.undecided}
    return not given.isdisjoint(row.excludes)


def _agrees(one: Any, other: Any, day: date) -> bool:
    """Whether a release shares with everybody with whom another does, now and at least as long."""
    begins = max(other.begins_on, day)
    is_as_long = one.begins_on <= begins and _last_day(one) >= _last_agreed(other)
    if one.covers_id is not None:
        return is_as_long and one.covers_id == other.covers_id
    left_out = set(one.excludes)
    if other.covers_id is not None:
        return is_as_long and other.covers_id not in left_out
    return is_as_long and left_out <= set(other.excludes)


def _last_agreed(row: Any) -> date:
    return row.ends_on or date.max


def _last_day(row: Any) -> date:
    """The last day on which it counts: a later answer may have taken its place."""
    replaced = row.replaced_on
    return min(_last_agreed(row), replaced - timedelta(days=1)) if replaced else _last_agreed(row)
