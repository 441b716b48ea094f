"""The mail that brings a user in: the outbox, an upper floor, writes and sends it."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.models import Organization, User

KIND = "invitation"


class Queue(Protocol):
    """Is called in the transaction of the act; what it queued is sent after the commit."""

    def __call__(self, *, kind: str, recipient: User, about: int) -> object: ...


def queue_invitation(*, user: User, organization: Organization) -> None:
    """Queue the mail that names the organization, with a link for a user without a password."""
    queue: Queue = import_string(settings.MAIL_QUEUE)
    queue(kind=KIND, recipient=user, about=organization.pk)
