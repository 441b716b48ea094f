from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from agencies.requests import UserRequest
from clients.access_log.trail import answers_for
from clients.loading import get_client
from clients.models import Client
from clients.models.identity_change import in_words
from clients.querysets import ClientQuerySet


@require_GET
def dashboard(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, also=ClientQuerySet.with_open_changes)
    if client.merged_note:
        messages.info(request, client.merged_note)
        return redirect(client)
    page = {
        "client": client,
        "may_account": answers_for(request.user, client),
        "open_changes": _open_changes(request, client),
    }
    return render(request, "clients/dashboard.html", page)


def _open_changes(request: UserRequest, client: Client) -> list[dict]:
    """What other organizations changed lately, for users of the one that filed the client."""
    if not request.user.may_change(client):
        return []
    return [
        {
            "day": date.fromisoformat(row["day"]),
            "organization": row["organization"],
            "what": in_words(row["groups"]),
            "url": reverse("admin:clients_identitychange_change", args=[row["pk"]])
            if client.organization_id in request.user.dqo_organizations
            else "",
        }
        for row in client.open_changes
    ]
