"""How the outbox comes to the mails of Coordinated Access."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.utils import timezone

from cas.actions import notify_what_time_brings
from cas.mail.items import still_to_tell
from cas.mail.message import letter_of
from cas.mail.plan import plan, tellings
from outbox.kinds import Letter, MailWriter
from outbox.models import Delivery


class NotificationMails(MailWriter):
    def plan(self, now: datetime) -> int:
        """Notify what the calendar brings; whatever goes wrong there, the others are mailed."""
        try:
            notify_what_time_brings(on=timezone.localdate(now))
        finally:
            planned = plan(now)
        return planned

    def planned(self, now: datetime) -> Iterable[str]:
        found = Counter(telling.purpose for telling in tellings(now))
        for purpose, count in sorted(found.items()):
            yield f"{purpose.label}: {count} notifications to be mailed"

    def letters(self, deliveries: list[Delivery], now: datetime) -> dict[int, Callable[[], Letter]]:
        items = still_to_tell(deliveries, now)
        return {
            delivery.pk: partial(letter_of, delivery.recipient, items[delivery.pk])
            for delivery in deliveries
            if delivery.recipient and items[delivery.pk]
        }
