"""A worker and the transfer that it has taken up: claimed once, noticed when it dies.

As in `outbox.runs` a worker's life is an advisory lock, here under the transfer's number, on a
connection of its own. Every step names the attempt: a worker that was given up for dead by mistake
finds that the transfer is not its own any more, and whatever it wrote is rolled back.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

from exchange.models import Transfer
from exchange.models.transfer import TransferQuerySet, expiry
from exchange.states import TransferKind
from exchange.states import TransferState as State
from outbox.actions import queue_mail
from outbox.runs import own_connection
from outbox.states import MailKind

LOCKS = 0x484D4953  # the first half of the advisory locks' keys, the same in every release
MOST_INTERRUPTIONS = 5
SECONDS_BETWEEN_STEPS = 1.0
INTERRUPTED = (
    "The work was interrupted several times, and nothing was changed. Try again; tell the help "
    "desk if it happens again."
)
STEP = """
    UPDATE exchange_transfer
    SET file = %s, files_done = %s, files_total = %s, rows_done = %s, rows_total = %s
    WHERE id = %s AND attempts = %s AND state = 'running'
    RETURNING cancel_asked_at IS NOT NULL
"""


class NoLongerOursError(Exception):
    """Another worker may have the transfer: nothing may be written any more."""


class StoppedError(Exception):
    """The worker has to end; the transfer waits for the next one."""


class CanceledError(Exception):
    """Somebody has canceled it."""


class TimeLimitError(Exception):
    """It has worked for too long."""


class Worker:
    """Takes up transfers, one after the other.

    Args:
        life: the connection with the lock of the transfer that is worked on.
    """

    def __init__(self, life: psycopg.Connection) -> None:
        self.life = life
        self.must_stop = False
        self.must_wait = False  # for an import that is none of the queue's

    def take_back(self) -> int:
        """Queue what dead workers had taken up, or fail it; return how many there were."""
        return sum(self._take_back(row) for row in Transfer.objects.running())

    def _take_back(self, row: Transfer) -> bool:
        if not self._lock(row.pk):
            return False
        try:
            mine = Transfer.objects.running().filter(pk=row.pk, attempts=row.attempts)
            return _interrupted(mine, row)
        finally:
            self._unlock(row.pk)

    @contextmanager
    def taken_up(self) -> Iterator["Run | None"]:
        """The transfer that waits longest and may run; None where there is none."""
        row = self._claim()
        try:
            yield Run(row, self) if row else None
        finally:
            if row:
                self._unlock(row.pk)

    def _claim(self) -> Transfer | None:
        queue = Coalesce("organization", 0)
        busy = Transfer.objects.running().annotate(queue=queue).filter(queue=OuterRef("queue"))
        waiting = Transfer.objects.queued().annotate(queue=queue).order_by("pk")
        waiting = waiting.exclude(Exists(busy.order_by()))
        if Transfer.objects.running().filter(kind=TransferKind.IMPORT).exists():
            waiting = waiting.exclude(kind=TransferKind.IMPORT)  # one at a time of all
        for pk in list(waiting.values_list("pk", flat=True)):
            if self._lock(pk):
                if row := _begun(waiting.filter(pk=pk)):
                    return row
                self._unlock(pk)
        return None

    def is_dead(self, number: int) -> bool:
        """Whether no worker has the transfer of that number in hand."""
        if is_free := self._lock(number):
            self._unlock(number)
        return is_free

    def _lock(self, number: int) -> bool:
        found = self.life.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, number])
        return bool((found.fetchone() or [False])[0])

    def _unlock(self, number: int) -> None:
        if not self.life.closed:
            self.life.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, number])


@contextmanager
def working() -> Iterator[Worker]:
    with own_connection("run_transfers") as life:
        yield Worker(life)


class Run:
    """One attempt at a transfer, whose steps others can see as they are made."""

    def __init__(
        self, row: Transfer, worker: Worker, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.row, self.worker, self.clock = row, worker, clock
        self.ends_at = clock() + timedelta(hours=settings.TRANSFER_HOURS).total_seconds()
        self._shown: tuple[str, float] = ("", 0.0)

    @property
    def left_ms(self) -> int:
        """How long it may go on, in milliseconds; a moment where that time is over."""
        return max(int((self.ends_at - self.clock()) * 1000), 1)

    def step(self, file: str, *, files: tuple[int, int] = (0, 0), rows: tuple[int, int]) -> None:
        """Say how far it is, once a second, and go no further where it must not.

        Args:
            files, rows: how many are done, of how many; 0 where that is not known.
        """
        now = self.clock()
        if self.worker.must_stop:
            raise StoppedError
        if now > self.ends_at:
            raise TimeLimitError
        if self._shown[0] == file and now - self._shown[1] < SECONDS_BETWEEN_STEPS:
            return
        self._shown = file, now
        values = [file[:50], *files, *rows, self.row.pk, self.row.attempts]
        try:
            found = self.worker.life.execute(STEP, values).fetchone()
        except psycopg.Error as error:
            raise NoLongerOursError from error
        if found is None:
            raise NoLongerOursError
        if found[0]:
            raise CanceledError

    def end(self, state: State, *, problem: str = "") -> None:
        """Write how it ended, in the transaction of what it did, and have it mailed.

        Raises NoLongerOursError, which undoes that transaction: also where PostgreSQL was started
        again, as that is no reason to fail, and the next worker takes it up.
        """
        try:
            self.worker.life.execute("SELECT 1")
        except psycopg.Error as error:
            raise NoLongerOursError from error
        self._end(state, problem)

    @transaction.atomic
    def _end(self, state: State, problem: str) -> None:
        mine = Transfer.objects.running().filter(pk=self.row.pk, attempts=self.row.attempts)
        values: dict[str, Any] = {"state": state, "expires_at": expiry(), "problem": problem[:500]}
        if state is State.WAITING:
            values |= {"checked_at": timezone.now(), "confirmed_at": None}
            values |= {"confirmed_by": None, "confirmed_from": None}
        if state in State.over():
            values |= {"ended_at": timezone.now(), "passphrase": ""}
        if not mine.update(**values):
            raise NoLongerOursError
        if state is not State.CANCELED:
            queue_mail(kind=MailKind.TRANSFER, recipient=self.row.asked_by, about=self.row.pk)

    def release(self, *, counts: bool = True) -> None:
        """Let another worker take it up; `counts` where its work was interrupted."""
        mine = Transfer.objects.running().filter(pk=self.row.pk, attempts=self.row.attempts)
        if counts:
            _interrupted(mine, self.row)
        else:
            mine.update(state=State.QUEUED)


def _begun(rows: TransferQuerySet) -> Transfer | None:
    """Mark the row as running; None where another worker was quicker."""
    try:
        with transaction.atomic():
            row = rows.select_for_update(skip_locked=True, of=("self",)).first()
            if row:
                row.state, row.attempts = State.RUNNING, row.attempts + 1
                row.started_at, row.file = timezone.now(), ""
                row.files_done = row.files_total = row.rows_done = row.rows_total = 0
                row.save()
            return row
    except IntegrityError:  # one of the same organization has just begun
        return None


@transaction.atomic
def _interrupted(mine: Any, row: Transfer) -> bool:
    values: dict[str, Any]
    if row.cancel_asked_at:
        values = {"state": State.CANCELED, "problem": ""}
    elif row.interruptions + 1 >= MOST_INTERRUPTIONS:
        values = {"state": State.FAILED, "problem": INTERRUPTED}
    else:
        queued = {"state": State.QUEUED, "interruptions": F("interruptions") + 1}
        return bool(mine.update(**queued))
    values |= {"ended_at": timezone.now(), "expires_at": expiry(), "passphrase": ""}
    is_ended = bool(mine.update(**values))
    if is_ended and values["state"] is State.FAILED:
        queue_mail(kind=MailKind.TRANSFER, recipient=row.asked_by, about=row.pk)
    return is_ended
