"""A client's summary, an intake and an enrollment: as a page to print, and as PDF."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import record_list, record_views
from clients.counting import count_people
from clients.loading import Kind, get_client
from clients.models import Client
from hmis.printed_pdf import as_pdf
from hmis.printed_records import (
    Document,
    client_summary,
    printed_enrollment,
    printed_intake,
)

Build = Callable[..., Document | None]
BUILDERS: dict[str, Build] = {
    "summary": client_summary,
    "intake": printed_intake,
    "enrollment": printed_enrollment,
}


@require_GET
def printed(request: UserRequest, client_id: int, record: str, **place: Any) -> HttpResponse:
    client, found = _document(request, client_id, record, place)
    args = [client.pk, *place.values()]
    page = {
        "client": client,
        "document": found,
        "pdf_url": reverse(f"pdf_{record}", args=args),
        "back_url": reverse("enrollments:enrollment", args=args)
        if place
        else client.get_absolute_url(),
    }
    return render(request, "hmis/printed_record.html", page)


@require_GET
def pdf(request: UserRequest, client_id: int, record: str, **place: Any) -> HttpResponse:
    limits.require(request.user, LimitedUse.DOWNLOADS)
    client, found = _document(request, client_id, record, place)
    name = "-".join([record, *(str(one) for one in place.values()), f"client-{client.pk}"])
    return HttpResponse(
        as_pdf(found, client=client, by=request.user, at=timezone.localtime()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


def _document(
    request: UserRequest, client_id: int, record: str, place: dict[str, Any]
) -> tuple[Client, Document]:
    """The client and the document, written to the access log as exported.

    Raises:
        Http404: for a client or an enrollment that is not for this user's eyes.
        PermissionDenied: emergency access lets one read, and print nothing.
    """
    client = get_client(request, client_id, kind=Kind.EXPORT)
    found = BUILDERS[record](client, request.user, **place)
    if found is None:
        raise Http404
    others = [one for one in found.people if one.pk != client.pk]
    if others:
        count_people(request, others)
        record_views(request, others, Kind.EXPORT)
    record_list(request, found.named)
    return client, found


def _pages(record: str, address: str) -> list[URLPattern]:
    return [
        path(f"{address}print/", printed, {"record": record}, name=f"print_{record}"),
        path(f"{address}pdf/", pdf, {"record": record}, name=f"pdf_{record}"),
    ]


pages = [
    *_pages("summary", "summary/"),
    *_pages("intake", "enrollments/<int:enrollment_id>/intake/"),
    *_pages("enrollment", "enrollments/<int:enrollment_id>/"),
]
