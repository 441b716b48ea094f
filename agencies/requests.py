"""What a view behind the log-in may rely on."""

from typing import Any

from django.http import HttpRequest
from django.urls import ResolverMatch

from agencies.models import Organization, User


class UserRequest(HttpRequest):
    """A request as the middleware hands it to a view: a user, and the organization in force.

    `client` is the client that the page is about, once a view has loaded it.
    """

    user: User  # type: ignore[assignment]
    organization: Organization
    client: Any
    htmx: Any
    resolver_match: ResolverMatch
