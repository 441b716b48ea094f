"""Report Duplicate (2.7) and the two records side by side."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from agencies.submissions import saves_once
from clients.access import get_client
from clients.actions import report_duplicate
from clients.comparison import compare as compared
from clients.forms.duplicate import DuplicateReportForm
from clients.merging.rights import may_compare, who_merges
from clients.models import DuplicateReport


@require_http_methods(["GET", "POST"])
@saves_once
def report(request: HttpRequest) -> HttpResponse:
    initial = {"client_1": request.GET.get("client", ""), "client_2": ""}
    form = DuplicateReportForm(request.POST or None, initial=initial, request=request)
    if form.is_valid():
        report = report_duplicate(form=form, by=request.user)
        messages.success(
            request, "Duplicate reported. The Data Quality Officers will look at the two records."
        )
        return redirect(report)
    return render(request, "clients/report_duplicate.html", {"form": form})


@require_GET
def compare(request: HttpRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(
        DuplicateReport.objects.visible_to(request.user).select_related(
            "created_by", "resolved_by"
        ),
        pk=report_id,
    )
    clients = [get_client(request, pk) for pk in (report.client_1_id, report.client_2_id)]
    request.client = None  # the page is about both, and neither is open
    if clients[0] == clients[1]:  # merged meanwhile
        del clients[1]
    columns = [f"Client ID {client.pk}" for client in clients]
    page = {
        "report": report,
        "who_merges": who_merges(*clients),
        "may_compare": may_compare(request.user, *clients),
        "clients": clients,
        "columns": columns,
        "rows": compared(clients, columns),
    }
    return render(request, "clients/compare.html", page)
