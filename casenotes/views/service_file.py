"""Enrollments ▸ Services as CSV: all that the filter leaves, and no name of a person."""

from django.http import StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from agencies.requests import UserRequest
from casenotes.models import Service
from casenotes.views.services import find_form
from clients.list_files import BATCH, Line, csv_file
from clients.loading import get_client

COLUMNS = (
    *("Client ID", "Date", "Service", "Details", "Amount", "Project", "Project Start Date"),
    *("Organization", "Entered By"),
)


@require_GET
def services_csv(request: UserRequest, client_id: int) -> StreamingHttpResponse:
    client = get_client(request, client_id)
    form = find_form(request, client)
    rows = client.services.visible_to(request.user).for_list().order_by("-date", "-pk")
    if form.is_bound and not form.is_valid():
        return redirect("casenotes:services", client.pk)
    rows = form.narrow(rows) if form.is_bound else rows
    return csv_file(request, "services", COLUMNS, map(_line, rows.iterator(chunk_size=BATCH)))


def _line(service: Service) -> Line:
    enrollment = service.enrollment
    cells = [
        service.client_id,
        service.date,
        str(service.service_type),
        service.details,
        service.amount,
        str(enrollment.project),
        enrollment.entry_date,
        str(service.organization),
        str(service.created_by),
    ]
    return Line(service.client_id, cells)
