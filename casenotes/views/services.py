"""Enrollments ▸ Services: what was done for a client, with or without a note."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casenotes import actions
from casenotes.enrollment_choices import seen_enrollments
from casenotes.forms.find import FindServicesForm
from casenotes.forms.service import AddServiceForm, EditServiceForm
from casenotes.listing import page_of
from casenotes.models import Service, ServiceType
from clients.deletion import UNDO_FOR, Deletion
from clients.loading import Kind, get_changeable, get_client
from enrollments.access import get_client_of_household, log_household
from records.pages import partial
from records.submissions import submit_once

DELETION = Deletion("service", back="casenotes:services")


@require_GET
def services(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    form = FindServicesForm(
        request.GET or None,
        enrollments=seen_enrollments(client, request.user),
        types=list(ServiceType.objects.known_to(request.user)),
    )
    rows = client.services.visible_to(request.user).for_list()
    if form.is_bound:
        rows = form.narrow(rows) if form.is_valid() else rows.none()
    page = page_of(rows, request.GET.get("before", ""))
    for service in page.rows:
        service.may_be_changed = request.user.may_change(service)
        service.is_note_seen = service.note and service.note.is_readable_by(request.user)
    query = request.GET.copy()
    query.pop("before", None)
    deleted = Service.with_deleted.about_client(client).select_related("service_type")
    context = {
        "client": client,
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "is_narrowed": form.is_bound and any(map(request.GET.get, form.fields)),
        "deleted": deleted.deleted_by_user(request.user, since=timezone.now() - UNDO_FOR),
    }
    return render(request, partial(request, "casenotes/services.html", "list"), context)


@require_http_methods(["GET", "POST"])
@submit_once
def add(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client_of_household(request, client_id)
    form = AddServiceForm(request.POST or None, instance=Service(client=client), request=request)
    log_household(request, form.members.values())
    if form.is_valid():
        members = form.cleaned_data.get("members", [])
        saved = actions.add_services(form=form, members=members, by=request.user)
        what = "Service" if len(saved) == 1 else f"Service for {len(saved)} members"
        messages.success(request, form.saved(what))
        return redirect("casenotes:services", client.pk)
    return render(request, "casenotes/edit_service.html", {"client": client, "form": form})


@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: HttpRequest, client_id: int, service_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    rows = client.services.select_related("service_type", "enrollment__project", "updated_by")
    service = get_changeable(request, rows, service_id, lock=request.method == "POST")
    form = EditServiceForm(request.POST or None, instance=service, request=request)
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, form.saved("Service"))
        return redirect("casenotes:services", client.pk)
    if form.changes:
        form = form.conflict_form()
    return render(request, "casenotes/edit_service.html", {"client": client, "form": form})


@require_http_methods(["GET", "POST"])
@submit_once
def delete(request: HttpRequest, client_id: int, service_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    service = get_changeable(
        request,
        Service.with_deleted.about_client(client).select_related("service_type"),
        service_id,
    )
    return DELETION.delete(request, client, service)


@require_POST
@submit_once
def restore(request: HttpRequest, client_id: int, service_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    service = get_changeable(
        request,
        Service.with_deleted.about_client(client).select_related("service_type"),
        service_id,
    )
    return DELETION.restore(request, client, service)
