"""Error pages that need to tell one cause from another."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from agencies.models import SecurityEvent
from agencies.security_events import record_event
from clients.loading import ErasedClientError
from hmis import faults, refusals
from privacy.models import Erasure

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TOO_LARGE):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


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
    return render(request, "403.html", {"typed": typed(request)}, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose CSRF token is not good any more, as after a new log-in."""
    record_event(SecurityEvent.Kind.FORM_REFUSED, request=request, **refusals.asked_for(request))
    return render(request, "form_expired.html", status=403)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Texts that were sent to a record which is gone meanwhile, with their labels.

    Empty where no view took the request: another site may have sent it.
    """
    return faults.typed(request.POST.items()) if request.resolver_match else []
