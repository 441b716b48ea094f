"""The ways in which a client can answer, as Add Release offers them."""

from dataclasses import dataclass

from django.urls import reverse

from clients.models import Client


@dataclass(frozen=True)
class Way:
    """A page on which an answer is recorded; `page` is the name of its URL."""

    label: str
    icon: str
    page: str
    text: str

    def url(self, client: Client) -> str:
        return reverse(self.page, args=[client.pk])


WAYS = (
    Way(
        "Sign on the screen",
        "edit",
        "consent:sign",
        "The client reads the text here, and signs by finger, by mouse or by typing the name.",
    ),
    Way(
        "Upload a signed paper",
        "upload",
        "consent:add_paper",
        "The paper goes to the Client Files of everybody whom it is about.",
    ),
    Way(
        "Verbal, with a witness",
        "users",
        "consent:add_verbal",
        "The client said yes, on the telephone for example, and a colleague heard it too.",
    ),
    Way(
        "The client refuses",
        "close",
        "consent:add_refusal",
        "It ends earlier releases, for all organizations or for one.",
    ),
)
