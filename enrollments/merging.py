"""Stays of two clients who are one person: some cannot stand beside each other (docs/adr/0014)."""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from clients.merging.policies import Conflict, MovesOrIsPutAside, Option, Pair, Relation

if TYPE_CHECKING:
    from enrollments.models import Enrollment


class StaysOfOnePerson(MovesOrIsPutAside):
    """One person is in a household once, and in a project once at a time.

    What was filed for a stay that is put aside (answers, services, assignments) stays with it.
    """

    def conflicts(self, relation: Relation, pair: Pair) -> list[Conflict]:
        rows = relation.rows_of(*pair.ids).filter(date_deleted=None)
        rows = rows.select_related("project").order_by("entry_date", "pk")
        return [_conflict(group, pair) for group in _entangled(list(rows))]


def _entangled(rows: list["Enrollment"]) -> list[list["Enrollment"]]:
    """Groups of stays of which each stands in the way of another one of the group."""
    groups: list[list[Enrollment]] = []
    for row in rows:
        touched = [one for one in groups if any(_excludes(row, other) for other in one)]
        groups = [one for one in groups if one not in touched]
        groups.append([*(other for one in touched for other in one), row])
    return [group for group in groups if len(group) > 1]


def _excludes(one: "Enrollment", other: "Enrollment") -> bool:
    if one.client_id == other.client_id:
        return False
    if one.household_id == other.household_id:
        return True
    first, second = sorted([one, other], key=lambda row: row.entry_date)
    is_at_once = (first.exit_date or date.max) > second.entry_date
    lasts = all(row.exit_date is None or row.exit_date > row.entry_date for row in (one, other))
    return one.project_id == other.project_id and is_at_once and lasts


def _conflict(group: list["Enrollment"], pair: Pair) -> Conflict:
    of_client = defaultdict(list)
    for row in group:
        of_client[row.client_id].append(row)
    households = {row.household_id for row in group}
    why = "are in one household" if len(households) < len(group) else "overlap"
    return Conflict(
        key=f"stay_{min(row.pk for row in group)}",
        question=f"The stays of both in {group[0].project} {why}. Whose are kept?",
        note=(
            "The others are kept as deleted, with the answers, services and case assignments that "
            "were filed for them; a Data Quality Officer can restore them."
        ),
        options=tuple(
            Option(
                client.pk,
                tuple(row.pk for row in of_client[client.pk]),
                "; ".join(_stay(row) for row in of_client[client.pk]),
            )
            for client in pair
        ),
    )


def _stay(row: "Enrollment") -> str:
    end = f"to {row.exit_date:%m/%d/%Y}" if row.exit_date else "open"
    return f"{row.project}, {row.entry_date:%m/%d/%Y}, {end}"
