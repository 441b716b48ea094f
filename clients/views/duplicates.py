"""Report Duplicate (2.7) and the two records side by side."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import record_refusal
from clients.duplicates.actions import report_duplicate, withdraw_report
from clients.forms.duplicates import DuplicateReportForm
from clients.loading import get_client
from clients.merge.execute import who_merges
from clients.models import DuplicateReport
from clients.side_by_side import compare as compared
from clients.views.find import posted
from clients.views.merge import may_open
from records.submissions import submit_once

CONFIRM, BACK = "confirm", "back"


@require_http_methods(["GET", "POST"])
@submit_once
def report(request: UserRequest) -> HttpResponse:
    initial = {"client_1": request.GET.get("client", ""), "client_2": ""}
    if request.method == "GET":
        limits.require_room(request.user, LimitedUse.REPORTS)
    form = DuplicateReportForm(request.POST or None, initial=initial, request=request)
    if form.is_valid() and BACK not in request.POST:
        if CONFIRM not in request.POST:
            return _ask_whether_these_are_meant(request, form)
        limits.spend(request.user, LimitedUse.REPORTS)
        report_duplicate(report=form.instance, by=request.user)
        messages.success(
            request, "Duplicate reported. The Data Quality Officers will look at the two records."
        )
        return redirect(form.instance)
    record_refusal(request, form.refused)
    return render(request, "clients/report_duplicate.html", {"form": form})


def _ask_whether_these_are_meant(request: HttpRequest, form: DuplicateReportForm) -> HttpResponse:
    """Show whose IDs were typed, before anything is kept or mailed."""
    ids = [form.cleaned_data[name].pk for name in ("client_1", "client_2")]
    known = DuplicateReport.objects.visible_to(request.user).unresolved().of_clients(*ids).first()
    page = {"form": form, "posted": posted(request, CONFIRM, BACK), "known": known}
    return render(request, "clients/confirm_report.html", page | _side_by_side(request, ids))


def _side_by_side(request: HttpRequest, ids: list[int]) -> dict[str, Any]:
    limits.spend(request.user, LimitedUse.SEARCHES)  # whether two SSNs differ is an answer
    clients = [get_client(request, pk) for pk in ids]
    request.client = None  # the page is about both, and neither is open
    if clients[0] == clients[1]:  # merged meanwhile
        del clients[1]
    columns = [f"Client ID {client.pk}" for client in clients]
    return {"clients": clients, "columns": columns, "rows": compared(clients, columns)}


@require_POST
def withdraw(request: HttpRequest, report_id: int) -> HttpResponse:
    """Whoever reported two clients takes the report back while it is open."""
    report = get_object_or_404(DuplicateReport.objects.visible_to(request.user), pk=report_id)
    if report.created_by != request.user:
        raise PermissionDenied
    if withdraw_report(report=report, by=request.user):
        messages.success(request, "The report is withdrawn.")
    else:
        messages.error(request, "This report has already been resolved. Nothing was changed.")
    return redirect(report)


@require_GET
def compare(request: HttpRequest, report_id: int) -> HttpResponse:
    reports = DuplicateReport.objects.visible_to(request.user)
    reports = reports.select_related("created_by", "resolved_by")
    report = get_object_or_404(reports, pk=report_id)
    page = _side_by_side(request, [report.client_1_id, report.client_2_id])
    clients = page["clients"]
    page |= {
        "report": report,
        "who_merges": who_merges(*clients),
        "may_compare": may_open(request.user, report.client_1_id, report.client_2_id),
        "may_withdraw": report.created_by == request.user and not report.resolution,
    }
    return render(request, "clients/compare.html", page)
