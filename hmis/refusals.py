"""Records that a request was refused, by the answer it got."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from agencies.models import SecurityEvent
from agencies.security_events import record_event
from hud.text import as_id

Kind = SecurityEvent.Kind
BY_STATUS = {
    HTTPStatus.FORBIDDEN: Kind.REFUSED,
    HTTPStatus.NOT_FOUND: Kind.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS: Kind.RATE_LIMITED,
}

REFUSALS = {
    *BY_STATUS.values(),
    Kind.FORM_REFUSED,
    Kind.MANY_SEARCHES,
    Kind.MANY_RECORDS,
    Kind.MANY_REVEALS,
}


def record_refusal(request: HttpRequest, response: HttpResponse) -> None:
    """Record a 403, 404 or 429, unless what gave it has recorded why.

    Of an address that is no page of ours nothing is kept, nor of somebody who is not logged in,
    apart from too many attempts.
    """
    recorder = getattr(request, "access_recorder", None)
    led_elsewhere = bool(recorder and recorder.has_refused and response.status_code < 400)
    status = HTTPStatus.NOT_FOUND if led_elsewhere else HTTPStatus(response.status_code)
    kind = BY_STATUS.get(status)
    if kind is None or request.resolver_match is None or was_refused(request):
        return
    if getattr(request, "limit_reached", False):  # LimitMiddleware records the first of a period
        return
    user = getattr(request, "user", None)
    if kind is Kind.RATE_LIMITED or (user and user.is_authenticated):
        record_event(kind, request=request, **asked_for(request))


def asked_for(request: Any) -> dict[str, Any]:
    """The page by its name, and the numbers in its address: nothing that somebody typed."""
    match = request.resolver_match
    numbers = {name: as_id(str(value)) for name, value in match.kwargs.items()}
    numbers = {name: number for name, number in numbers.items() if number is not None}
    client_id = numbers.pop("client_id", None)
    return {"client_id": client_id, "detail": {"page": match.view_name or "", **numbers}}


def was_refused(request: HttpRequest) -> bool:
    kinds = {event.kind for event in request.security_events}  # type: ignore[attr-defined]
    return bool(kinds & REFUSALS)
