"""Case assignments: added, ended, handed over (5.3, 5.4). Nothing here deletes one."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import Organization, User
from clients.locks import lock_clients
from enrollments.listeners import HandOver, assignments_written, work_handed_over
from enrollments.models import CaseAssignment, Enrollment
from records.constraints import constraint_messages

Span = tuple[date, date | None]
ENDED = "This assignment has ended already."
BEFORE_BEGIN = "Enter a day on or after the day that the assignment began."


@constraint_messages()
def save_assignment(*, assignment: CaseAssignment, by: User) -> CaseAssignment:
    """Write a new or changed assignment; somebody else may have assigned the same person."""
    lock_clients([assignment.client_id])
    assignment.stamp(by=by)
    assignment.save()
    assignments_written(clients=[assignment.client_id], by=by)
    return assignment


@constraint_messages()
def end_assignment(*, assignment: CaseAssignment, on: date, by: User) -> CaseAssignment:
    """End an assignment that goes on; from that day on it is Inactive."""
    current = _going_on(assignment, on)
    _end(current, on, by)
    assignments_written(clients=[current.client_id], by=by)
    return current


@constraint_messages()
def hand_over(
    *, assignment: CaseAssignment, to: User, organization: Organization, on: date, by: User
) -> CaseAssignment:
    """End an assignment and begin that of another case manager on the same day.

    Args:
        to: the new case manager, until the day the old assignment was to end, if any.
        organization: the one that the new case manager works for.

    Raises:
        ValidationError: when it has ended already (somebody was quicker), or its dates forbid it.
    """
    current = _going_on(assignment, on)
    if current.case_manager_id == to.pk:
        raise ValidationError({"case_manager": "Choose somebody else to hand over to."})
    successor = successor_of(current, to, organization, (on, current.ends_on), by)
    _end(current, on, by)
    successor.save()
    assignments_written(clients=[current.client_id], by=by)
    handed_over = HandOver(
        current.client_id, current.enrollment_id, current.case_manager_id, to, on
    )
    work_handed_over(hand_overs=[handed_over], by=by)
    return successor


@constraint_messages()
def hand_over_all(*, user: User, organizations: Iterable[int], to: User, by: User) -> int:
    """Hand over what a user still has open for these organizations, from today on.

    Where the client has exited, the old assignment ends and nothing else is needed; where the new
    case manager works on the enrollment already, only the time without him is assigned. One that is
    yet to begin changes hands as it is.

    Returns:
        How many assignments changed hands.
    """
    today = timezone.localdate()
    open_work = CaseAssignment.objects.open_work_of(user, organizations, today)
    enrollments = Enrollment.with_deleted.filter(pk__in=open_work.order_by().values("enrollment"))
    list(enrollments.locked())  # before their assignments, as in every action
    rows = list(open_work.select_related("enrollment__organization", "organization").locked())
    theirs = assigned_to(to, enrollments, today, by)
    for row in rows:
        exit_date = row.enrollment.exit_date
        on = max(today, row.begins_on)
        if exit_date and exit_date <= on:
            _end(row, max(exit_date, row.begins_on), by)
            continue
        until = row.ends_on
        _end(row, on, by)
        organization = to.organization_among(row.organization, row.enrollment.organization)
        for span in without(theirs.get(row.enrollment_id, []), on, until):
            successor_of(row, to, organization, span, by).save()
    assignments_written(clients=[row.client_id for row in rows], by=by)
    return len(rows)


def successor_of(
    assignment: CaseAssignment, to: User, organization: Organization, span: Span, by: User
) -> CaseAssignment:
    """The assignment of another case manager for a part of the time; not saved."""
    begins_on, ends_on = span
    successor = CaseAssignment(
        client_id=assignment.client_id,
        enrollment_id=assignment.enrollment_id,
        case_manager=to,
        organization=organization,
        visibility=assignment.visibility,
        begins_on=begins_on,
        ends_on=ends_on,
    )
    successor.stamp(by=by)
    return successor


def assigned_to(
    user: User, enrollments: Iterable[Enrollment | int], day: date, by: User
) -> dict[int, list[CaseAssignment]]:
    """What a user has on these enrollments from a day on, by enrollment, the earliest first.

    One for an organization without access never gets active, and would be in the way: it ends.
    """
    rows = CaseAssignment.objects.not_over_on(day).filter(case_manager=user).with_access()
    found: dict[int, list[CaseAssignment]] = {}
    for one in rows.filter(enrollment__in=enrollments).order_by("begins_on"):
        if one.case_manager_has_access:
            found.setdefault(one.enrollment_id, []).append(one)
        else:
            _end(one, max(day, one.begins_on), by)
    return found


def without(rows: Iterable[CaseAssignment], on: date, until: date | None) -> Iterator[Span]:
    """The spans from a day on, until another if any, in which none of these assignments holds.

    Args:
        rows: the earliest first.
    """
    for one in rows:
        if until is not None and until <= one.begins_on:
            break
        if on < one.begins_on:
            yield on, one.begins_on
        if one.ends_on is None:
            return
        on = max(on, one.ends_on)
    if until is None or on < until:
        yield on, until


def _going_on(assignment: CaseAssignment, day: date) -> CaseAssignment:
    """The row as it is now, locked."""
    lock_clients([assignment.client_id])
    current = CaseAssignment.objects.locked().get(pk=assignment.pk)
    if current.ends_on is not None and current.ends_on <= day:
        raise ValidationError(ENDED, code="ended")
    if day < current.begins_on:
        raise ValidationError({"on": BEFORE_BEGIN})
    return current


def _end(assignment: CaseAssignment, on: date, by: User) -> None:
    assignment.ends_on = on
    assignment.stamp(by=by)
    assignment.save(update_fields=["ends_on", "date_updated", "updated_by"])
