"""Several case assignments handed over at once: all of them, or none with the reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.models import Organization, User
from clients.locks import lock_clients_of
from enrollments.listeners import HandOver, assignments_written, work_handed_over
from enrollments.models import CaseAssignment
from records.constraints import constraint_messages

THEIR_CLIENTS = "SELECT client_id FROM enrollments_caseassignment WHERE id = ANY(%s)"
CHANGED = "Some of these assignments were changed in the meantime. Select the clients again."
MOST = 200  # at once


@dataclass(frozen=True)
class HandedOver:
    """What was written.

    Attributes:
        begun: the new assignments.
        ended: how many ended without a new one: the other user worked on the enrollment already.
    """

    begun: list[CaseAssignment]
    ended: int


@constraint_messages()
def hand_over_several(
    *, assignments: Iterable[int], to: User, organization: Organization, on: date, by: User
) -> HandedOver:
    """End these assignments and begin those of another case manager on the same day.

    Where the other one works on the enrollment already, the old assignment ends and nothing else is
    needed. What keeps its last day, and for whom the other one works, is as in `hand_over`.

    Args:
        organization: the one in force, for which the new case manager works if possible.

    Raises:
        PermissionDenied: for one that other organizations change.
        ValidationError: with a sentence for each client who stands in the way; nothing is written.
    """
    wanted = sorted(set(assignments))
    locked = lock_clients_of(THEIR_CLIENTS, [wanted])
    rows = list(
        CaseAssignment.objects.filter(pk__in=wanted)
        .select_related("client", "organization", "enrollment__organization")
        .defer("client__ssn")
        .locked()
    )
    if len(rows) < len(wanted) or not {row.client_id for row in rows} <= locked:
        raise ValidationError(CHANGED, code="changed")
    if problems := [f"{_who(row)}: {why}" for row in rows if (why := _hindrance(row, to, on, by))]:
        raise ValidationError(problems)
    shared = _worked_on_by(to, rows, on)
    begun = [
        _successor(row, to, organization, on, by) for row in rows if row.enrollment_id not in shared
    ]
    ended = CaseAssignment.objects.filter(pk__in=wanted)
    ended.update(ends_on=on, date_updated=timezone.now(), updated_by=by)
    CaseAssignment.objects.bulk_create(begun)
    assignments_written(clients=[row.client_id for row in rows], by=by)
    work_handed_over(hand_overs=[_told(row, to, on) for row in rows], by=by)
    return HandedOver(begun, ended=len(rows) - len(begun))


def _hindrance(row: CaseAssignment, to: User, on: date, by: User) -> str:
    """Why this one cannot be handed over; empty where it can."""
    may_choose_anybody = by.may_change(row.enrollment)
    if not may_choose_anybody and not by.may_change(row):
        raise PermissionDenied
    if row.ends_on is not None and row.ends_on <= max(on, row.begins_on):
        return f"the assignment ends on {row.ends_on:%m/%d/%Y}."
    if on < row.begins_on:
        return f"the assignment begins on {row.begins_on:%m/%d/%Y}, after that day."
    if row.case_manager_id == to.pk:
        return f"{to} is the case manager already."
    if not may_choose_anybody and row.organization not in to.organizations:
        return f"choose a case manager of {row.organization}, which was given the client."
    return ""


def _worked_on_by(user: User, rows: list[CaseAssignment], on: date) -> set[int]:
    """Which of these enrollments a user works on from that day on."""
    theirs = CaseAssignment.objects.not_over_on(on).filter(case_manager=user)
    enrollments = [row.enrollment_id for row in rows]
    found = theirs.filter(enrollment__in=enrollments).order_by()
    return set(found.values_list("enrollment", flat=True))


def _successor(
    row: CaseAssignment, to: User, organization: Organization, on: date, by: User
) -> CaseAssignment:
    works_for = row.organization
    if by.may_change(row.enrollment):
        works_for = to.organization_among(organization, row.enrollment.organization)
    successor = CaseAssignment(
        client_id=row.client_id,
        enrollment_id=row.enrollment_id,
        case_manager=to,
        organization=works_for,
        visibility=row.visibility,
        begins_on=on,
        ends_on=row.ends_on,
    )
    successor.stamp(by=by)
    return successor


def _told(row: CaseAssignment, to: User, on: date) -> HandOver:
    return HandOver(row.client_id, row.enrollment_id, row.case_manager_id, to, on)


def _who(row: CaseAssignment) -> str:
    return f"{row.client.sorted_name} (Client ID {row.client_id})"
