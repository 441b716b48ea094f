"""The households of a client as their pages show them (12.1)."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from agencies.models import User
from clients.models import Client
from enrollments.listing import listed_enrollments, with_managers
from enrollments.models import Enrollment, HouseholdChange
from hud.choices import RelationshipToHoH
from records.statements import compiled


@dataclass
class FamilyHousehold:
    """One household of a client, with the members whom the user may see.

    own: the client's enrollment in it.
    members: all of them, the head first; each with `active_assignments`.
    changes: what became of it, the latest first.
    """

    own: Enrollment
    members: list[Enrollment]
    today: date
    changes: list["Change"] = field(default_factory=list)

    @property
    def present(self) -> list[Enrollment]:
        """Those who are in the project, or are about to enter it."""
        return [one for one in self.members if not self._has_left(one)]

    @property
    def former(self) -> list[Enrollment]:
        return [one for one in self.members if self._has_left(one)]

    @property
    def is_open(self) -> bool:
        return not self._has_left(self.own)

    def _has_left(self, member: Enrollment) -> bool:
        return member.exit_date is not None and member.exit_date <= self.today


@dataclass(frozen=True)
class Change:
    """A change of a household, as far as the user may see the people in it.

    who: the new head, or the member who went.
    other: who was the head before, or who heads the household that the member came out of or went
        into; None where that is not for the user's eyes, or nobody is.
    is_arrival: the household is the one that came out of a split.
    """

    row: HouseholdChange
    who: Enrollment
    other: Enrollment | None = None
    is_arrival: bool = False


def open_households(client: Client, user: User, *, today: date) -> list[FamilyHousehold]:
    """Those in which the client is in a project now, or is about to enter it, newest first."""
    rows = _households(listed_enrollments(client, user), today)
    found = [one for one in rows if one.is_open]
    with_managers([member for one in found for member in one.present], user)
    return found


def all_households(client: Client, user: User, *, today: date) -> list[FamilyHousehold]:
    """Those of the client's enrollments, newest first, with what became of them.

    A household that came out of a split has what happened before in the one that it was part of.
    """
    found = _households(listed_enrollments(client, user), today)
    by_household = {one.own.household_id: one for one in found}
    rows = _changes(list(by_household)) if found else []
    people = _People(rows, user)
    origins = {row.household_id: row for row in rows if row.new_household_id in by_household}
    for row in rows:
        who = people.by_enrollment.get(row.enrollment_id)
        if who is None:
            continue
        if one := by_household.get(row.household_id):
            one.changes.append(Change(row, who, people.other(row)))
        elif (split := origins.get(row.household_id)) and row.date_created < split.date_created:
            by_household[split.new_household_id].changes.append(Change(row, who, people.other(row)))
        if one := by_household.get(row.new_household_id):
            one.changes.append(
                Change(row, who, people.heads.get(row.household_id), is_arrival=True)
            )
    return found


class _People:
    """Whom changes name, as far as the user may see them.

    heads: the heads of the households that were split and that came out of it, by household.
    """

    def __init__(self, rows: list[HouseholdChange], user: User):
        named = {row.enrollment_id for row in rows} | {row.former_head_id for row in rows}
        places = {row.household_id for row in rows} | {row.new_household_id for row in rows}
        ids = [sorted(pk for pk in pks if pk is not None) for pks in (named, places)]
        seen = _named(user, *ids) if rows else []
        self.by_enrollment = {one.pk: one for one in seen}
        self.heads = {one.household_id: one for one in seen if one.is_head}

    def other(self, row: HouseholdChange) -> Enrollment | None:
        """Who was the head before, or who heads the household that a member went into."""
        if row.new_household_id is None:
            return self.by_enrollment.get(row.former_head_id)
        return self.heads.get(row.new_household_id)


def members_of(enrollment: Enrollment, user: User) -> list[Enrollment]:
    """Everybody in the household whom the user may see, the head first, with the projects.

    For pages that change it: without those whom emergency access alone opens.
    """
    return list(Enrollment.objects.openly_visible_to(user).of_household(enrollment.household_id))


def is_led_by_another(enrollment: Enrollment, members: list[Enrollment]) -> bool:
    """Whether the head of the household is none of these members."""
    rows = Enrollment.objects.filter(household=enrollment.household_id).heads()
    return rows.exclude(pk__in=[one.pk for one in members]).exists()


def _households(rows: list[Enrollment], today: date) -> list[FamilyHousehold]:
    return [FamilyHousehold(row, row.household.members, today) for row in rows]


@compiled
def _changes(household_ids: list[int]) -> QuerySet[HouseholdChange]:
    rows = HouseholdChange.objects.of_households(household_ids)
    return rows.select_related("created_by")


@compiled
def _named(user: User, enrollment_ids: list[int], households: list[int]) -> QuerySet[Enrollment]:
    """These enrollments, and the heads of these households."""
    rows = Enrollment.objects.visible_to(user)
    heads = Q(household__in=households, relationship_to_hoh=RelationshipToHoH.SELF)
    return rows.filter(Q(pk__in=enrollment_ids) | heads).select_related("client")
