"""What notes and services show on a client's pages (docs/adr/0005)."""

from django.db.models import QuerySet
from django.urls import reverse

from agencies.models import User
from agencies.requests import UserRequest
from casenotes.models import CaseNote, Service
from clients.models import Client
from clients.panels import SHOWN, Panel, button
from records.statements import compiled


def case_notes(request: UserRequest, client: Client) -> Panel:
    rows = _newest_notes(request.user, client.pk)
    return Panel("casenotes/notes_panel.html", {"case_notes": rows}, not rows)


def services(request: UserRequest, client: Client) -> Panel:
    rows = _newest_services(request.user, client.pk)
    return Panel("casenotes/services_panel.html", {"services": rows}, not rows)


def add_note(request: UserRequest, client: Client) -> Panel:
    url = reverse("casenotes:add", args=[client.pk])
    return button("Add New Case Note", "note", url, is_first=True)


def add_service(request: UserRequest, client: Client) -> Panel:
    return button("Add New Service", "service", reverse("casenotes:add_service", args=[client.pk]))


@compiled
def _newest_notes(user: User, client_id: int) -> QuerySet[CaseNote]:
    rows = CaseNote.objects.visible_to(user).of_client(client_id).without_text()
    return rows.select_related("created_by", "updated_by")[:SHOWN]


@compiled
def _newest_services(user: User, client_id: int) -> QuerySet[Service]:
    rows = Service.objects.visible_to(user).of_client(client_id)
    return rows.select_related("service_type", "enrollment__project", "updated_by")[:SHOWN]
