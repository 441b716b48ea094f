"""What a view behind the log-in may rely on, and what code below the views may ask of a request."""

import ipaddress
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.urls import ResolverMatch

from agencies.models import Organization, User


class UserRequest(HttpRequest):
    """A request as the middleware hands it to a view: a user, and the organization in force.

    `client` is the client that the page is about, once a view has loaded it; `refused_client_id`
    is the one whom it did not find, or not for this user. `request_id` stands in the log lines and
    security events of this request, and in its answer.
    """

    user: User  # type: ignore[assignment]
    organization: Organization
    client: Any
    refused_client_id: int
    access_recorder: Any  # of clients.access_log.recorder
    htmx: Any
    request_id: str
    resolver_match: ResolverMatch


def address(request: HttpRequest) -> str | None:
    """Return the user's IP address, behind the trusted proxies; None where there is none."""
    try:
        found = get_adapter(request).get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        found = request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return None
