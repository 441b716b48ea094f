"""Sends the mails that are due, each at most once as far as SMTP can tell (docs/adr/0018)."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import OperationalError, connection
from django.utils import timezone

from cas.mail import smtp
from cas.mail.items import still_to_tell
from cas.mail.message import message_of
from cas.mail.runs import Run
from cas.models import Delivery, DeliveryItem

logger = logging.getLogger(__name__)

BATCH = 20
FIRST_DELAY = timedelta(minutes=5)
LONGEST_DELAY = timedelta(hours=6)
# With the delays above, a server that asks for patience gets a day and a half of it.
MAX_REFUSALS = 12
# So many mails in a row that the server breaks off, or refuses, say that it is the server.
BREAKS_IN_A_ROW = 3
REFUSALS_IN_A_ROW = 10
SECONDS_TO_CONFIRM = 30
SECONDS_FRESH = 3


class Sender:
    """Works through what is due; `counts` says how it went."""

    def __init__(
        self,
        run: Run,
        *,
        clock: Callable[[], datetime] = timezone.now,
        limit: int | None = None,
    ) -> None:
        self.run = run
        self.clock = clock
        self.limit = limit
        self.counts: Counter[str] = Counter()
        self.carrier = smtp.carrier()
        self.is_down = False
        self.must_stop = False
        self.breaks = self.refusals = 0  # since the server took a mail

    def send_all(self) -> None:
        """Until nothing is due, the limit is reached, or the server does not take mail."""
        try:
            while not self._is_over():
                self.run.check()
                batch = self.run.claim(self._room(), self.clock())
                if not batch:
                    break
                self._send_batch(batch)
        finally:
            self.carrier.close()
            self.run.release()

    def _is_over(self) -> bool:
        return self.is_down or self.must_stop or self._room() == 0

    def _room(self) -> int:
        if self.limit is None:
            return BATCH
        return max(0, min(BATCH, self.limit - self.counts["handled"]))

    def _send_batch(self, batch: list[Delivery]) -> None:
        """Ask once for all what they still have to tell, unless a slow server makes that old."""
        items, asked = still_to_tell(batch, self.clock()), time.monotonic()
        for delivery in batch:
            if self._is_over():
                break
            if time.monotonic() - asked > SECONDS_FRESH:
                items |= still_to_tell([delivery], self.clock())
            self._send(delivery, items[delivery.pk])

    def _send(self, delivery: Delivery, items: list[DeliveryItem]) -> None:
        if not items:
            self.run.withdraw(delivery, self.clock())
            self.counts["withdrawn"] += 1
            return
        self.counts["handled"] += 1
        message = message_of(delivery, items)
        try:
            answer = self.carrier.carry(
                message, before_dot=lambda: self.run.hand_over(delivery, self.clock())
            )
        except smtp.CarrierError as error:
            self._not_sent(delivery, error)
        else:
            self._confirm(delivery, answer)
            self.breaks = self.refusals = 0
            self.counts["sent"] += 1
            self.counts["told"] += len(items)

    def _not_sent(self, delivery: Delivery, error: smtp.CarrierError) -> None:
        match error:
            case smtp.DownError():
                self.is_down = True
                logger.warning("The mail server takes no mail: %s", error.answer or "no answer")
            case smtp.InterruptedBeforeError():
                self.breaks += 1
                self._put_off(delivery, error.answer, refused=False)
            case smtp.InterruptedAfterError():
                self.breaks += 1
                self.run.uncertain(delivery, self.clock())
                self.counts["uncertain"] += 1
                logger.warning("Delivery %s is uncertain: no answer after its end", delivery.pk)
            case smtp.NotNowError() if delivery.refusals + 1 < MAX_REFUSALS:
                self.refusals += 1
                self._put_off(delivery, error.answer, refused=True)
            case smtp.NotNowError() | smtp.RefusedError():
                self.refusals += 1
                self._give_up(delivery, error.answer)
            case smtp.NotOursError():
                logger.warning("Delivery %s was taken over by another run", delivery.pk)
        self.is_down |= self.breaks >= BREAKS_IN_A_ROW or self.refusals >= REFUSALS_IN_A_ROW
        # A server that swallows the first mail of a run gets no second one from it.
        self.is_down |= bool(self.counts["uncertain"] and not self.counts["sent"])

    def _put_off(self, delivery: Delivery, answer: str, *, refused: bool) -> None:
        delay = min(FIRST_DELAY * 2 ** min(delivery.attempts, 10), LONGEST_DELAY)
        self.run.put_off(delivery, self.clock() + delay, answer=answer, refused=refused)
        self.counts["retried"] += 1
        said = answer or "connection lost"
        logger.info("Delivery %s is tried again in %s: %s", delivery.pk, delay, said)

    def _give_up(self, delivery: Delivery, answer: str) -> None:
        self.run.given_up(delivery, answer, self.clock())
        self.counts["failed"] += 1
        logger.warning("Delivery %s cannot be delivered: %s", delivery.pk, answer)

    def _confirm(self, delivery: Delivery, answer: str) -> None:
        """The server has the mail: a database that is away for a moment must hear of it."""
        patience = time.monotonic() + SECONDS_TO_CONFIRM
        while True:
            try:
                self.run.sent(delivery, answer, self.clock())
                return
            except OperationalError:
                if time.monotonic() > patience or connection.in_atomic_block:
                    raise
                connection.close()
                time.sleep(1)
