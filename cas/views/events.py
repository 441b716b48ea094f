"""Coordinated Access, Events: what happened to a client in CAS."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.models import User
from agencies.requests import UserRequest
from cas.actions.notify import case_managers, event_saved
from cas.forms.event import EditEventForm, EventForm, ResultForm, result_form
from cas.models import Event, EventKind
from cas.row_actions import of_event
from casenotes.enrollment_choices import enrollments_for, seen_enrollments
from clients.deletion import UNDO_FOR, Deletion
from clients.loading import Kind, get_changeable, get_client
from clients.models import Client
from enrollments.models import Enrollment
from enrollments.panels import intake_url
from records.submissions import submit_once

DELETION = Deletion("event", "cas:events")


@require_GET
def events(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    rows = client.cas_events.visible_to(request.user).listed()
    is_queued = bool(rows) and rows[0].event_kind is not EventKind.REMOVED
    page = {
        "client": client,
        "rows": [(row, of_event(row, request.user)) for row in rows],
        "removal_proposed": is_queued and client.died_on,
        "deleted": Event.with_deleted.filter(client=client).deleted_by_user(
            request.user, since=timezone.now() - UNDO_FOR
        ),
    }
    return render(request, "cas/events.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def add(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    enrollments = _enrollments(client, request.user)
    form = EventForm(
        request.POST or None,
        instance=Event(client=client),
        initial={"what": request.GET.get("what", "")},
        enrollments=enrollments,
        request=request,
    )
    if form.is_valid():
        return _save(request, form)
    page = {
        "client": client,
        "form": form,
        "has_enrollment": bool(enrollments),
        "intake_url": intake_url(client),
    }
    return render(request, "cas/edit_event.html", page)


@require_GET
def event(request: UserRequest, client_id: int, event_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    row = get_object_or_404(client.cas_events.visible_to(request.user).listed(), pk=event_id)
    may_change = request.user.may_change(row)
    return render(
        request, "cas/event.html", {"client": client, "event": row, "may_change": may_change}
    )


@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: UserRequest, client_id: int, event_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    is_post = request.method == "POST"
    row = get_changeable(request, client.cas_events.listed(), event_id, lock=is_post)
    form = EditEventForm(
        request.POST or None,
        instance=row,
        enrollments=_enrollments(client, request.user),
        request=request,
    )
    if form.is_valid():
        return _save(request, form)
    if form.changes:
        form = form.conflict_form()
    page = {"client": client, "form": form, "has_enrollment": True}
    return render(request, "cas/edit_event.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def result(request: UserRequest, client_id: int, event_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    is_post = request.method == "POST"
    row = get_changeable(request, client.cas_events.listed(), event_id, lock=is_post)
    if not row.takes_a_result:
        raise Http404
    form = result_form(row)(request.POST or None, instance=row, request=request)
    if form.is_valid():
        return _save(request, form)
    if form.changes:
        form = form.conflict_form()
    return render(request, "cas/event_result.html", {"client": client, "form": form, "event": row})


@require_http_methods(["GET", "POST"])
@submit_once
def delete(request: UserRequest, client_id: int, event_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    row = get_changeable(request, Event.with_deleted.filter(client=client), event_id)
    return DELETION.delete(request, client, row)


@require_POST
@submit_once
def restore(request: UserRequest, client_id: int, event_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    row = get_changeable(request, Event.with_deleted.filter(client=client), event_id)
    return DELETION.restore(request, client, row)


def _enrollments(client: Client, user: User) -> list[Enrollment]:
    """Coordinated Access records events of every enrollment; others of those that they work on."""
    chosen = seen_enrollments if user.has_cas_access else enrollments_for
    return chosen(client, user)


def _save(request: UserRequest, form: EventForm | ResultForm) -> HttpResponse:
    row = form.save(by=request.user)
    notified = event_saved(row, by=request.user)
    messages.success(request, f"{form.saved('Event')} {_notified(row, notified)}")
    return redirect("cas:events", row.client_id)


def _notified(event: Event, users: list[User]) -> str:
    if users:
        return f"Notified: {', '.join(str(user) for user in users)}."
    if not case_managers(event.client_id, timezone.localdate()):
        return "This client has no active case manager to notify."
    return "The other case managers have already been notified."
