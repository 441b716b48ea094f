"""Who answers for a client's rights: the officers of the organization in force."""

from typing import Any

from django.core.exceptions import PermissionDenied

from agencies.requests import UserRequest
from clients.loading import get_client
from clients.models import Client

OFFICERS_ALONE = (
    "Only Data Quality Officers handle clients' requests. Switch to an organization where you "
    "are one, or ask its officer."
)


def get_client_for_officer(request: UserRequest, client_id: int, **options: Any) -> Client:
    """Return the client if the user may see it and is an officer of the organization in force.

    Raises:
        Http404: for a client that is not for this user's eyes.
        PermissionDenied: for a user who is no officer there.
    """
    client = get_client(request, client_id, **options)
    if not request.organization or request.organization.pk not in request.user.dqo_organizations:
        raise PermissionDenied(OFFICERS_ALONE)
    return client
