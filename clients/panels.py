"""Panels on a client's pages, those of upper floors included (docs/adr/0005)."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from agencies.models import User
from agencies.requests import UserRequest
from clients.models import Client, InterestedOther
from records.statements import compiled

SHOWN = 5


@dataclass(frozen=True)
class Panel:
    """A template and what it shows; `client` and the page's own context are there too."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


def panels(place: str, request: UserRequest, client: Client) -> list[Panel]:
    """The panels of a place, by the order of settings.CLIENT_PANELS."""
    return [_found(path)(request, client) for path in settings.CLIENT_PANELS[place]]


_found = cache(import_string)


def alerts(request: UserRequest, client: Client) -> Panel:
    return Panel("clients/alerts_panel.html")


def interested_others(request: UserRequest, client: Client) -> Panel:
    rows = _newest_interested_others(request.user, client.pk)
    return Panel("clients/interested_others_panel.html", {"interested_others": rows})


@compiled
def _newest_interested_others(user: User, client_id: int) -> QuerySet[InterestedOther]:
    return InterestedOther.objects.visible_to(user).of_client(client_id)[:SHOWN]
