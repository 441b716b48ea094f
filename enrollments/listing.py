"""A client's enrollments with what their pages show of household and case managers."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from agencies.models import User
from clients.models import Client
from enrollments.models import CaseAssignment, Enrollment
from records import clock
from records.statements import compiled


def listed_enrollments(client: Client, user: User) -> list[Enrollment]:
    """Those that the user may see, newest first, as `listed_for` brings them along."""
    return _with_people(client, user, _newest_first(user, client.pk))


def listed_enrollment(client: Client, user: User, enrollment_id: int) -> Enrollment | None:
    """One of them; None where the user may not see it."""
    rows = _with_people(client, user, _one(user, client.pk, enrollment_id))
    return rows[0] if rows else None


@compiled
def _newest_first(user: User, client_id: int) -> QuerySet[Enrollment]:
    return _seen(user, client_id).newest_first()


@compiled
def _one(user: User, client_id: int, enrollment_id: int) -> QuerySet[Enrollment]:
    return _seen(user, client_id).filter(pk=enrollment_id)


def _seen(user: User, client_id: int) -> Any:
    rows = Enrollment.objects.visible_to(user).of_client(client_id)
    return rows.select_related("organization", "project", "household")


def _with_people(client: Client, user: User, rows: list[Any]) -> list[Enrollment]:
    if not rows:
        return []
    members: dict[int, list[Enrollment]] = defaultdict(list)
    for member in _members(user, [row.household_id for row in rows]):
        members[member.household_id].append(member)
    for row in with_managers(rows, user):
        row.client = client
        row.household.members = members[row.household_id]
    return rows


def with_managers(rows: list[Any], user: User) -> list[Any]:
    """The enrollments with their `active_assignments`, as far as the user may see them."""
    managers: dict[int, list[CaseAssignment]] = defaultdict(list)
    for assignment in _active_assignments(user, [row.pk for row in rows]) if rows else ():
        managers[assignment.enrollment_id].append(assignment)
    for row in rows:
        row.active_assignments = managers[row.pk]
    return rows


@compiled
def _members(user: User, household_ids: list[int]) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.visible_to(user).filter(household__in=household_ids)
    return rows.select_related("client").in_household_order()


@compiled
def _active_assignments(user: User, enrollment_ids: list[int]) -> QuerySet[CaseAssignment]:
    rows = CaseAssignment.objects.active_on(clock.today()).visible_to(user)
    return rows.filter(enrollment__in=enrollment_ids).select_related("case_manager")
