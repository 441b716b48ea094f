"""What the outbox knows of a kind of mail; `settings.MAIL_KINDS` names the code of each."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urljoin

from django.conf import settings
from django.utils.module_loading import import_string

from outbox.message import Mail
from outbox.models import Delivery

logger = logging.getLogger(__name__)


class NotWrittenError(Exception):
    """The letters of a kind could not be looked up, which has been logged."""


@dataclass(frozen=True)
class Letter:
    """What one mail says, and to whom; `notified` is how many notifications are in it."""

    to: str
    subject: str
    text: str
    html: str = ""
    notified: int = 1

    def message(self, message_id: str) -> Mail:
        # Out-of-office replies to a machine are of no use to anybody.
        headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
        message = Mail(self.subject, self.text, to=[self.to], headers=headers)
        if self.html:
            message.attach_alternative(self.html, "text/html")
        return message


Letters = Mapping[int, Callable[[], Letter]]


class MailWriter:
    """Writes the mails of one kind."""

    at_once = False  # where somebody waits for it, it is sent right after the act, not by cron

    def plan(self, now: datetime) -> int:
        """Queue what has become due; return how many mails that are."""
        return 0

    def planned(self, now: datetime) -> Iterable[str]:
        """What `plan` would queue, a line each; writes nothing."""
        return ()

    def letters(self, deliveries: list[Delivery], now: datetime) -> Letters:
        """By delivery, what makes its letter; one that is left out has nothing to say any more."""
        raise NotImplementedError

    def sent(self, delivery: Delivery, now: datetime) -> None:
        """Note elsewhere that it was sent, in the same transaction."""


@cache
def _writer(path: str) -> MailWriter:
    return import_string(path)()


def writers() -> dict[str, MailWriter]:
    return {kind: _writer(path) for kind, path in settings.MAIL_KINDS.items()}


def writer_of(kind: str) -> MailWriter:
    return _writer(settings.MAIL_KINDS[kind])


def letters_of(deliveries: list[Delivery], now: datetime) -> Letters:
    """The letters of mails of any kinds; a letter that cannot be written raises when it is made."""
    found: dict[int, Callable[[], Letter]] = {}
    for kind in {delivery.kind for delivery in deliveries}:
        own = [delivery for delivery in deliveries if delivery.kind == kind]
        try:
            found |= writer_of(kind).letters(own, now)
        except Exception:
            # The other kinds are written all the same.
            logger.exception("Mails of the kind %s could not be looked up", kind)
            found |= dict.fromkeys((one.pk for one in own), _not_written)
    return found


def _not_written() -> Letter:
    raise NotWrittenError


def absolute(path: str) -> str:
    """An address of the portal, for a mail."""
    return urljoin(settings.SITE_URL, path)
