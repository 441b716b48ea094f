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
PART_OF_THE_TIME = (
    "has another assignment on this enrollment, which is not active for the whole time from that "
    "day on. Change or end it first."
)
MOST = 200  # at once


@dataclass(frozen=True)
class HandedOver:
    """What was written.

    Attributes:
        begun: the new assignments.
        ended: on how many enrollments no new one was needed: the other user worked on them already.
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
    theirs = _going_on(to, rows, on)
    problems = [
        f"{_who(row)}: {why}" for row in rows if (why := _hindrance(row, to, on, by, theirs))
    ]
    if problems:
        raise ValidationError(problems)
    # Of several on one enrollment, the one that goes on the longest has the successor.
    longest = {row.enrollment_id: row for row in sorted(rows, key=_last_day)}
    begun = [
        _successor(row, to, organization, on, by)
        for enrollment_id, row in longest.items()
        if enrollment_id not in theirs
    ]
    ended = CaseAssignment.objects.filter(pk__in=wanted)
    ended.update(ends_on=on, date_updated=timezone.now(), updated_by=by)
    CaseAssignment.objects.bulk_create(begun)
    assignments_written(clients=[row.client_id for row in rows], by=by)
    work_handed_over(hand_overs=[_told(row, to, on) for row in rows], by=by)
    return HandedOver(begun, ended=len(longest) - len(begun))


def _hindrance(
    row: CaseAssignment, to: User, on: date, by: User, theirs: dict[int, list[CaseAssignment]]
) -> str:
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
    others = theirs.get(row.enrollment_id, [])
    if others and not any(
        one.is_active_on(on) and _last_day(one) >= _last_day(row) for one in others
    ):
        return f"{to} {PART_OF_THE_TIME}"
    return ""


def _going_on(user: User, rows: list[CaseAssignment], on: date) -> dict[int, list[CaseAssignment]]:
    """A user's own assignments on these enrollments that are not over on that day."""
    theirs = CaseAssignment.objects.not_over_on(on).filter(case_manager=user).with_access()
    found: dict[int, list[CaseAssignment]] = {}
    for one in theirs.filter(enrollment__in=[row.enrollment_id for row in rows]):
        found.setdefault(one.enrollment_id, []).append(one)
    return found


def _last_day(row: CaseAssignment) -> date:
    return row.ends_on or date.max


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
