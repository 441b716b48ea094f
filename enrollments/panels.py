"""What enrollments show on a client's pages (docs/adr/0005)."""

from django.db.models import QuerySet
from django.urls import reverse

from agencies.models import User
from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import Panel
from enrollments.models import CaseAssignment, Enrollment
from records import clock
from records.statements import compiled

SHOWN = 5


def case_managers(request: UserRequest, client: Client) -> Panel:
    rows = _active_assignments(request.user, client.pk)
    return Panel("enrollments/case_managers_panel.html", {"assignments": rows}, not rows)


def answers(request: UserRequest, client: Client) -> Panel:
    """Relationship and veteran status on Edit Client, from the newest open enrollment (3.3)."""
    newest = _newest_open.first(request.user, client.pk)
    return Panel(
        "enrollments/answers.html",
        {"enrollment": newest, "intake_url": intake_url(client)},
    )


@compiled
def _newest_open(user: User, client_id: int) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.visible_to(user).of_client(client_id).open_on(clock.today())
    return rows.newest_first()[:1]


@compiled
def _active_assignments(user: User, client_id: int) -> QuerySet[CaseAssignment]:
    rows = CaseAssignment.objects.visible_to(user).of_client(client_id)
    rows = rows.active_on(clock.today()).listed()
    return rows.select_related("updated_by")[:SHOWN]


def intake_url(client: Client) -> str:
    """Where an intake of this client begins; nowhere by emergency access, which changes nothing."""
    if client.is_emergency:
        return ""
    return f"{reverse('enrollments:intakes')}?client={client.pk}"
