"""Exports and imports on the start page of the Data Quality workspace."""

from django.urls import reverse

from agencies.requests import UserRequest
from exchange.models import Transfer
from records.admin.cards import Card, waiting


def transfers_card(request: UserRequest) -> Card:
    """How many have ended, or wait for a confirmation, and were not looked at since."""
    return Card(
        title="HMIS CSV",
        text="of your exports or imports ready to view",
        url=reverse("admin:transfers"),
        icon="swap",
        count=waiting(Transfer.objects.unseen_by(request.user)),
    )
