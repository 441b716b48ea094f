"""What packages above do for this one: hand over open work, take keys away, and send mails.

`settings.OPEN_WORK` lists dotted paths of callables `(user, organizations) -> list[Work]`;
`settings.WORK_HAND_OVERS` lists those that hand all of it over and return how much it was,
`(*, user, organizations, to, by) -> int`; `settings.STANDING_KEYS` lists those that take away
what reads for a user without a log-in, `(*, user) -> bool`. `settings.MAIL_QUEUE` is the outbox's
`queue_mail`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.models import User

MOST = 100


@dataclass(frozen=True)
class Work:
    """One piece of open work: what it is, without a name, and the page where it is handed over."""

    text: str
    url: str


def open_work(user: User, organizations: Iterable[int]) -> list[Work]:
    """Return the user's open work for these organizations, at most MOST and one more."""
    found: list[Work] = []
    for path in settings.OPEN_WORK:
        found += import_string(path)(user, list(organizations))
    return found


def hand_over_work(*, user: User, organizations: Iterable[int], to: User, by: User) -> int:
    """Hand over all open work for these organizations; return how much it was."""
    return sum(
        import_string(path)(user=user, organizations=list(organizations), to=to, by=by)
        for path in settings.WORK_HAND_OVERS
    )


def revoke_keys(*, user: User) -> None:
    """Take away what reads for a user without a log-in: a session's end does not end it."""
    for path in settings.STANDING_KEYS:
        import_string(path)(user=user)


def queue_mail(*, kind: str, recipient: User, about: int | None = None) -> None:
    """Queue a mail in the transaction of the act; `kind` is one of the outbox's MailKind."""
    import_string(settings.MAIL_QUEUE)(kind=kind, recipient=recipient, about=about)
