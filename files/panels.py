"""What files show on a client's pages (docs/adr/0005)."""

from django.db.models import QuerySet
from django.urls import reverse

from agencies.models import User
from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import SHOWN, Panel, button
from files.models import ClientFile, DocumentCheck
from files.models.client_file import Category
from records.statements import compiled


def client_files(request: UserRequest, client: Client) -> Panel:
    rows = _newest_files(request.user, client.pk)
    return Panel("files/client_files_panel.html", {"client_files": rows}, not rows)


def document_checks(request: UserRequest, client: Client) -> Panel:
    """Nothing at all for users without access to a CAS organization (7.5)."""
    if not request.user.has_cas_access:
        return Panel("files/no_panel.html")
    rows = _newest_checks(request.user, client.pk)
    return Panel("files/document_checks_panel.html", {"document_checks": rows}, not rows)


def add_file(request: UserRequest, client: Client) -> Panel:
    return button("Add File", "upload", reverse("files:add_client_file", args=[client.pk]))


def upload_consent(request: UserRequest, client: Client) -> Panel:
    url = reverse("files:add_client_file", args=[client.pk], query={"category": Category.CONSENT})
    return button("Upload Consent", "upload", url)


@compiled
def _newest_files(user: User, client_id: int) -> QuerySet[ClientFile]:
    rows = ClientFile.objects.visible_to(user).of_client(client_id)
    return rows.select_related("stored", "updated_by")[:SHOWN]


@compiled
def _newest_checks(user: User, client_id: int) -> QuerySet[DocumentCheck]:
    rows = DocumentCheck.objects.visible_to(user).of_client(client_id)
    return rows.select_related("updated_by")[:SHOWN]
