"""The ways to a case assignment and to an enrollment of a client: they load and authorise."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from agencies.models import User
from agencies.requests import UserRequest
from clients.access_log.recorder import record_list, recorder
from clients.loading import Kind, get_client, lock_row
from clients.models import Client
from enrollments.locks import lock_households
from enrollments.models import CaseAssignment, Enrollment
from enrollments.querysets import CaseAssignmentQuerySet
from records.statements import compiled

DATES_ARE_THEIRS = "Only the organization that enrolled the client can change the dates."
NOT_YOURS = (
    "Only users of the organization that enrolled the client or assigned the case manager can do "
    "this."
)


def get_client_of_household(request: UserRequest, client_id: int) -> Client:
    """Return the client, for a change that may touch other members of the household too.

    A POST keeps other writers of all of them out until its transaction ends (docs/locks.md).

    Raises:
        Http404: for a client that is not for this user's eyes.
    """
    if request.method != "POST" or not connection.in_atomic_block:
        return get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    visible = Client.objects.visible_to(request.user).numbered(client_id)
    locked = lock_households(visible.values_list("pk", flat=True))
    # The undo of a merge may bring back whose number this was.
    while (client := get_client(request, client_id, kind=Kind.CHANGE, lock=False)).pk not in locked:
        locked |= lock_households([client.pk])
    return client


def log_household(request: UserRequest, enrollments: Iterable[Enrollment]) -> None:
    """Write to the access log who is named beside a client: these members of the household."""
    record_list(request, [enrollment.client_id for enrollment in enrollments])


def log_changes(request: UserRequest, client_ids: Iterable[int], *, beside: Client) -> None:
    """Write to the access log who else was changed on a page about one client."""
    others = {pk for pk in client_ids if pk != beside.pk}
    recorder(request).add(sorted(others), Kind.CHANGE)


def may_change_assignment(user: User, assignment: CaseAssignment) -> bool:
    """Whether the user may end the assignment or hand it over.

    Both organizations may: the one that enrolled the client, and the case manager's own. Only the
    first assigns, and changes dates (docs/adr/0038).
    """
    return user.may_change(assignment) or user.may_change(assignment.enrollment)


def get_assignment(
    request: UserRequest, client: Client, pk: int, *, lock: bool = False
) -> CaseAssignment:
    """Return the assignment if the user may change it.

    Args:
        lock: keep other writers of it out until the transaction ends.

    Raises:
        Http404: for one that the user may not see.
        PermissionDenied: for one that other organizations change.
    """
    if lock:
        lock_row(CaseAssignment, pk)
    assignment = listed_assignment.first(request.user, client.pk, pk)
    if assignment is None:
        raise Http404
    assignment.client = client
    if not may_change_assignment(request.user, assignment):
        raise PermissionDenied(NOT_YOURS)
    return assignment


def get_assignments(request: UserRequest, pks: Iterable[int]) -> list[CaseAssignment]:
    """Return these assignments with their clients, by name, if the user may change each of them.

    Raises:
        Http404: for one that the user may not see.
        PermissionDenied: for one that other organizations change.
    """
    wanted = set(pks)
    rows = CaseAssignment.objects.openly_visible_to(request.user).filter(pk__in=wanted).listed()
    found = list(rows.select_related("client").defer("client__ssn"))
    if len(found) < len(wanted):
        raise Http404
    if not all(may_change_assignment(request.user, one) for one in found):
        raise PermissionDenied(NOT_YOURS)
    return sorted(found, key=lambda one: (one.client.last_key, one.client.first_key, one.pk))


@compiled
def listed_assignment(user: User, client_id: int, pk: int) -> CaseAssignmentQuerySet:
    return CaseAssignment.objects.visible_to(user).filter(client=client_id, pk=pk).listed()
