"""A run of the command: alive as long as its process, and the only one to touch what it claimed.

Its life is an advisory lock on a connection of its own: PostgreSQL lets go of it the moment the
process is gone, however it went. Every step of a mail names the run in its WHERE: a run that was
given up for dead by mistake (its connection broke) finds that nothing is its own any more.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
from django.db import connection, transaction
from django.db.models import F, QuerySet

from outbox.models import Delivery, MailRun
from outbox.states import DeliveryState as State

LOCKS = 0x434153  # the first half of the advisory locks' keys, the same in every release
KEPT_FOR = timedelta(days=30)
TRIED = F("attempts") + 1
# The two steps of every mail, whose plans PostgreSQL keeps (docs/adr/0042); deliveries have no
# history. The second need not be on disk when it is committed (`synchronous_commit`).
HAND_OVER = """
UPDATE outbox_delivery SET state = 'handing', handed_over_at = $3
WHERE id = $1 AND claimed_by_id = $2 AND state = 'claimed'
"""
SENT = """
UPDATE outbox_delivery
SET state = 'sent', answer = $3, resolved_at = $4, attempts = attempts + 1, claimed_by_id = NULL
WHERE id = $1 AND claimed_by_id = $2 AND state IN ('handing', 'uncertain')
    AND set_config('synchronous_commit', 'off', true) = 'off'
"""
# A machine without power says no good-bye: PostgreSQL asks after it, and gives up in a minute.
KEEPALIVES = (
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;"
)


class LostLifeError(Exception):
    """The connection that keeps the run alive is gone: others may take over what it claimed."""


@contextmanager
def running(now: datetime, *, by_cron: bool = True) -> Iterator["Run"]:
    """A new run, whose claims nobody else touches until the block is left."""
    with own_connection("send_mail") as life:
        row = MailRun.objects.create(started_at=now, by_cron=by_cron)
        life.execute("SELECT pg_advisory_lock(%s, %s)", [LOCKS, row.pk])
        yield Run(row, life)


def own_connection(name: str) -> psycopg.Connection:
    """A connection beside Django's, for advisory locks that last as long as the process."""
    parameters = connection.get_connection_params()
    for option in ("pool", "cursor_factory", "context", "server_side_binding"):
        parameters.pop(option, None)
    life = psycopg.connect(**parameters, autocommit=True, application_name=name)
    life.execute(KEEPALIVES)
    return life


