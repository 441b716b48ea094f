"""Enrollments of two clients who are one person: some exclude each other (docs/adr/0014)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from clients.merge.policies import (
    Conflict,
    MergeAction,
    Moves,
    MovesOrIsDeleted,
    Option,
    Pair,
    Relation,
)
from clients.merge.steps import Step, plain
from hud.choices import RelationshipToHoH
from hud.rules.entry import EnrollmentDates
from records.statements import compiled

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User
    from enrollments.models import Enrollment


class EnrollmentsOfOnePerson(MovesOrIsDeleted):
    """One person is in a household once, and in a project once at a time.

    The officer chooses among the enrollments that the officer sees and may delete. What was filed
    for a soft-deleted one (answers, services, assignments) stays with it. Where the head of the
    household is soft-deleted for another one of its members, who is the same person, that one is
    the head from now on, with the answers that follow the head.

    Other agencies' enrollments are never soft-deleted, seen by the officer or not. Where one
    cannot stand beside another it is exempt from the rules of the database, and is on the list of
    its own agency's officer (docs/adr/0031).
    """

    def conflicts(self, relation: Relation, pair: Pair, user: "User") -> list[Conflict]:
        rows = _seen(user, *pair.ids, relation=relation)
        groups = _entangled([row for row in rows if _is_own(row, user)])
        members = _members(relation, groups, user) if groups else Counter[int]()
        return [_conflict(group, pair, members) for group in groups]

    def steps(self, relation: Relation, action: MergeAction) -> list[Step]:
        present = relation.rows_of(*action.pair.ids).filter(date_deleted=None)
        rows = list(present.select_related("organization"))
        aside = set(self.soft_deleted(relation, action))
        heads = {row.household_id: row for row in rows if row.pk in aside and row.is_head}
        kept = [row for row in rows if row.pk not in aside]
        successors = [row for row in kept if row.household_id in heads and _is_own(row, action.by)]
        headed = [_become_head(relation, heads[row.household_id], row) for row in successors]
        headless = heads.keys() - {row.household_id for row in successors}
        exempt = [*_twice(kept, action), *_left_behind(relation, headless, aside, action.by)]
        unique = {row.pk: row for row in exempt if not row.is_exempt}
        return [
            *self._asides(relation, action),
            *headed,
            *(
                Step(relation.model, [pk], {"is_exempt": False}, {"is_exempt": True}, may_stay=True)
                for pk in sorted(unique)
            ),
            *Moves.steps(self, relation, action),
        ]


@compiled
def _seen(user: "User", one: int, other: int, *, relation: Relation) -> "QuerySet[Enrollment]":
    rows = relation.rows_seen_by(user, one, other).filter(date_deleted=None)
    return rows.select_related("project", "organization").order_by("entry_date", "pk")


def _is_own(row: "Enrollment", user: "User") -> bool:
    """Whether the user, who sees the row, may delete it as an officer of its organization."""
    return user.is_superuser or row.organization_id in user.dqo_organizations


def _twice(rows: list["Enrollment"], action: MergeAction) -> list["Enrollment"]:
    """Of the enrollments that are kept, one of each two that the database would not take.

    That of another agency than the officer's, for its own officer is to decide; of two such, that
    of the client who is gone.
    """
    gone = action.pair.gone.pk
    rows = sorted(rows, key=lambda row: (_is_own(row, action.by), row.client_id != gone, row.pk))
    found: list[Enrollment] = []
    for number, row in enumerate(rows):
        others = (one for one in rows[number + 1 :] if not one.is_exempt)
        if not row.is_exempt and any(_excludes(row, other) for other in others):
            found.append(row)
    return found


def _left_behind(
    relation: Relation, households: Iterable[int], aside: set[int], user: "User"
) -> list["Enrollment"]:
    """Members whom the user does not see, of households of which the user takes the head away.

    Where the user sees one of the others, the database asks for another head first.
    """
    records = relation.model.with_deleted.filter(date_deleted=None)  # type: ignore[attr-defined]
    return records.without_head_for(user, households, going=aside)


def _become_head(relation: Relation, head: "Enrollment", row: "Enrollment") -> Step:
    """What belongs to the household follows the head (R12.2); who came later moved in later."""
    moved_in = row.move_in_date or (head.move_in_date and max(head.move_in_date, row.entry_date))
    after = {
        "relationship_to_hoh": int(RelationshipToHoH.SELF),
        "enrollment_coc": row.enrollment_coc or head.enrollment_coc,
        "move_in_date": plain(moved_in),
    }
    before = {name: plain(getattr(row, name)) for name in after}
    return Step(relation.model, [row.pk], before, after)


def _members(
    relation: Relation, groups: Iterable[list["Enrollment"]], user: "User"
) -> Counter[int]:
    """How many the user sees in the household of each of these enrollments, by household."""
    households = {row.household_id for group in groups for row in group}
    records = relation.model.with_deleted.filter(date_deleted=None)  # type: ignore[attr-defined]
    rows = records.visible_to(user).filter(household__in=households)
    return Counter(rows.values_list("household", flat=True))


def _entangled(rows: list["Enrollment"]) -> list[list["Enrollment"]]:
    """Groups of enrollments of which each stands in the way of another one of the group."""
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
    return EnrollmentDates(one.entry_date, one.exit_date).overlaps(
        EnrollmentDates(other.entry_date, other.exit_date)
    )


def _conflict(group: list["Enrollment"], pair: Pair, members: Counter[int]) -> Conflict:
    of_client = defaultdict(list)
    for row in group:
        of_client[row.client_id].append(row)
    households = {row.household_id for row in group}
    why = "are in one household" if len(households) < len(group) else "overlap"
    return Conflict(
        key=f"enrollment_{min(row.pk for row in group)}",
        question=f"The enrollments of both in {group[0].project} {why}. Whose are kept?",
        note=(
            "The others are kept as deleted, with their answers, services and case assignments; "
            "a Data Quality Officer can restore them."
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
