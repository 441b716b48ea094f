"""One run of the cron command, from the first look to the heartbeat."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from outbox.kinds import writers
from outbox.models import Delivery, Outcome
from outbox.runs import Run, running
from outbox.sending import Sender

logger = logging.getLogger(__name__)
COUNTED = ("planned", "sent", "told", "retried", "uncertain", "failed", "withdrawn", "reconciled")


class Job:
    """A run that can be asked to stop: it finishes the mail in hand and gives the others back."""

    def __init__(
        self, *, clock: Callable[[], datetime] = timezone.now, limit: int | None = None
    ) -> None:
        self.clock = clock
        self.limit = limit
        self.counts: Counter[str] = Counter()
        self.sender: Sender | None = None
        self.must_stop = False

    def stop(self) -> None:
        self.must_stop = True
        if self.sender:
            self.sender.must_stop = True

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
        self._reconcile(run, now)
        is_planned = self._plan(now)
        self.sender = Sender(run, clock=self.clock, limit=self.limit)
        self.sender.must_stop = self.must_stop
        try:
            self.sender.send_all()
        finally:
            self.counts.update(self.sender.counts)
        return self._outcome(is_planned)

    def _outcome(self, is_planned: bool) -> Outcome:
        if not is_planned:
            return Outcome.BROKEN
        if self.sender and self.sender.is_down:
            return Outcome.SERVER_DOWN
        return Outcome.PARTLY if self.counts["uncertain"] + self.counts["failed"] else Outcome.DONE

    def _reconcile(self, run: Run, now: datetime) -> None:
        taken_back, uncertain = run.reconcile(now)
        self.counts["reconciled"] = taken_back + len(uncertain)
        self.counts["uncertain"] += len(uncertain)
        for pk in uncertain:
            logger.warning("Delivery %s is uncertain: the run that handed it over has died", pk)

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


def check_settings() -> str:
    """What is missing to send mail with, as a sentence; empty where nothing is."""
    return "" if settings.SITE_URL else "Set SITE_URL: the mails link to the portal."
