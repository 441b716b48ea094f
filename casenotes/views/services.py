"""Enrollments ▸ Services: what was done for a client, with or without a note."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from agencies.models import User
from casenotes import services_at_once
from casenotes.enrollment_choices import seen_enrollments
from casenotes.forms.find import FindServicesForm
from casenotes.forms.service import AddServiceForm, EditServiceForm
from casenotes.models import Service, ServiceType
from clients.loading import Kind, get_client
from clients.models import Client
from clients.record_pages import RecordPages, change_actions
from enrollments.access import get_client_of_household, log_household
from records.keyset import first_page, first_rows, keyset_page
from records.pages import partial, say_undoable
from records.statements import compiled
from records.submissions import submit_once


class ServicePages(RecordPages):
    model = Service
    kind = "service"
    key = "service_id"
    list_page = Service.list_page
    form, edit_form = AddServiceForm, EditServiceForm
    template = "casenotes/edit_service.html"

    def rows(self, parent):
        rows = super().rows(parent)
        return rows.select_related("service_type", "enrollment__project", "updated_by")

    def add(self, request, client_id):
        """A service may be for other members of the household too."""
        client = get_client_of_household(request, client_id)
        form = AddServiceForm(
            request.POST or None, instance=Service(client=client), request=request
        )
        log_household(request, form.members.values())
        return self.answer(request, client, form, self.list_url(client))

    def save(self, request, form):
        if isinstance(form, EditServiceForm):
            return super().save(request, form)
        members = form.cleaned_data.get("members", [])
        service = form.save(by=request.user, commit=False)
        rows = services_at_once.add_services(
            service=service, members=members, days=form.days, by=request.user
        )
        what = f"Service for {len(members) + 1} members" if members else "Service"
        if len(form.days) > 1:
            what += f" on {len(form.days)} days"
        if len(rows) == 1:
            return form.saved(what)
        place = [service.client_id, *services_at_once.range_of(rows)]
        undo = reverse("casenotes:undo_services", args=place)
        say_undoable(request, form.saved(what), undo)
        return ""


pages = ServicePages()


@require_POST
@submit_once
def undo(request: HttpRequest, client_id: int, first: int, last: int) -> HttpResponse:
    """Delete what was recorded at once: for several members, on several days."""
    client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    say_taken_back(
        request, first, last, reverse("casenotes:redo_services", args=[client.pk, first, last])
    )
    return redirect("casenotes:services", client.pk)


@require_POST
@submit_once
def redo(request: HttpRequest, client_id: int, first: int, last: int) -> HttpResponse:
    """Restore what Undo deleted at once."""
    client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    say_restored(request, first, last)
    return redirect("casenotes:services", client.pk)


def say_taken_back(request: HttpRequest, first: int, last: int, redo_url: str) -> None:
    if rows := _at_once(request, services_at_once.take_back, first, last):
        say_undoable(request, f"{len(rows)} service{pluralize(rows)} deleted.", redo_url)


def say_restored(request: HttpRequest, first: int, last: int) -> None:
    if rows := _at_once(request, services_at_once.restore, first, last):
        messages.success(request, f"{len(rows)} service{pluralize(rows)} restored.")


def _at_once(
    request: HttpRequest, act: Callable[..., list[Service]], first: int, last: int
) -> list[Service]:
    """The services of one moment that were deleted or restored; none, and said why, if refused."""
    page = request.resolver_match.view_name
    try:
        return act(first=first, last=last, page=page, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return []


@require_GET
def services(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    form = find_form(request, client)
    if form.is_bound:
        rows = client.services.visible_to(request.user).for_list()
        rows = form.narrow(rows) if form.is_valid() else rows.none()
        page = keyset_page(rows, request.GET.get("before", ""), "date")
    else:
        page = first_page(_newest(request.user, client.pk), "date")
    for service in page.rows:
        service.actions = change_actions(service) if request.user.may_change(service) else []
        service.is_note_seen = service.note and service.note.is_readable_by(request.user)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "client": client,
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "is_narrowed": form.is_bound and any(map(request.GET.get, form.fields)),
        "deleted": pages.recently_deleted(client, request.user),
    }
    return render(request, partial(request, "casenotes/services.html", "list"), context)


def find_form(request: HttpRequest, client: Client) -> FindServicesForm:
    return FindServicesForm(
        request.GET or None,
        enrollments=seen_enrollments(client, request.user),
        types=_types_known_to(request.user),
    )


@compiled
def _newest(user: User, client_id: int) -> QuerySet[Service]:
    return first_rows(Service.objects.visible_to(user).of_client(client_id).for_list(), "date")


@compiled
def _types_known_to(user: User) -> QuerySet[ServiceType]:
    return ServiceType.objects.known_to(user)
