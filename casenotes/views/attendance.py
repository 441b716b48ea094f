"""Attendance: one service for many clients at once (R6.8)."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies import limits
from agencies.models import LimitedUse
from casenotes import services_at_once
from casenotes.attendance import attending, recorded
from casenotes.forms.attendance import AttendanceForm, AttendanceListForm
from casenotes.models import Service
from casenotes.views.services import say_restored, say_taken_back
from clients.access_log.recorder import record_list
from clients.counting import count_unlisted
from records.pages import say_undoable
from records.submissions import submit_once

ON_A_PAGE = 100


@require_http_methods(["GET", "POST"])
@submit_once
def attendance(request: HttpRequest) -> HttpResponse:
    """The address says what is listed; a POST records it for those who are ticked."""
    form = AttendanceForm(request.POST or None, request=request)
    listed = AttendanceListForm(request.GET or None, organization=form.chosen_organization)
    page = {"form": form, "list_form": listed, "types": listed.types}
    if listed.is_valid() and listed.cleaned_data["service_type"]:
        is_typed = form.is_valid() and form.has_units_of(listed.cleaned_data["service_type"])
        if is_typed and (answer := _record(request, form, listed)):
            return answer
        page |= _listed(request, form, listed)
    return render(request, "casenotes/attendance.html", page)


def _record(
    request: HttpRequest, form: AttendanceForm, listed: AttendanceListForm
) -> HttpResponse | None:
    service = Service(
        service_type=listed.cleaned_data["service_type"],
        date=listed.cleaned_data["date"],
        units=form.cleaned_data["units"],
        organization=form.chosen_organization,
    )
    if service.service_type.is_paid_out:
        service.fa_amount = service.units
    try:
        rows = services_at_once.record_attendance(
            service=service,
            enrollments=form.cleaned_data["enrollments"],
            marked=form.cleaned_data["marked"],
            project=listed.cleaned_data["project"],
            by=request.user,
        )
    except ValidationError as error:
        form.add_error("enrollments", error)
        return None
    count = f"{len(rows)} client{'s' if len(rows) > 1 else ''}"
    undo = _address(request, "attendance:undo", *services_at_once.range_of(rows))
    say_undoable(request, f"{service.service_type} recorded for {count}.", undo)
    return redirect(request.get_full_path())


def _listed(request: HttpRequest, form: AttendanceForm, listed: AttendanceListForm) -> dict:
    day = listed.cleaned_data["date"]
    project = listed.cleaned_data["project"]
    if project and request.method == "GET":  # as many names as a search shows
        limits.require(request.user, LimitedUse.SEARCHES)
    found = Paginator(attending(request.user, day, project=project), ON_A_PAGE)
    shown = found.get_page(request.GET.get("page"))
    rows = list(shown)
    if request.method == "POST":  # which shows the list again, if it was shown before
        count_unlisted(request, [one.client_id for one in rows])
    record_list(request, [one.client_id for one in rows])
    done = recorded(rows, listed.cleaned_data["service_type"], day, request.user)
    ticked = {str(one) for one in form["enrollments"].value() or []}
    for row in rows:
        row.recorded, row.is_ticked = done.get(row.pk), str(row.pk) in ticked
    query = request.GET.copy()
    query.pop("page", None)
    return {"page": shown, "rows": rows, "query": query.urlencode()}


@require_POST
@submit_once
def undo(request: HttpRequest, first: int, last: int) -> HttpResponse:
    say_taken_back(request, first, last, _address(request, "attendance:redo", first, last))
    return redirect(_address(request, "attendance:attendance"))


@require_POST
@submit_once
def redo(request: HttpRequest, first: int, last: int) -> HttpResponse:
    """Restore what Undo deleted at once."""
    say_restored(request, first, last)
    return redirect(_address(request, "attendance:attendance"))


def _address(request: HttpRequest, page: str, *place: int) -> str:
    """The address of a page that leads back to the list as it is filtered."""
    query = request.GET.urlencode()
    return reverse(page, args=place) + (f"?{query}" if query else "")
