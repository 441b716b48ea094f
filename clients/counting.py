"""Whom a page opens counts toward the user's limit of clients, each once (R16.1)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import Kind, recorder
from clients.models import Client, ClientAccess

OPENED = [Kind.VIEW, Kind.CHANGE, Kind.REVEAL_SSN, Kind.EXPORT, Kind.EMERGENCY]
OPEN_FORM = timedelta(hours=12)  # what was typed on a page of this long ago can be saved


def count_people(request: UserRequest, clients: Iterable[Client]) -> set[int]:
    """Count those whom a page shows as their own pages would, each once an hour.

    Returns:
        the IDs of those who were counted now.

    Raises:
        LimitReachedError: for one client too many in this hour.
    """
    shown = {one.pk for one in clients}
    views = ClientAccess.objects.filter(client__in=shown, user=request.user)
    views = views.filter(at__gte=counted_since(request), kind__in=OPENED)
    if new := shown.difference(views.order_by().values_list("client", flat=True)):
        limits.require(request.user, LimitedUse.CLIENTS, len(new))
    return new


def count_unlisted(request: UserRequest, client_ids: Iterable[int]) -> None:
    """Count and log as opened whom a form names though no page showed them to the user lately.

    For lists of keys that a page sends on: whoever makes one up reads names by it (R16.1). Called
    before the page itself is in the access log, which says who was shown.

    Raises:
        LimitReachedError: for one client too many in this hour.
    """
    named = set(client_ids)
    if not named:
        return
    rows = ClientAccess.objects.filter(user=request.user, at__gte=timezone.now() - OPEN_FORM)
    rows = rows.filter(Q(client__in=named) | Q(listed__overlap=list(named)))
    rows = rows.exclude(kind=Kind.REFUSED)
    shown = {pk for one, listed in rows.values_list("client", "listed") for pk in listed or [one]}
    if new := named - shown:
        limits.require(request.user, LimitedUse.CLIENTS, len(new))
        recorder(request).add(new)


def counted_since(request: UserRequest) -> datetime:
    """From when a user's view of a client counts: a client is counted once an hour (R16.1).

    What is sent from a page that was opened earlier is never refused: it was typed.
    """
    now = timezone.now()
    is_page = request.method == "GET"
    return now.replace(minute=0, second=0, microsecond=0) if is_page else now - OPEN_FORM
