"""Tells whoever asked for an export or import that it ended, or waits. It names nobody."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from agencies.models import User
from exchange.models import Transfer
from exchange.states import TransferState as State
from outbox.kinds import Letter, absolute
from outbox.mails import UserMails
from outbox.models import Delivery


class TransferMails(UserMails):
    def wanted(self, deliveries: list[Delivery], now: Any) -> list[Delivery]:
        """About those that nobody has looked at meanwhile."""
        ready = [State.WAITING, State.DONE, State.FAILED]
        rows = Transfer.objects.filter(pk__in=[one.about for one in deliveries], seen_at=None)
        unseen = set(rows.filter(state__in=ready).values_list("pk", flat=True))
        return [one for one in deliveries if one.about in unseen]

    def letter(self, delivery: Delivery, user: User) -> Letter:
        transfer = Transfer.objects.get(pk=delivery.about or 0)
        page = {
            "site_name": settings.SITE_NAME,
            "transfer": transfer,
            "url": absolute(transfer.get_absolute_url()),
        }
        text = render_to_string("exchange/mail.txt", page)
        return Letter(user.email, f"HMIS CSV: {transfer} {ENDS[transfer.status]}", text)


ENDS = {State.WAITING: "waits for you", State.DONE: "is done", State.FAILED: "has failed"}
