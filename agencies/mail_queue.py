"""How this floor gets mails written and sent: by the outbox above it, which the settings name."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.models import User


class Queue(Protocol):
    def __call__(self, *, kind: str, recipient: User, about: int | None) -> object: ...


def queue_mail(*, kind: str, recipient: User, about: int | None = None) -> None:
    """Queue a mail in the transaction of the act; it is sent after the commit.

    Args:
        kind: one of the outbox's MailKind.
        about: the id of what it is about.
    """
    queue: Queue = import_string(settings.MAIL_QUEUE)
    queue(kind=kind, recipient=recipient, about=about)
