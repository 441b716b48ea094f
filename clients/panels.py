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
    """A template and what it shows; `client` and the page's own context are there too.

    One that is empty takes one line, below the others of its place.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    is_empty: bool = False


def panels(place: str, request: UserRequest, client: Client) -> list[Panel]:
    """The panels of a place, by the order of settings.CLIENT_PANELS; the empty ones last."""
    found: list[Panel] = []
    for path in settings.CLIENT_PANELS[place]:
        one = _found(path)(request, client)
        found += one if isinstance(one, list) else [one]
    return sorted(found, key=lambda panel: panel.is_empty)


def button(label: str, icon: str, url: str, *, is_first: bool = False) -> Panel:
    """A button over the page; the first one is what a case worker presses most."""
    tone = "btn-primary" if is_first else "btn-secondary"
    shown = {"button": {"label": label, "icon": icon, "url": url, "tone": tone}}
    return Panel("clients/button.html", shown)


_found = cache(import_string)


def alerts(request: UserRequest, client: Client) -> Panel:
    """What base.html shows as well: it was read with the client."""
    return Panel("clients/alerts_panel.html", is_empty=not client.alert_rows)


def interested_others(request: UserRequest, client: Client) -> Panel:
    rows = _newest_interested_others(request.user, client.pk)
    return Panel("clients/interested_others_panel.html", {"interested_others": rows}, not rows)


@compiled
def _newest_interested_others(user: User, client_id: int) -> QuerySet[InterestedOther]:
    rows = InterestedOther.objects.visible_to(user).of_client(client_id)
    return rows.select_related("updated_by")[:SHOWN]
