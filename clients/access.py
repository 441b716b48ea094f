"""The one way to a client: it loads, authorises and writes the access log."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from agencies.requests import UserRequest
from clients.models import Client, ClientAccess, ClientRecord
from clients.querysets import ClientRecordQuerySet

ClientRow = TypeVar("ClientRow", bound=ClientRecord)
Kind = ClientAccess.Kind


def get_client(
    request: UserRequest, client_id: int, *, kind: Kind = Kind.VIEW, lock: bool = False
) -> Client:
    """Return the client if the user may see it; a merged-away ID finds the one that remains.

    Args:
        kind: what the look is for, as the access log names it.
        lock: keep other writers of this client out until the transaction ends.

    Raises:
        Http404: for a client that does not exist, is deleted or is not for this user's eyes.
    """
    clients = Client.objects.visible_to(request.user).numbered(client_id)
    if lock:
        # Apart from the joins: a row that was changed while its lock was waited for no longer
        # fits the rows it was joined to, and PostgreSQL would leave it out.
        get_object_or_404(clients.select_for_update())
    client = get_object_or_404(clients.select_related("organization", "updated_by"))
    ClientAccess.objects.create(
        client=client,
        user=request.user,
        organization=request.organization,
        kind=kind,
        page=request.resolver_match.view_name,
    )
    request.client = client
    return client


def get_changeable(
    request: UserRequest, rows: ClientRecordQuerySet[ClientRow], pk: int
) -> ClientRow:
    """Return the row if the user may change it.

    Raises:
        Http404: for a row that the user may not see.
        PermissionDenied: for one that belongs to another organization.
    """
    row = get_object_or_404(rows.visible_to(request.user), pk=pk)
    if not request.user.may_change(row):
        raise PermissionDenied("This was filed by another organization, which alone changes it.")
    return row
