"""What the enrollments of a client show on the dashboard (docs/adr/0005)."""

from typing import Any

from django.utils import timezone

from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import Panel, button
from enrollments.access import log_household
from enrollments.dashboard.rows import household, newest_enrollments
from enrollments.dashboard.to_do import next_due, to_do
from enrollments.panels import intake_url

EARLIER = 3


def work(request: UserRequest, client: Client) -> list[Panel]:
    """What is to do, and the enrollments that it is about."""
    today = timezone.localdate()
    rows: list[Any] = newest_enrollments(client, request.user)
    for row in rows:
        row.due = next_due(client, row, today)
    lasting = [row for row in rows if not row.exit_date or row.is_open or row.is_exit_incomplete]
    earlier = [row for row in rows if row not in lasting][:EARLIER]
    shown = {"lasting": lasting, "earlier": earlier, "intake_url": intake_url(client)}
    enrollments = Panel("enrollments/dashboard/enrollments.html", shown, is_empty=not rows)
    if client.is_emergency:
        return [enrollments]
    tasks = to_do(client, rows, request.user, today)
    if not tasks and rows and not any(map(request.user.may_change, rows)):
        return [enrollments]  # what is due there is nothing of theirs: it was not looked at
    return [
        Panel("enrollments/dashboard/to_do.html", {"to_do": tasks}, is_empty=not tasks),
        enrollments,
    ]


def people(request: UserRequest, client: Client) -> Panel:
    """Who is in the client's open households: ages, relationships, and who is in which project."""
    found = household(client, request.user)
    log_household(request, [one.enrollments[0] for one in found if one.client.pk != client.pk])
    return Panel("enrollments/dashboard/household.html", {"people": found}, is_empty=not found)


def start_intake(request: UserRequest, client: Client) -> Panel:
    return button("Intake", "intake", intake_url(client))
