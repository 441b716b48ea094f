"""Stays of two clients who are one person: some cannot stand beside each other (docs/adr/0014)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from clients.merging.policies import Conflict, Deed, MovesOrIsPutAside, Option, Pair, Relation
from clients.merging.steps import Step
from hud.choices import RelationshipToHoH
from hud.rules.entry import Stay

if TYPE_CHECKING:
    from enrollments.models import Enrollment


class StaysOfOnePerson(MovesOrIsPutAside):
    """One person is in a household once, and in a project once at a time.

    What was filed for a stay that is put aside (answers, services, assignments) stays with it.
    Where the head of the household is put aside for another one of its members, who is the same
    person, that one is the head from now on, with the answers that follow the head.
    """

    def conflicts(self, relation: Relation, pair: Pair) -> list[Conflict]:
        rows = relation.rows_of(*pair.ids).filter(date_deleted=None)
        rows = rows.select_related("project").order_by("entry_date", "pk")
        groups = _entangled(list(rows))
        members = _members(relation, groups)
        return [_conflict(group, pair, members) for group in groups]

    def steps(self, relation: Relation, deed: Deed) -> list[Step]:
        rows = relation.rows_of(*deed.pair.ids).filter(date_deleted=None)
        aside = set(self.put_aside(relation, deed))
        heads = {row.household_id: row for row in rows if row.pk in aside and row.is_head}
        successors = [row for row in rows if row.pk not in aside and row.household_id in heads]
        headed = [_become_head(relation, heads[row.household_id], row) for row in successors]
        steps = super().steps(relation, deed)
        return [*steps[:1], *headed, *steps[1:]] if headed else steps


def _become_head(relation: Relation, head: "Enrollment", row: "Enrollment") -> Step:
    """What belongs to the household follows the head (R12.2); who came later moved in later."""
    moved_in = row.move_in_date or (head.move_in_date and max(head.move_in_date, row.entry_date))
    after = {
        "relationship_to_hoh": int(RelationshipToHoH.SELF),
        "enrollment_coc": row.enrollment_coc or head.enrollment_coc,
        "move_in_date": _plain(moved_in),
    }
    before = {name: _plain(getattr(row, name)) for name in after}
    return Step(relation.model, [row.pk], before, after)


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _members(relation: Relation, groups: Iterable[list["Enrollment"]]) -> Counter[int]:
    """How many are in the household of each of these enrollments, by household."""
    households = {row.household_id for group in groups for row in group}
    rows = relation.model._base_manager.filter(household__in=households, date_deleted=None)
    return Counter(rows.values_list("household", flat=True))


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
    if one.project_id != other.project_id or one.is_exempt or other.is_exempt:
        return False
    return Stay(one.entry_date, one.exit_date).overlaps(Stay(other.entry_date, other.exit_date))


def _conflict(group: list["Enrollment"], pair: Pair, members: Counter[int]) -> Conflict:
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
                "; ".join(_label(row, members[row.household_id]) for row in of_client[client.pk]),
            )
            for client in pair
        ),
    )


def _label(row: "Enrollment", members: int) -> str:
    """What tells one enrollment from another: in one household project and dates are the same."""
    end = f"to {row.exit_date:%m/%d/%Y}" if row.exit_date else "open"
    relationship = RelationshipToHoH(row.relationship_to_hoh).label
    people = "alone" if members == 1 else f"household of {members}"
    return f"{row.project}, {row.entry_date:%m/%d/%Y}, {end}; {relationship}, {people}"
