"""The mails that bring a user in: the outbox, an upper floor, writes and sends them."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.models import Organization, User

KIND = "invitation"


class Queue(Protocol):
    """Is called in the transaction of the act; what it queued is sent after the commit."""

    def __call__(self, *, kind: str, recipient: User, about: int | None) -> object: ...


def queue_invitation(*, user: User, organization: Organization) -> None:
    """Queue the mail that names the organization, with a link for a user without a password."""
    queue: Queue = import_string(settings.MAIL_QUEUE)
    queue(kind=KIND, recipient=user, about=organization.pk)


def queue_factor_reset(*, user: User) -> None:
    """Queue the mail with the link that sets up a new authenticator app."""
    queue: Queue = import_string(settings.MAIL_QUEUE)
    queue(kind="factor_reset", recipient=user, about=None)
