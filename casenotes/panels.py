"""What notes and services show on a client's pages (docs/adr/0005)."""

from django.db.models import QuerySet

from agencies.models import User
from agencies.requests import UserRequest
from casenotes.models import CaseNote, Service
from clients.models import Client
from clients.panels import SHOWN, Panel
from records.statements import compiled


def case_notes(request: UserRequest, client: Client) -> Panel:
    rows = _newest_notes(request.user, client.pk)
    return Panel("casenotes/notes_panel.html", {"case_notes": rows})


def services(request: UserRequest, client: Client) -> Panel:
    rows = _newest_services(request.user, client.pk)
    return Panel("casenotes/services_panel.html", {"services": rows})


@compiled
def _newest_notes(user: User, client_id: int) -> QuerySet[CaseNote]:
    rows = CaseNote.objects.visible_to(user).of_client(client_id).without_text()
    return rows.select_related("created_by")[:SHOWN]


@compiled
def _newest_services(user: User, client_id: int) -> QuerySet[Service]:
    rows = Service.objects.visible_to(user).of_client(client_id)
    return rows.select_related("service_type", "enrollment__project")[:SHOWN]
