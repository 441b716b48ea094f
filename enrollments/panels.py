"""What enrollments show on a client's pages (docs/adr/0005)."""

from django.urls import reverse
from django.utils import timezone

from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import Panel

SHOWN = 5


def enrollments(request: UserRequest, client: Client) -> Panel:
    rows = client.enrollments.visible_to(request.user).newest_first()
    shown = list(rows.select_related("project", "organization")[:SHOWN])
    return Panel(
        "enrollments/enrollments_panel.html",
        {"enrollments": shown, "intake_url": intake_url(client)},
    )


def case_managers(request: UserRequest, client: Client) -> Panel:
    rows = client.caseassignments.visible_to(request.user).active_on(timezone.localdate())
    return Panel("enrollments/case_managers_panel.html", {"assignments": rows.listed()[:SHOWN]})


def answers(request: UserRequest, client: Client) -> Panel:
    """Relationship and veteran status on Edit Client, from the newest open enrollment (3.3)."""
    rows = client.enrollments.visible_to(request.user).open_on(timezone.localdate())
    newest = rows.newest_first().first()
    return Panel(
        "enrollments/answers.html",
        {"enrollment": newest, "intake_url": intake_url(client)},
    )


def intake_url(client: Client) -> str:
    """Where an intake of this client begins."""
    return f"{reverse('enrollments:intakes')}?client={client.pk}"
