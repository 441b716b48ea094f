"""What files show on a client's pages (docs/adr/0005)."""

from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import SHOWN, Panel


def client_files(request: UserRequest, client: Client) -> Panel:
    rows = client.clientfiles.visible_to(request.user).listed()[:SHOWN]
    return Panel("files/client_files_panel.html", {"client_files": rows})


def document_checks(request: UserRequest, client: Client) -> Panel:
    """Nothing at all for users without access to a CAS organization (7.5)."""
    if not request.user.has_cas_access:
        return Panel("files/no_panel.html")
    rows = client.documentchecks.visible_to(request.user).listed()[:SHOWN]
    return Panel("files/document_checks_panel.html", {"document_checks": rows})
