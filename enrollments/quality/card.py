from django.http import HttpRequest
from django.urls import reverse

from agencies.admin.cards import Card


def rules_card(request: HttpRequest) -> Card:
    """The way to the rules; counting them all on the start page would make that slow."""
    return Card(
        title="Data quality rules",
        text="HUD's rules over your records, with the way to mend each one",
        url=reverse("admin:quality"),
        icon="quality",
    )
