from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from agencies.models import SecurityEvent
from agencies.pages import partial
from agencies.security_events import record_event
from clients.access import Kind, get_client


@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, client_id: int) -> HttpResponse:
    """POST shows the SSN, which the access log notes; GET shows it masked again (3.6)."""
    is_revealed = request.method == "POST"
    kind = Kind.REVEAL_SSN if is_revealed else Kind.VIEW
    client = get_client(request, client_id, kind=kind)
    if is_revealed:
        record_event(SecurityEvent.Kind.SSN_REVEALED, request=request, client_id=client.pk)
    page = {"client": client, "is_revealed": is_revealed}
    return render(request, partial(request, "clients/ssn.html", "ssn"), page)
