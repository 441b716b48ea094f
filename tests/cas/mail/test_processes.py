"""The command in processes of its own: several at once, and killed anywhere (10.4)."""

import os
import random
import signal
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.utils import timezone

from cas.models import DeliveryItem
from outbox.models import Delivery, MailRun
from outbox.sending import BATCH
from tests.cas.mail.conftest import notify
from tests.cas.mail.process import (
    database_url,
    faults,
    run,
    run_here,
    start,
    state_counts,
    wait_for_end,
)
from tests.waits import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(transactional_db, alice, john, settings):
    """Write notifications of a minute ago, and return their public ids."""
    settings.CAS_INACTIVE_DAYS = 0  # as in `process.start`

    def many(count):
        rows = notify(alice, john, count, at=timezone.now())
        return [str(row.public_id) for row in rows]

    return many


@pytest.fixture
def barrier():
    """A block in which processes begin their runs, and wait to do their work all at once."""

    @contextmanager
    def barrier(count):
        with psycopg.connect(database_url(), autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(hashtextextended('cas.mail.plan', 0))")
            yield
            wait_until(lambda: MailRun.objects.count() >= count)

    return barrier


def strike(office, process, **signals):
    """Let the server send the process a signal at a stage of its first mail."""

    def at(stage):
        if stage in signals:
            os.kill(process.pid, signals.pop(stage))

    office.at = at


def test_two_at_once_send_each_notification_once(smtp_server, many, barrier):
    expected = many(100)
    with barrier(2):
        both = [start(smtp_server, "--limit", "50") for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert faults(smtp_server, expected) == []
    assert state_counts() == {"sent": 100}
    assert list(MailRun.objects.values_list("sent", flat=True)) == [50, 50]


@pytest.mark.parametrize(
    ("signals", "uncertain"),
    [
        ({"RCPT": signal.SIGKILL}, 0),
        ({"DATA": signal.SIGKILL}, 1),
        # Stopped before the answer, so that it cannot write down what it hears.
        ({"DATA": signal.SIGSTOP, "ANSWERED": signal.SIGKILL}, 1),
    ],
    ids=["before the mail", "between the dot and the answer", "between the answer and the commit"],
)
def test_killed_run_leaves_nothing_claimed_and_nothing_twice(
    smtp_server, many, signals, uncertain, caplog
):
    expected = many(BATCH + 5)
    victim = start(smtp_server)
    strike(smtp_server, victim, **signals)
    assert wait_for_end(victim) == -signal.SIGKILL
    assert run_here() == (2 if uncertain else 0)
    assert faults(smtp_server, expected) == []
    assert state_counts()["uncertain"] == uncertain
    assert state_counts()["sent"] == BATCH + 5 - uncertain
    for delivery in Delivery.objects.filter(state="uncertain"):
        assert f"Delivery {delivery.pk} is uncertain: the run that handed it over" in caplog.text
    # All that it had claimed, and the one that it was handing over.
    assert MailRun.objects.latest("pk").reconciled == BATCH


def test_three_killed_beside_two_others_leave_nothing_twice(smtp_server, many, barrier):
    expected = many(200)
    rng = random.Random()
    with barrier(5):
        others = [start(smtp_server), start(smtp_server)]
        victims = [start(smtp_server) for _ in range(3)]
    for victim in victims:
        time.sleep(rng.uniform(0, 0.5))
        victim.kill()
    for one in (*others, *victims):
        wait_for_end(one)
    code = run_here()
    assert faults(smtp_server, expected) == []
    assert set(state_counts()) <= {"sent", "uncertain"}
    assert DeliveryItem.objects.count() == 200
    assert code in {0, 2}


def test_run_that_lives_keeps_what_it_claimed(smtp_server, many):
    """However long its mail takes: another run sends the others."""
    expected = many(BATCH + 10)
    slow = start(smtp_server)
    strike(smtp_server, slow, RCPT=signal.SIGSTOP)
    wait_until(lambda: Delivery.objects.filter(state="claimed").exists())
    assert run_here() == 0
    assert MailRun.objects.latest("pk").reconciled == 0
    assert Delivery.objects.filter(state="claimed").count() == BATCH
    os.kill(slow.pid, signal.SIGCONT)
    assert slow.wait(timeout=60) == 0
    assert faults(smtp_server, expected) == []
    assert state_counts() == {"sent": BATCH + 10}


def test_polite_end_finishes_the_mail_in_hand(smtp_server, many):
    many(200)
    process = start(smtp_server)
    strike(smtp_server, process, RCPT=signal.SIGTERM)
    assert process.wait(timeout=120) == 0
    counts = state_counts()
    assert set(counts) == {"sent", "pending"}
    assert counts["sent"] == smtp_server.notified.total()


def test_exit_codes_tell_what_is_wrong(smtp_server, many):
    many(2)
    smtp_server.close()
    code, said = run(smtp_server)
    assert code == 3
    assert ": down; planned 2, sent 0" in said
    smtp_server.open()
    smtp_server.rcpt = lambda address: "550 5.1.1 no such user"
    code, said = run(smtp_server)
    assert code == 2
    assert ": partly; planned 0, sent 0, notified 0, retried 0, uncertain 0, failed 2" in said
    assert "alice" not in said
