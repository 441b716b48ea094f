"""Several case assignments handed over at once: all of them, or none with the reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.models import Organization, User
from clients.locks import lock_clients_of
from enrollments.assignments.actions import assigned_to, successor_of, without
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
        ended: on how many enrollments no new one was needed: the other user worked on them already.
    """

    begun: list[CaseAssignment]
    ended: int


@constraint_messages()
def hand_over_several(
    *, assignments: Iterable[int], to: User, organization: Organization, on: date, by: User
) -> HandedOver:
    """End these assignments and begin those of another case manager on the same day.

    Where the other one works on the enrollment already, only the time without him is assigned, as
    in `hand_over_all`. What keeps its last day, and for whom he works, is as in `hand_over`.

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
    errors = [f"{_who(row)}: {why}" for row in rows if (why := _hindrance(row, to, on, by))]
    if errors:
        raise ValidationError(errors)
    # Of several on one enrollment, the one that goes on the longest has the successor.
    longest = {row.enrollment_id: row for row in sorted(rows, key=_last_day)}
    theirs = assigned_to(to, longest, on, by)
    spans = {pk: [*without(theirs.get(pk, []), on, row.ends_on)] for pk, row in longest.items()}
    begun = [
        successor_of(row, to, _works_for(row, to, organization, by), span, by)
        for pk, row in longest.items()
        for span in spans[pk]
    ]
    ended = CaseAssignment.objects.filter(pk__in=wanted)
    ended.update(ends_on=on, date_updated=timezone.now(), updated_by=by)
    CaseAssignment.objects.bulk_create(begun)
    assignments_written(clients=[row.client_id for row in rows], by=by)
    work_handed_over(hand_overs=[_hand_over(row, to, on) for row in rows], by=by)
    return HandedOver(begun, ended=sum(not found for found in spans.values()))


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


def _last_day(row: CaseAssignment) -> date:
    return row.ends_on or date.max


def _works_for(row: CaseAssignment, to: User, organization: Organization, by: User) -> Organization:
    if by.may_change(row.enrollment):
        return to.organization_among(organization, row.enrollment.organization)
    return row.organization


def _hand_over(row: CaseAssignment, to: User, on: date) -> HandOver:
    return HandOver(row.client_id, row.enrollment_id, row.case_manager_id, to, on)


def _who(row: CaseAssignment) -> str:
    return f"{row.client.sorted_name} (Client ID {row.client_id})"
