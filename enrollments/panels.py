"""What enrollments show on a client's pages (docs/adr/0005)."""

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import Panel
from enrollments.models import Enrollment

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
        {"enrollment": newest, "workflow_url": _workflow_url(request, client, newest)},
    )


def intake_url(client: Client) -> str:
    """Where an intake of this client begins."""
    address = _url("intakes")
    return address and f"{address}?client={client.pk}"


def _workflow_url(request: UserRequest, client: Client, newest: Enrollment | None) -> str:
    if newest is None:
        return intake_url(client)
    if request.user.may_change(newest):
        return _url("reopen", client.pk, newest.pk)
    return newest.get_absolute_url()


def _url(name: str, *args: int) -> str:
    try:
        return reverse(f"enrollments:{name}", args=args)
    except NoReverseMatch:
        return ""
