"""Sends the mails that are due, each at most once as far as SMTP can tell (docs/adr/0018).

`Job` is a run of the cron command; `outbox.at_once` sends with a `Sender` alone.
"""

import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import PositiveIntegerField
from django.utils import timezone

from outbox import transport
from outbox.kinds import Letter, MailWriter, letters_of, writer_of, writers
from outbox.message import Mail
from outbox.models import Delivery, MailRun, Outcome
from outbox.runs import Run, running

logger = logging.getLogger(__name__)

BATCH = 50
FIRST_DELAY = timedelta(minutes=5)
LONGEST_DELAY = timedelta(hours=6)
# With the delays above, a server that asks for patience gets a day and a half of it.
MAX_REFUSALS = 12
# So many mails in a row that the server breaks off, or refuses, say that it is the server.
BREAKS_IN_A_ROW = 3
REFUSALS_IN_A_ROW = 10
SECONDS_TO_CONFIRM = 30
SECONDS_FRESH = 3
COUNTED = [one.name for one in MailRun._meta.fields if isinstance(one, PositiveIntegerField)]


class Draft:
    """The letter of one mail, written once: in its turn, or while the server takes the one before.

    It says what was so when `letters_of` was asked, whenever it is written.
    """

    def __init__(self, delivery: Delivery, write: Callable[[], Letter]) -> None:
        self.delivery, self.write = delivery, write
        self.done: tuple[Letter, Mail] | None = None

    def written(self) -> tuple[Letter, Mail]:
        if self.done is None:
            letter = self.write()
            self.done = letter, letter.message(self.delivery.message_id)
        return self.done

    def write_ahead(self) -> None:
        """What is wrong with it shows in its turn."""
        with suppress(Exception):
            self.written()[1].body_of_smtp  # noqa: B018 - made now


class Sender:
    """Works through what is due; `counts` says how it went.

    Args:
        limit: how many mails at most.
        kinds: of these kinds alone; None for all.
        timeout: seconds to wait for the mail server, when connecting and for each answer.
    """

    run: Run
    server: transport.SmtpTransport | transport.PlainTransport

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = timezone.now,
        limit: int | None = None,
        kinds: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> None:
        self.clock, self.limit, self.kinds, self.timeout = clock, limit, kinds, timeout
        self.counts: Counter[str] = Counter()
        self.is_down = False
        self.must_stop = False  # finishes the mail in hand and gives the others back
        self.breaks = self.refusals = 0  # since the server took a mail

    def send_all(self, run: Run) -> None:
        """Until nothing is due, the limit is reached, or the server does not take mail."""
        self.run, self.server = run, transport.open_transport(self.timeout)
        try:
            while not self._is_over():
                self.run.check()
                batch = self.run.claim(self._room(), self.clock(), self.kinds)
                if not batch:
                    break
                self._send_batch(batch)
        finally:
            self.server.close()
            self.run.release()

    def _is_over(self) -> bool:
        return self.is_down or self.must_stop or self._room() == 0

    def _room(self) -> int:
        if self.limit is None:
            return BATCH
        return max(0, min(BATCH, self.limit - self.counts["handled"]))

    def _send_batch(self, batch: list[Delivery]) -> None:
        """Ask what all still have to say, and once that is old, what as many as were taken do."""
        drafts: dict[int, Draft] = {}
        asked, begin, end = -math.inf, 0, 0
        for place, delivery in enumerate(batch):
            if self._is_over():
                break
            if place == end or time.monotonic() - asked > SECONDS_FRESH:
                # A slow server would have all of the rest asked for at each mail.
                many = place - begin if place else len(batch)
                begin, end = place, place + many
                rest = batch[begin:end]
                letters, asked = letters_of(rest, self.clock()), time.monotonic()
                drafts = {one.pk: Draft(one, letters[one.pk]) for one in rest if one.pk in letters}
            following = drafts.get(batch[place + 1].pk) if place + 1 < len(batch) else None
            self._send(delivery, drafts.get(delivery.pk), following)

    def _send(self, delivery: Delivery, draft: Draft | None, following: Draft | None) -> None:
        if draft is None:
            self.run.withdraw(delivery, self.clock())
            self.counts["withdrawn"] += 1
            return
        self.counts["handled"] += 1
        try:
            letter, mail = draft.written()
        except Exception:
            logger.exception("Delivery %s could not be written", delivery.pk)
            self._put_off_or_give_up(delivery, "not written")
            return
        try:
            answer = self.server.send(
                mail,
                before_end_of_data=lambda: self.run.hand_over(delivery, self.clock()),
                while_waiting=following.write_ahead if following else None,
            )
        except transport.TransportError as error:
            self._not_sent(delivery, error)
        else:
            self._confirm(delivery, answer)
            self.breaks = self.refusals = 0
            self.counts["sent"] += 1
            self.counts["notified"] += letter.notified

    def _not_sent(self, delivery: Delivery, error: transport.TransportError) -> None:
        match error:
            case transport.DownError():
                self.is_down = True
                logger.error("The mail server takes no mail: %s", error.answer or "no answer")
            case transport.InterruptedBeforeError():
                self.breaks += 1
                self._put_off(delivery, error.answer, refused=False)
            case transport.InterruptedAfterError():
                self.breaks += 1
                self.run.uncertain(delivery, self.clock())
                self.counts["uncertain"] += 1
                # A server that swallows the first mail of a run gets no second one from it.
                self.is_down |= not self.counts["sent"]
                logger.warning("Delivery %s is uncertain: no answer after its end", delivery.pk)
            case transport.NotNowError():
                self.refusals += 1
                self._put_off_or_give_up(delivery, error.answer)
            case transport.RefusedError():
                self.refusals += 1
                self._give_up(delivery, error.answer)
            case transport.NotOursError():
                logger.warning("Delivery %s was taken over by another run", delivery.pk)
        self.is_down |= self.breaks >= BREAKS_IN_A_ROW or self.refusals >= REFUSALS_IN_A_ROW

    def _put_off_or_give_up(self, delivery: Delivery, answer: str) -> None:
        if delivery.refusals + 1 < MAX_REFUSALS:
            self._put_off(delivery, answer, refused=True)
        else:
            self._give_up(delivery, answer)

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
                self._note_sent(delivery, answer)
                return
            except OperationalError:
                if time.monotonic() > patience or connection.in_atomic_block:
                    raise
                connection.close()
                time.sleep(1)

    def _note_sent(self, delivery: Delivery, answer: str) -> None:
        writer, now = writer_of(delivery.kind), self.clock()
        if type(writer).sent is MailWriter.sent:  # nothing to note: one statement less
            self.run.sent(delivery, answer, now)
            return
        with transaction.atomic():
            if self.run.sent(delivery, answer, now):
                writer.sent(delivery, now)


