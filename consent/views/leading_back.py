"""Where an answer leads: it may have ended the user's own sight of the client."""

from django.http import HttpResponse

from agencies.requests import UserRequest
from clients.models import Client
from records.pages import leave


def is_seen(request: UserRequest, client_id: int) -> bool:
    """Whether the user sees the client now."""
    return Client.objects.visible_to(request.user).numbered(client_id).exists()


def to_list(request: UserRequest, client_id: int) -> HttpResponse:
    """The client's releases; Find Client where the user does not see the client any more."""
    if is_seen(request, client_id):
        return leave(request, "consent:releases", client_id)
    return leave(request, "clients:find")
