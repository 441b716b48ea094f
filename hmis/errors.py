"""Error pages that need to tell one cause from another, and the record of a refusal."""

import sys
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from agencies.models import SecurityEvent
from agencies.security_events import record_event
from clients.loading import DetailsNotSharedError, ErasedClientError
from hmis import faults
from hud.text import as_id
from privacy.models import Erasure

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
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


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TOO_LARGE):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def not_a_page(request: HttpRequest) -> HttpResponse:
    """The page for the address of a button, which a reload or a bookmark opens."""
    match = request.resolver_match
    page = {"client_id": match.kwargs.get("client_id") if match else None}
    return render(request, "405.html", page, status=405)


def server_error(request: HttpRequest) -> HttpResponse:
    """An error of the program, or a fault of the database that passes: then 503."""
    error = sys.exc_info()[1]
    fault = faults.fault_of(error)
    if error is None or fault is None:
        return defaults.server_error(request)
    return faults.answer(request, fault, error)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, ErasedClientError):
        client = exception.client
        erasure = Erasure.objects.filter(client=client.merged_into_id or client.pk).first()
        page = {"erased": client, "cause": erasure and erasure.cause, "typed": typed(request)}
        return render(request, "clients/erased.html", page, status=404)
    return render(request, "404.html", {"typed": typed(request)}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    page = {"typed": typed(request), "refused": exception}
    is_for_details = isinstance(exception, DetailsNotSharedError)
    template = "clients/not_shared.html" if is_for_details else "403.html"
    return render(request, template, page, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose CSRF token is not good any more, as after a new log-in."""
    record_event(Kind.FORM_REFUSED, request=request, **asked_for(request))
    return render(request, "form_expired.html", status=403)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Texts that were sent to a record which is gone meanwhile, with their labels.

    Empty where no view took the request: another site may have sent it.
    """
    sent = ((name, str(value)) for name, value in request.POST.items())
    return faults.typed(sent) if request.resolver_match else []


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
