"""Coordinated Access, Events: what happened to a client in CAS."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.models import User
from agencies.requests import UserRequest
from cas.actions.notify import case_managers, event_saved
from cas.forms.event import EditEventForm, EventForm, EventResultForm
from cas.models import Event, EventKind
from casenotes.enrollment_choices import enrollments_for, seen_enrollments
from clients.loading import get_client
from clients.models import Client
from clients.record_pages import RecordPages, change_actions
from enrollments.models import Enrollment
from enrollments.panels import intake_url
from records.pages import RowAction, row_action
from records.statements import compiled


class EventPages(RecordPages):
    model = Event
    kind = "event"
    key = "event_id"
    list_page = Event.list_page
    form, edit_form = EventForm, EditEventForm
    template = "cas/edit_event.html"

    def rows(self, parent):
        return super().rows(parent).listed()

    def form_options(self, request, row):
        initial = {} if row.pk else {"initial": {"what": request.GET.get("what", "")}}
        return initial | {"enrollments": recordable_enrollments(row.client, request.user)}

    def context(self, request, parent):
        return {"intake_url": lambda: intake_url(parent)}

    def save(self, request, form):
        row = form.save(by=request.user)
        notified = event_saved(row, by=request.user)
        return f"{form.saved('Event')} {_notified(row, notified)}"

    def result(self, request, **place):
        client, row = self.get_row(request, place, lock=request.method == "POST")
        if not row.takes_a_result:
            raise Http404
        form = EventResultForm(request.POST or None, instance=row, request=request)
        page = {"template": "cas/event_result.html", "event": row}
        page["cancel_url"] = row.get_absolute_url()
        return self.answer(request, client, form, self.list_url(client), **page)


pages = EventPages()
result = pages.view(pages.result, "GET", "POST")


@require_GET
def events(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    rows = _listed(request.user, client.pk)
    is_queued = bool(rows) and rows[0].event_kind is not EventKind.REMOVED
    page = {
        "client": client,
        "rows": [(row, _actions(row, request.user)) for row in rows],
        "removal_proposed": is_queued and client.died_on,
        "deleted": pages.recently_deleted(client, request.user),
    }
    return render(request, "cas/events.html", page)


@compiled
def _listed(user: User, client_id: int) -> QuerySet[Event]:
    return Event.objects.visible_to(user).of_client(client_id).listed()


@require_GET
def event(request: UserRequest, client_id: int, event_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    row = get_object_or_404(client.cas_events.visible_to(request.user).listed(), pk=event_id)
    may_change = request.user.may_change(row)
    return render(
        request, "cas/event.html", {"client": client, "event": row, "may_change": may_change}
    )


def recordable_enrollments(client: Client, user: User) -> list[Enrollment]:
    """Coordinated Access records on every enrollment; others on those that they work on."""
    chosen = seen_enrollments if user.has_cas_access else enrollments_for
    return chosen(client, user)


def _notified(event: Event, users: list[User]) -> str:
    if users:
        return f"Notified: {', '.join(str(user) for user in users)}."
    if not case_managers(event.client_id, timezone.localdate()):
        return "This client has no active case manager to notify."
    return "The other case managers have already been notified."


def _actions(event: Event, user: User) -> list[RowAction]:
    """What can be done with an event of the list (1.7)."""
    look = row_action("Open", "eye", "cas:event", *event.place)
    if not user.may_change(event):
        return [look]
    label = "Edit result" if event.has_result else "Record result"
    result = row_action(label, "check", "cas:event_result", *event.place)
    return [look, *([result] if event.takes_a_result else []), *change_actions(event)]