class Run:
    """The claims of one process, and each step of a mail; a step that is refused returns False.

    A mail that the server did not take gets back the `handed_over_at` that it was claimed with: an
    earlier try that stayed uncertain, and was asked for again, is not undone by a later one.
    """

    def __init__(self, row: MailRun, life: psycopg.Connection) -> None:
        self.row = row
        self.life = life

    def check(self) -> None:
        """Raise LostLifeError where the run is dead to others."""
        try:
            self.life.execute("SELECT 1")
        except psycopg.Error as error:
            raise LostLifeError from error

    def reconcile(self, now: datetime) -> tuple[int, list[int]]:
        """Take back what dead runs had in hand; return how many were unsent, which are uncertain.

        What they had claimed was not sent; what they were handing over may have been.
        """
        dead = [run for run in MailRun.objects.with_claims() if self._is_dead(run)]
        with transaction.atomic():
            rows = Delivery.objects.in_hand_of(dead)
            # Uncertain ones keep the run: it may be alive after all, and know better.
            doubtful = rows.handing_over().select_for_update(skip_locked=True)
            uncertain = list(doubtful.values_list("pk", flat=True))
            Delivery.objects.filter(pk__in=uncertain).update(state=State.UNCERTAIN, resolved_at=now)
            return rows.claimed().release(), uncertain

    def _is_dead(self, run: MailRun) -> bool:
        if run == self.row:
            return False
        # Shared, so that two who look at once do not take each other for the run.
        key = [LOCKS, run.pk]
        found = self.life.execute("SELECT pg_try_advisory_lock_shared(%s, %s)", key).fetchone()
        if found and found[0]:
            self.life.execute("SELECT pg_advisory_unlock_shared(%s, %s)", key)
            return True
        return False

    @transaction.atomic
    def claim(
        self, count: int, now: datetime, kinds: Sequence[str] | None = None
    ) -> list[Delivery]:
        """Take some of what is due, of all kinds or of these, that nobody else takes just now."""
        rows = Delivery.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        if kinds is not None:
            rows = rows.of_kind(*kinds)
        claimed = list(rows.select_related("recipient")[:count])
        Delivery.objects.filter(pk__in=[row.pk for row in claimed]).update(
            state=State.CLAIMED, claimed_by=self.row
        )
        return claimed

    def hand_over(self, delivery: Delivery, now: datetime) -> bool:
        """Mark, before the server can have the mail, that it may have it from now on."""
        return self._prepared(HAND_OVER, delivery, now)

    def sent(self, delivery: Delivery, answer: str, now: datetime) -> bool:
        """The server has it; also where the run had been given up for dead.

        The disk need not have it before the next mail is begun: whose power fails finds the mail
        uncertain, as without this step, and the next `hand_over` waits for both.
        """
        return self._prepared(SENT, delivery, answer, now)

    def uncertain(self, delivery: Delivery, now: datetime) -> bool:
        """The server may have it: nobody sends it again unless somebody asks for that."""
        values = {"state": State.UNCERTAIN, "answer": "", "resolved_at": now, "attempts": TRIED}
        return self._step(delivery, [State.HANDING_OVER], **values)

    def given_up(self, delivery: Delivery, answer: str, now: datetime) -> bool:
        """The server does not want it, and said so."""
        return self._not_sent(delivery, state=State.FAILED, answer=answer, resolved_at=now)

    def put_off(self, delivery: Delivery, until: datetime, *, answer: str, refused: bool) -> bool:
        """The server does not have it; try again later."""
        values = {"next_attempt_at": until, "refusals": F("refusals") + int(refused)}
        return self._not_sent(delivery, state=State.PENDING, answer=answer, **values)

    def _not_sent(self, delivery: Delivery, **values) -> bool:
        values |= {"attempts": TRIED, "handed_over_at": delivery.handed_over_at}
        return self._step(delivery, State.in_hand(), claimed_by=None, **values)

    def withdraw(self, delivery: Delivery, now: datetime) -> None:
        """Forget a mail that has nothing to tell any more, unless it may have been sent before."""
        mine = self._mine(delivery, [State.CLAIMED])
        if delivery.handed_over_at is None:
            mine.delete()
        else:
            mine.update(state=State.UNCERTAIN, resolved_at=now)

    def release(self) -> int:
        """Give back what was claimed and not begun."""
        return Delivery.objects.in_hand_of([self.row]).claimed().release()

    def finish(self, now: datetime, **counts) -> None:
        """Write the heartbeat, and forget what is older than a month."""
        MailRun.objects.filter(pk=self.row.pk).update(ended_at=now, **counts)
        Delivery.objects.forgettable(before=now - KEPT_FOR).delete()
        MailRun.objects.forgettable(before=now - KEPT_FOR).delete()

    def forget(self) -> None:
        """Leave no row of a run that is no heartbeat, unless an uncertain mail is still its own."""
        rows = MailRun.objects.filter(pk=self.row.pk)
        if not Delivery.objects.filter(claimed_by=self.row).exists():
            rows.delete()

    def _prepared(self, step: str, delivery: Delivery, *values: str | datetime) -> bool:
        with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(step, [delivery.pk, self.row.pk, *values])
            return cursor.rowcount == 1

    def _step(self, delivery: Delivery, states: Iterable[State], **values) -> bool:
        return self._mine(delivery, states).update(**values) == 1

    def _mine(self, delivery: Delivery, states: Iterable[State]) -> "QuerySet[Delivery]":
        return Delivery.objects.filter(pk=delivery.pk, claimed_by=self.row, state__in=states)