class Job(Sender):
    """One run of the cron command, from the first look to the heartbeat."""

    def work(self) -> Outcome:
        """Do everything that is due and write one line to the log."""
        with running(self.clock()) as run:
            outcome = Outcome.BROKEN
            try:
                outcome = self._work(run)
            except Exception:
                logger.exception("Mail run %s stops by an error", run.row.pk)
            finally:
                self._finish(run, outcome)
        return outcome

    def _work(self, run: Run) -> Outcome:
        now = self.clock()
        taken_back, uncertain = run.reconcile(now)
        self.counts["reconciled"] = taken_back + len(uncertain)
        self.counts["uncertain"] += len(uncertain)
        for pk in uncertain:
            logger.warning("Delivery %s is uncertain: the run that handed it over has died", pk)
        is_planned = self._plan(now)
        self.send_all(run)
        if not is_planned:
            return Outcome.BROKEN
        if self.is_down:
            return Outcome.SERVER_DOWN
        return Outcome.PARTLY if self.counts["uncertain"] + self.counts["failed"] else Outcome.DONE

    def _plan(self, now: datetime) -> bool:
        """Whatever goes wrong with a kind of mail, what is in the queue already is sent."""
        is_planned = True
        for kind, writer in writers().items():
            try:
                self.counts["planned"] += writer.plan(now)
            except Exception:
                logger.exception("Mail of the kind %s could not be planned", kind)
                is_planned = False
        return is_planned

    def _finish(self, run: Run, outcome: Outcome) -> None:
        counts = {name: self.counts[name] for name in COUNTED}
        run.finish(self.clock(), outcome=outcome, **counts)
        said = ", ".join(f"{name} {count}" for name, count in counts.items())
        waiting = Delivery.objects.unsent().count()
        logger.info("Mail run %s: %s; %s, waiting %s", run.row.pk, outcome, said, waiting)
