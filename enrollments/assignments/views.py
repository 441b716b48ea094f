"""Profile, Case Managers (5): who works with the client, since when and for how long."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agencies.models import User
from agencies.requests import UserRequest
from clients.access_log.recorder import record_list, recorder
from clients.counting import count_unlisted
from clients.loading import Kind, get_client
from enrollments.access import DATES_ARE_THEIRS, get_assignment, get_assignments
from enrollments.assignments import actions
from enrollments.assignments import hand_over as actions_of_several
from enrollments.assignments.forms import (
    CaseAssignmentForm,
    DatesForm,
    EditDatesForm,
    EndForm,
    HandOverForm,
    HandOverSeveralForm,
)
from enrollments.assignments.hand_over import MOST
from enrollments.forms.refusals import explained
from enrollments.models import CaseAssignment
from enrollments.panels import intake_url
from enrollments.row_actions import of_assignment
from hud.text import as_id
from records import clock
from records.pages import leave
from records.statements import compiled
from records.submissions import submit_once

LIST = "enrollments:case_managers"


@require_GET
def case_managers(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    is_active_only = request.GET.get("show") == "active"
    rows = _listed(request.user, client.pk, active=is_active_only)
    page = {
        "client": client,
        "rows": [(row, of_assignment(row, request.user)) for row in rows],
        "is_active_only": is_active_only,
    }
    return render(request, "enrollments/case_managers.html", page)


@compiled
def _listed(user: User, client_id: int, *, active: bool) -> QuerySet[CaseAssignment]:
    rows = CaseAssignment.objects.visible_to(user).of_client(client_id).listed()
    return rows.active_on(clock.today()) if active else rows


@require_http_methods(["GET", "POST"])
@submit_once
def add(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    today = timezone.localdate()
    seen = client.enrollments.visible_to(request.user).open_on(today).newest_first()
    form = CaseAssignmentForm(
        request.POST or None,
        instance=CaseAssignment(client=client),
        enrollments=seen.editable_by(request.user),
        request=request,
    )
    if form.is_valid():
        with explained(form):
            return _saved(form, request)
    page = {
        "client": client,
        "form": form,
        "has_enrollment": bool(form.fields["enrollment"].queryset),
        "others": seen.select_related("organization", "project"),
        "intake_url": intake_url(client),
    }
    return render(request, "enrollments/add_case_assignment.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: UserRequest, client_id: int, assignment_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    assignment = get_assignment(request, client, assignment_id, lock=request.method == "POST")
    if not request.user.may_change(assignment.enrollment):
        raise PermissionDenied(DATES_ARE_THEIRS)
    form = EditDatesForm(request.POST or None, instance=assignment, request=request)
    if form.is_valid():
        with explained(form):
            return _saved(form, request)
    if form.changes:
        form = form.conflict_form()
    page = {"client": client, "form": form, "assignment": assignment}
    return render(request, "enrollments/edit_case_assignment.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def end(request: UserRequest, client_id: int, assignment_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    assignment = get_assignment(request, client, assignment_id)
    form = EndForm(request.POST or None, request=request)
    if form.is_valid():
        with explained(form):
            actions.end_assignment(
                assignment=assignment, on=form.cleaned_data["on"], by=request.user
            )
            messages.success(request, "Case assignment ended.")
            return leave(request, LIST, client.pk)
    page = {"client": client, "form": form, "assignment": assignment}
    return render(request, "enrollments/end_case_assignment.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def hand_over(request: UserRequest, client_id: int, assignment_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    assignment = get_assignment(request, client, assignment_id)
    form = HandOverForm(request.POST or None, assignment=assignment, request=request)
    if form.is_valid():
        with explained(form):
            successor = actions.hand_over(
                assignment=assignment,
                to=form.cleaned_data["case_manager"],
                organization=form.works_for,
                on=form.cleaned_data["on"],
                by=request.user,
            )
            messages.success(request, f"Handed over to {successor.case_manager}.")
            return redirect(LIST, client.pk)
    page = {"client": client, "form": form, "assignment": assignment}
    return render(request, "enrollments/hand_over.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def hand_over_several(request: UserRequest) -> HttpResponse:
    """Hand over what was selected in a list: all of it, or nothing with the reasons."""
    typed = _of(request).getlist("assignment")
    ids = [pk for pk in map(as_id, typed) if pk is not None]
    if len(ids) < len(typed) or len(ids) > MOST:
        raise Http404
    assignments = get_assignments(request, ids)
    count_unlisted(request, [one.client_id for one in assignments])
    record_list(request, [one.client_id for one in assignments])
    data = request.POST if assignments and request.method == "POST" else None
    form = HandOverSeveralForm(data, assignments=assignments, request=request)
    if form.is_valid():
        with explained(form):
            return _handed_over(form, request, assignments)
    page = {"form": form, "assignments": assignments}
    return render(request, "enrollments/hand_over_several.html", page)


def _of(request: UserRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _handed_over(
    form: HandOverSeveralForm, request: UserRequest, assignments: list[CaseAssignment]
) -> HttpResponse:
    to = form.cleaned_data["case_manager"]
    done = actions_of_several.hand_over_several(
        assignments=[one.pk for one in assignments],
        to=to,
        organization=form.chosen_organization,
        on=form.cleaned_data["on"],
        by=request.user,
    )
    recorder(request).add({one.client_id for one in assignments}, Kind.CHANGE)
    count = len(assignments)
    sentence = f"{count} case assignment{'' if count == 1 else 's'} handed over to {to}."
    if done.ended:
        sentence += f" {to} worked on {done.ended} of the enrollments already."
    messages.success(request, sentence)
    return redirect("enrollments:caseload")


def _saved(form: DatesForm, request: UserRequest) -> HttpResponse:
    assignment = actions.save_assignment(assignment=form.instance, by=request.user)
    messages.success(request, form.saved("Case assignment"))
    return redirect(LIST, assignment.client_id)
