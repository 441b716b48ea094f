"""Panels on a client's pages, those of upper floors included (docs/adr/0005)."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.requests import UserRequest
from clients.models import Client

SHOWN = 5


@dataclass(frozen=True)
class Panel:
    """A template and what it shows; `client` and the page's own context are there too."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


def panels(place: str, request: UserRequest, client: Client) -> list[Panel]:
    """The panels of a place, by the order of settings.CLIENT_PANELS."""
    return [import_string(path)(request, client) for path in settings.CLIENT_PANELS[place]]


def alerts(request: UserRequest, client: Client) -> Panel:
    return Panel("clients/alerts_panel.html")


def interested_others(request: UserRequest, client: Client) -> Panel:
    rows = client.interestedothers.visible_to(request.user)[:SHOWN]
    return Panel("clients/interested_others_panel.html", {"interested_others": rows})
