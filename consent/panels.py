"""What releases show on a client's pages (docs/adr/0005); all of it was read with the client."""

from django.urls import reverse

from agencies.requests import UserRequest
from clients.models import Client
from clients.panels import Panel, button
from consent.asking import asks_in_intake, is_asked, needs_release
from consent.standing import answers_of, standing
from files.panels import upload_consent
from records import clock


def release(request: UserRequest, client: Client) -> Panel:
    """The dashboard's: the answers that count."""
    answers = answers_of(client)
    return Panel("consent/release_panel.html", {"answers": answers}, is_empty=not answers)


def after_intake(request: UserRequest, client: Client) -> Panel:
    """The closing page's button: a release, or a file where nobody asks for one."""
    if not asks_in_intake(request.organization):
        return upload_consent(request, client)
    return button("Add Release", "shield", reverse("consent:add_release", args=[client.pk]))


def on_bar(request: UserRequest, client: Client) -> Panel:
    """The client bar's; nothing where nobody has asked, and no release is needed.

    A page that came to the client in another way than by `get_client` says nothing.
    """
    shown = None
    if hasattr(client, "release_rows"):
        answers = answers_of(client)
        if answers or (is_asked(client) and needs_release(client.organization)):
            shown = standing(answers, clock.today())
    url = reverse("consent:releases", args=[client.pk])
    return Panel("consent/on_bar.html", {"standing": shown, "releases_url": url})
