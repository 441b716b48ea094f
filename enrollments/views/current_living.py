"""Current Living Situation (4.12): the contacts of an enrollment, added, corrected, deleted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.requests import UserRequest
from clients.loading import Kind, get_changeable, get_client
from clients.models import Client
from enrollments.forms.current_living import CurrentLivingForm, EditCurrentLivingForm
from enrollments.models import CurrentLivingSituation, Enrollment
from records.pages import leave
from records.submissions import submit_once

EDIT = "enrollments/edit_current_living.html"


@require_http_methods(["GET", "POST"])
@submit_once
def add(request: UserRequest, client_id: int, enrollment_id: int) -> HttpResponse:
    client, enrollment = _enrollment(request, client_id, enrollment_id)
    if not enrollment.records_contacts:
        raise Http404
    contact = CurrentLivingSituation(
        client=client, enrollment=enrollment, organization=enrollment.organization
    )
    form = CurrentLivingForm(request.POST or None, instance=contact, request=request)
    if form.is_valid():
        return _saved(request, form, enrollment)
    return render(request, EDIT, {"client": client, "enrollment": enrollment, "form": form})


@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: UserRequest, client_id: int, enrollment_id: int, contact_id: int) -> HttpResponse:
    client, enrollment = _enrollment(request, client_id, enrollment_id)
    rows = enrollment.current_living_situations.select_related("enrollment", "updated_by")
    contact = get_changeable(request, rows, contact_id, lock=request.method == "POST")
    form = EditCurrentLivingForm(request.POST or None, instance=contact, request=request)
    if form.is_valid():
        return _saved(request, form, enrollment)
    if form.changes:
        form = form.conflict_form()
    return render(request, EDIT, {"client": client, "enrollment": enrollment, "form": form})


@require_http_methods(["GET", "POST"])
@submit_once
def delete(
    request: UserRequest, client_id: int, enrollment_id: int, contact_id: int
) -> HttpResponse:
    client, enrollment = _enrollment(request, client_id, enrollment_id)
    rows = CurrentLivingSituation.with_deleted.filter(enrollment=enrollment)
    contact = get_changeable(request, rows, contact_id)
    if request.method == "POST" and not contact.date_deleted:
        contact.mark_deleted(by=request.user)
        messages.success(request, "Contact deleted.")
    if contact.date_deleted:
        return leave(request, enrollment)
    page = {
        "client": client,
        "what": contact.display_name,
        "kind": "contact",
        "list_url": enrollment.get_absolute_url(),
    }
    return render(request, "clients/confirm_deletion.html", page)


@require_POST
@submit_once
def restore(
    request: UserRequest, client_id: int, enrollment_id: int, contact_id: int
) -> HttpResponse:
    _, enrollment = _enrollment(request, client_id, enrollment_id)
    rows = CurrentLivingSituation.with_deleted.filter(enrollment=enrollment)
    contact = get_changeable(request, rows, contact_id)
    if contact.date_deleted:
        contact.restore(by=request.user)
        messages.success(request, "Contact restored.")
    return redirect(enrollment)


def _enrollment(
    request: UserRequest, client_id: int, enrollment_id: int
) -> tuple[Client, Enrollment]:
    """The client, and the enrollment if the user may change it."""
    client = get_client(request, client_id, kind=Kind.CHANGE)
    rows = client.enrollments.visible_to(request.user)
    rows = rows.select_related("project", "organization", "client")
    enrollment = get_object_or_404(rows, pk=enrollment_id)
    if not request.user.may_change(enrollment):
        raise PermissionDenied("Only the organization that created this record can change it.")
    return client, enrollment


def _saved(request: UserRequest, form: CurrentLivingForm, enrollment: Enrollment) -> HttpResponse:
    form.save(by=request.user)
    messages.success(request, "Contact saved.")
    return redirect(enrollment)
