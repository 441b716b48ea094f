"""The one way to a client: load it, authorize the user, and record the view."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string

from agencies import limits
from agencies.models import LimitedUse, User
from agencies.requests import UserRequest
from clients.access_log.recorder import Kind, record_views, recorder
from clients.counting import OPENED, counted_since
from clients.emergency import is_emergency, require_reading
from clients.models import Client, ClientAccess, ClientMerge, ClientRecord
from clients.querysets import ClientQuerySet, ClientRecordQuerySet
from clients.sharing import why_of_details
from clients.sharing_reasons import Why
from records import clock
from records.statements import compiled

ClientRow = TypeVar("ClientRow", bound=ClientRecord)
ONLY_THEIRS = "Only the organization that created this record can change it."


def get_client(  # noqa: PLR0913 - all of them by name
    request: UserRequest,
    client_id: int,
    *,
    kind: Kind = Kind.VIEW,
    lock: bool | None = None,
    also: Callable[[ClientQuerySet], ClientQuerySet] | None = None,
    requires: Callable[[UserRequest, Client], None] | None = None,
) -> Client:
    """Return the client if the user may see it; a merged-away ID finds the one that remains.

    That is who the client is. A page of which the details are the point, such as the address, asks
    for them by `requires=require_details`; one that shows them beside asks `client.has_details`.

    Args:
        kind: what the view is for, as the access log names it.
        lock: keep other writers of this client out until the transaction ends, so that what is
            read from here on stays true (docs/locks.md). Left out, a POST that changes something
            does. False where an action locks later, several clients perhaps.
        also: what this page alone brings along in the same query.
        requires: what else has to hold, before the view is counted and logged; it raises.

    Raises:
        Http404: for a client that does not exist, is deleted or is not for this user's eyes.
        PermissionDenied: emergency access lets one read, and change nothing.
        LimitReachedError: for one client too many in this hour (docs/security/limits.md).
    """
    if lock is None:
        is_change = kind is Kind.CHANGE and request.method == "POST"
        lock = is_change and connection.in_atomic_block
    client = _load(request, client_id, lock=lock, also=also)
    if client.pk != client_id:
        client.found_by = client_id, ClientMerge.objects.away_from(client_id).first()
    client.is_emergency = is_emergency(request.user, client)
    client.has_details |= client.is_emergency
    if requires:
        requires(request, client)
    is_reading = kind is Kind.VIEW and request.method in {"GET", "HEAD"}
    require_reading(request.user, client, is_reading=is_reading)
    if client.is_emergency:
        kind = Kind.EMERGENCY
    if not client.was_opened:
        limits.require(request.user, LimitedUse.CLIENTS)
    record_views(request, [client], kind)
    return client


def client_of_address(request: UserRequest) -> dict[str, Client]:
    """Return the client whom the address names, if it does, for a template; as `get_client`."""
    client_id = request.resolver_match.kwargs.get("client_id")
    return {"client": get_client(request, client_id)} if client_id else {}


class DetailsNotSharedError(PermissionDenied):
    """No more of the client is shared with the user than the identity; `why` says it."""

    def __init__(self, client: Client, reason: Why):
        super().__init__(str(reason.reason))
        self.client, self.why = client, reason


def require_details(request: UserRequest, client: Client) -> None:
    """Refuse, and say why, where no more of the client is shared than the identity (13.2).

    Raises:
        DetailsNotSharedError: where a release of information is needed, and none covers the user.
    """
    if not client.has_details:
        raise DetailsNotSharedError(client, why_of_details(request.user, client))


def get_client_of_part(request: UserRequest, client_id: int) -> Client:
    """Return the client for a part of a page, such as a picture, if the user may see it.

    The view of the page is in the access log already; one at the part alone is written there.
    """
    client = _load(request, client_id)
    kind = Kind.EMERGENCY if is_emergency(request.user, client) else Kind.VIEW
    recorder(request).add([client.pk], kind, once=True)
    return client


def _load(
    request: UserRequest,
    client_id: int,
    *,
    lock: bool = False,
    also: Callable[[ClientQuerySet], ClientQuerySet] | None = None,
) -> Client:
    try:
        # The first look finds none where the client was merged away while it waited.
        if lock and not (locked(request.user, client_id) or locked(request.user, client_id)):
            raise Http404
        client = opened.first(request.user, client_id, counted_since(request), also=also)
        if client is None:
            raise Http404
    except Http404:
        request.refused_client_id = client_id
        erased = Client.with_deleted.exclude(erased_at=None).filter(pk=client_id)
        gone = erased.select_related("merged_into").first()
        if gone and gone.organization_id in request.user.dqo_organizations:
            raise ErasedClientError(gone) from None
        raise
    request.client = client
    return client


@compiled
def locked(user: User, client_id: int) -> QuerySet[Client, int]:
    """The ID of the client, locked: apart from the joins, as `lock_client` says."""
    clients = Client.objects.openable_by(user).numbered(client_id)
    return clients.select_for_update(no_key=True).values_list("pk", flat=True)


@compiled
def opened(
    user: User,
    client_id: int,
    since: datetime,
    *,
    also: Callable[[ClientQuerySet], ClientQuerySet] | None = None,
) -> ClientQuerySet:
    """The client as every page shows it, with whether the user viewed it `since` that moment."""
    clients = Client.objects.openable_by(user).numbered(client_id)
    clients = clients.select_related("organization", "updated_by").with_alias_names()
    clients = clients.with_sharing(user)
    clients = clients.with_alert_rows(user, clock.today())
    clients = also(clients) if also else clients
    views = ClientAccess.objects.filter(client=OuterRef("pk"), user=user, at__gte=since)
    clients = clients.annotate(was_opened=Exists(views.filter(kind__in=OPENED).order_by()))
    return with_marks(clients, user)


def with_marks(clients: ClientQuerySet, user: User) -> ClientQuerySet:
    """Add what other packages say of a client on every page (CLIENT_MARKS)."""
    for path in settings.CLIENT_MARKS:
        clients = import_string(path)(clients, user)
    return clients


class ErasedClientError(Http404):
    """The record was erased; raised for those who answer for it, who learn when and why."""

    def __init__(self, client: Client):
        super().__init__()
        self.client = client


def lock_client(clients: ClientQuerySet) -> Client:
    """Lock the one client of a query, apart from its joins.

    A row that was changed while its lock was waited for no longer fits the rows it was joined to,
    and PostgreSQL would leave it out; nor does one that was merged away meanwhile fit its number:
    a second look finds who remains.

    Raises:
        Http404: where there is none.
    """
    locked = clients.select_for_update(no_key=True)
    return locked.first() or get_object_or_404(locked)


def lock_visible(user: User, client_id: int) -> Client:
    """Lock a client whom the user may see, as `lock_client` does, by statements that are kept.

    What is shared is asked once the lock is there: whoever held it may have revoked a release.

    Raises:
        Http404: where the user may not see the client any more.
    """
    # The first finds none where the client was merged away while it waited.
    is_locked = _visible.first(user, client_id) or _visible.first(user, client_id)
    client = _shared.first(user, client_id) if is_locked else None
    if client is None:
        raise Http404
    return client


@compiled
def _visible(user: User, client_id: int) -> QuerySet[Client, int]:
    """The ID of the client, locked."""
    clients = Client.objects.visible_to(user).numbered(client_id)
    return clients.select_for_update(no_key=True).values_list("pk", flat=True)


@compiled
def _shared(user: User, client_id: int) -> ClientQuerySet:
    return Client.objects.visible_to(user).with_sharing(user).numbered(client_id)


def get_changeable(
    request: UserRequest, rows: ClientRecordQuerySet[ClientRow], pk: int, *, lock: bool = False
) -> ClientRow:
    """Return the row if the user may change it.

    Args:
        lock: keep other writers of this row out until the transaction ends.

    Raises:
        Http404: for a row that the user may not see.
        PermissionDenied: for one that belongs to another organization.
    """
    if lock:
        lock_row(rows.model, pk)
    row = get_object_or_404(rows.visible_to(request.user), pk=pk)
    if not request.user.may_change(row):
        raise PermissionDenied(ONLY_THEIRS)
    return row


def lock_row(model: type[ClientRecord], pk: int) -> None:
    """Wait for other writers of a row, before it is read: apart, as `lock_client` says."""
    list(model._base_manager.select_for_update().filter(pk=pk).values_list("pk"))
