"""What notes and services show on a client's pages (docs/adr/0005)."""

from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import SHOWN, Panel


def case_notes(request: UserRequest, client: Client) -> Panel:
    rows = client.casenotes.visible_to(request.user).without_text()
    shown = rows.select_related("created_by")[:SHOWN]
    return Panel("casenotes/notes_panel.html", {"case_notes": shown})


def services(request: UserRequest, client: Client) -> Panel:
    rows = client.services.visible_to(request.user)
    shown = rows.select_related("service_type", "enrollment__project")[:SHOWN]
    return Panel("casenotes/services_panel.html", {"services": shown})
