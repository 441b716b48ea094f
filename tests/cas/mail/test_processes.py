"""The command in processes of its own: several at once, and killed anywhere (10.4)."""

import os
import random
import signal
import time

import pytest
from django.utils import timezone

from cas.models import Delivery, DeliveryItem, MailRun
from tests.cas.mail.conftest import notify
from tests.cas.mail.process import problems, run, start, state_counts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(transactional_db, alice, john):
    """Write notifications of a minute ago, and return their public ids."""

    def many(count):
        rows = notify(alice, john, count, at=timezone.now())
        return [str(row.public_id) for row in rows]

    return many


def kill_when(office, stage, process):
    """Let the server end the process in the middle of a mail."""

    def strike(now):
        if now == stage and process:
            os.kill(process[0].pid, signal.SIGKILL)
            process.clear()

    office.at = strike


def test_two_at_once_send_each_notification_once(post_office, many):
    expected = many(100)
    both = [start(post_office), start(post_office)]
    codes = [process.wait(timeout=120) for process in both]
    assert codes == [0, 0]
    assert problems(post_office, expected) == []
    assert state_counts() == {"sent": 100}
    assert sum(MailRun.objects.values_list("sent", flat=True)) == 150
    assert min(MailRun.objects.values_list("sent", flat=True)) > 0


@pytest.mark.parametrize(
    ("stage", "left", "uncertain"),
    [("RCPT", 20, 0), ("DATA", 19, 1), ("ANSWERED", 19, 1)],
    ids=["before the mail", "between the dot and the answer", "between the answer and the commit"],
)
def test_killed_run_leaves_nothing_claimed_and_nothing_twice(
    post_office, many, stage, left, uncertain
):
    expected = many(25)
    victim = start(post_office)
    kill_when(post_office, stage, [victim])
    assert victim.wait(timeout=60) == -signal.SIGKILL
    post_office.at = lambda stage: None
    code, said = run(post_office)
    assert code == (2 if uncertain else 0)
    assert problems(post_office, expected) == []
    assert state_counts()["uncertain"] == uncertain
    assert state_counts()["sent"] == 25 - uncertain
    for delivery in Delivery.objects.filter(state="uncertain"):
        assert f"Delivery {delivery.pk} is uncertain: the run that handed it over" in said
    # What the dead run had claimed was taken back, and is none of those that were uncertain.
    assert MailRun.objects.latest("pk").reconciled == 20
    assert left + uncertain == 20


def test_killed_again_and_again_beside_two_others(post_office, many):
    expected = many(300)
    dice = random.Random(6)
    others = [start(post_office), start(post_office)]
    while any(one.poll() is None for one in others):
        victim = start(post_office)
        time.sleep(dice.uniform(1.0, 3.0))
        victim.kill()
        victim.wait()
    code, said = run(post_office)
    assert problems(post_office, expected) == []
    assert set(state_counts()) <= {"sent", "uncertain"}
    assert DeliveryItem.objects.count() == 300
    assert code in {0, 2}, said


def test_run_that_lives_keeps_what_it_claimed(post_office, many):
    """However long its mail takes: another run sends the others."""
    expected = many(30)
    post_office.hang, post_office.times, post_office.hang_seconds = "RCPT", 1, 6
    slow = start(post_office)
    deadline = time.monotonic() + 30
    while not Delivery.objects.filter(state="claimed").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    code, _ = run(post_office)
    assert code == 0
    assert MailRun.objects.latest("pk").reconciled == 0
    assert Delivery.objects.filter(state="claimed").count() == 20
    assert slow.wait(timeout=60) == 0
    assert problems(post_office, expected) == []
    assert state_counts() == {"sent": 30}


def test_polite_end_finishes_the_mail_in_hand(post_office, many):
    many(400)
    process = start(post_office)
    deadline = time.monotonic() + 30
    while not post_office.taken:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.terminate()
    assert process.wait(timeout=30) == 0
    counts = state_counts()
    assert set(counts) == {"sent", "pending"}
    assert counts["sent"] == post_office.told.total()


def test_exit_codes_tell_what_is_wrong(post_office, many):
    many(2)
    post_office.close()
    code, said = run(post_office)
    assert code == 3
    assert ": down; planned 2, sent 0" in said
    post_office.open()
    post_office.rcpt = lambda address: "550 5.1.1 no such user"
    code, said = run(post_office)
    assert code == 2
    assert ": partly; planned 0, sent 0, told 0, retried 0, uncertain 0, failed 2" in said
    assert "alice" not in said
