"""A mail server that refuses, hangs, drops the line: what arrives, how often, and what is said."""

import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest

from outbox import sending, transport
from outbox.kinds import letters_of
from outbox.models import Delivery
from tests.cas.mail.conftest import notify, states

MINUTES = timedelta(minutes=1)


def once(office, notifications):
    return office.notified == {str(one.public_id): 1 for one in notifications}


def test_each_notification_is_a_mail_of_its_own(cron, smtp_server, alice, john):
    notifications = notify(alice, john, 3)
    run = cron.run()
    assert once(smtp_server, notifications)
    assert len(smtp_server.taken) == 3
    assert {mail.to for mail in smtp_server.taken} == {alice.email}
    assert smtp_server.connections == 1
    assert states() == ["sent"] * 3
    assert (run.outcome, run.sent, run.notified, run.how.exit_code) == ("done", 3, 3, 0)
    assert Delivery.objects.first().answer == "250 2.0.0"


def test_nothing_is_sent_twice(cron, smtp_server, alice, john):
    notifications = notify(alice, john, 3)
    cron.run()
    cron.wait(minutes=5).run()
    assert once(smtp_server, notifications)


def test_server_that_is_down_for_an_hour_delays_and_loses_nothing(
    cron, smtp_server, alice, john, caplog
):
    notifications = notify(alice, john, 50)
    smtp_server.close()
    for _ in range(12):
        run = cron.wait(minutes=5).run()
        assert (run.outcome, run.how.exit_code, run.retried) == ("down", 3, 0)
    assert set(states()) == {"pending"}
    assert set(Delivery.objects.values_list("attempts", "refusals")) == {(0, 0)}
    smtp_server.open()
    run = cron.wait(minutes=5).run()
    assert run.outcome == "done"
    assert once(smtp_server, notifications)


def test_server_that_is_down_is_tried_once_a_run(cron, smtp_server, alice, john):
    notify(alice, john, 50)
    smtp_server.mail_from = "421 4.3.2 closing"
    cron.run()
    assert smtp_server.connections <= 3


@pytest.mark.parametrize("answer", ["530 5.7.0 log in first", "451 4.3.0 later", "554 5.5.0 no"])
def test_server_that_takes_no_mail_from_us_blames_no_mail(cron, smtp_server, alice, john, answer):
    notifications = notify(alice, john, 3)
    smtp_server.mail_from = answer
    assert cron.run().outcome == "down"
    assert states() == ["pending"] * 3
    smtp_server.behave()
    cron.wait(minutes=5).run()
    assert once(smtp_server, notifications)


def test_recipient_who_is_put_off_is_tried_again_later_and_later(
    cron, smtp_server, alice, john, caplog
):
    caplog.set_level(logging.INFO)
    notifications = notify(alice, john, 1)
    smtp_server.rcpt = lambda address: "450 4.2.0 greylisted, alice@harbor.example"
    run = cron.run()
    assert (run.outcome, run.retried, run.sent) == ("done", 1, 0)
    delivery = Delivery.objects.get()
    assert delivery.answer == "450 4.2.0"
    assert delivery.next_attempt_at - cron.now == 5 * MINUTES
    assert f"Delivery {delivery.pk} is tried again in 0:05:00: 450 4.2.0" in caplog.messages
    assert cron.wait(minutes=4).run().retried == 0
    assert cron.wait(minutes=1).run().retried == 1
    delivery.refresh_from_db()
    assert delivery.next_attempt_at - cron.now == 10 * MINUTES
    smtp_server.behave()
    cron.wait(minutes=10).run()
    assert once(smtp_server, notifications)
    assert "alice" not in caplog.text


def test_recipient_who_is_put_off_for_a_day_and_a_half_is_given_up(cron, smtp_server, alice, john):
    notify(alice, john, 1)
    smtp_server.rcpt = lambda address: "450 4.2.0 greylisted"
    began = cron.now
    cron.run()
    while Delivery.objects.get().state == "pending":
        cron.now = Delivery.objects.get().next_attempt_at
        cron.run()
    assert Delivery.objects.get().state == "failed"
    assert timedelta(days=1) < cron.now - began < timedelta(days=2)
    assert Delivery.objects.get().attempts == sending.MAX_REFUSALS


def test_one_unknown_recipient_is_final_and_the_others_get_theirs(
    cron, smtp_server, alice, bob, john, caplog
):
    from tests.cas.mail.conftest import works_with

    works_with(bob, john)
    (lost,) = notify(alice, john, 1)
    notifications = notify(bob, john, 3)
    smtp_server.rcpt = lambda address: "550 5.1.1 no alice" if "alice" in address else None
    run = cron.run()
    assert (run.outcome, run.how.exit_code, run.failed, run.sent) == ("partly", 2, 1, 3)
    assert once(smtp_server, notifications)
    assert Delivery.objects.get(state="failed").answer == "550 5.1.1"
    smtp_server.behave()
    cron.wait(hours=8).run()
    assert str(lost.public_id) not in smtp_server.notified
    assert "alice" not in caplog.text


@pytest.mark.parametrize("answer", ["554 5.7.1 relay access denied", "552 5.2.2 mailbox full"])
def test_refusal_that_somebody_can_fix_is_tried_again(cron, smtp_server, alice, john, answer):
    notifications = notify(alice, john, 1)
    smtp_server.rcpt = lambda address: answer
    assert cron.run().retried == 1
    smtp_server.behave()
    cron.wait(minutes=5).run()
    assert once(smtp_server, notifications)


def test_server_that_refuses_everybody_is_not_asked_about_all(cron, smtp_server, alice, john):
    notify(alice, john, 50)
    smtp_server.rcpt = lambda address: "550 5.1.1 nobody here"
    assert cron.run().outcome == "down"
    assert states().count("failed") == sending.REFUSALS_IN_A_ROW
    assert states().count("pending") == 50 - sending.REFUSALS_IN_A_ROW


@pytest.mark.parametrize("answer", ["451 4.3.0 disk full", "421 4.3.0 closing"])
def test_mail_that_is_not_taken_after_its_end_is_sent_again(cron, smtp_server, alice, john, answer):
    notifications = notify(alice, john, 2)
    smtp_server.dot, smtp_server.times = answer, 1
    assert cron.run().retried == 1
    assert smtp_server.notified.total() == 1
    cron.wait(minutes=5).run()
    assert once(smtp_server, notifications)


def test_mail_that_is_refused_after_its_end_is_given_up(cron, smtp_server, alice, john):
    notify(alice, john, 1)
    smtp_server.dot = "554 5.6.0 we do not like it"
    cron.run()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.answer, delivery.handed_over_at) == (
        "failed",
        "554 5.6.0",
        None,
    )


@pytest.mark.parametrize("stage", ["RCPT", "BODY"])
def test_line_that_drops_before_the_end_loses_and_repeats_nothing(
    cron, smtp_server, alice, john, stage, monkeypatch
):
    # Give the news of it time to arrive: what arrives later makes the mail uncertain.
    monkeypatch.setattr(transport, "SECONDS_TO_LISTEN", 0.3)
    notifications = notify(alice, john, 5)
    smtp_server.drop, smtp_server.times = stage, 2
    run = cron.run()
    assert (run.retried, run.uncertain, run.sent) == (2, 0, 3)
    cron.wait(minutes=5).run()
    assert once(smtp_server, notifications)


@pytest.mark.parametrize("stage", ["CONNECT", "RCPT"])
def test_server_that_hangs_before_the_end_loses_and_repeats_nothing(
    cron, smtp_server, alice, john, stage, settings
):
    notifications = notify(alice, john, 3)
    settings.EMAIL_TIMEOUT = 0.5
    smtp_server.hang, smtp_server.times = stage, 1
    assert cron.run().uncertain == 0
    settings.EMAIL_TIMEOUT = 30
    cron.wait(minutes=5).run()
    assert once(smtp_server, notifications)


def test_server_that_always_drops_is_left_alone_after_three(cron, smtp_server, alice, john):
    notify(alice, john, 50)
    smtp_server.drop = "RCPT"
    run = cron.run()
    assert (run.outcome, run.retried) == ("down", 3)
    assert smtp_server.connections == 3


@pytest.mark.parametrize("habit", [{"drop": "DOT"}, {"drop": "KEPT"}, {"hang": "DATA"}])
def test_without_an_answer_after_the_end_it_is_uncertain_and_not_sent_again(
    cron, smtp_server, alice, john, habit, caplog, settings
):
    notify(alice, john, 3)
    cron.run()
    settings.MAIL_ANSWER_SECONDS = 0.5
    late = notify(alice, john, 1)[0]
    for name, value in habit.items():
        setattr(smtp_server, name, value)
    run = cron.wait(minutes=5).run()
    assert (run.outcome, run.how.exit_code, run.uncertain) == ("down", 3, 1)
    delivery = Delivery.objects.get(state="uncertain")
    assert delivery.items.get().notification == late
    assert f"Delivery {delivery.pk} is uncertain: no answer after its end" in caplog.messages
    smtp_server.behave()
    for _ in range(3):
        cron.wait(hours=8).run()
    assert smtp_server.notified[str(late.public_id)] == (habit == {"drop": "KEPT"})


def test_server_that_swallows_mail_gets_one_a_run(cron, smtp_server, alice, john):
    notify(alice, john, 20)
    smtp_server.drop = "DOT"
    cron.run()
    assert (states().count("uncertain"), states().count("pending")) == (1, 19)


def test_one_uncertain_among_many_does_not_hold_the_others_up(cron, smtp_server, alice, john):
    notify(alice, john, 5)
    cron.run(limit=2)
    smtp_server.drop, smtp_server.times = "DOT", 1
    cron.run(limit=1)
    run = cron.run()
    assert (run.sent, states().count("uncertain")) == (2, 1)


def test_uncertain_notification_arrives_by_its_reminder(cron, smtp_server, alice, john):
    (one,) = notify(alice, john, 1)
    smtp_server.drop, smtp_server.times = "DOT", 1
    cron.run()
    assert smtp_server.notified.total() == 0
    cron.wait(days=3).run()
    assert once(smtp_server, [one])
    assert (
        smtp_server.taken[0].subject == f"Reminder: Coordinated Access notification {one.reference}"
    )


def test_line_that_drops_after_the_answer_repeats_nothing(cron, smtp_server, alice, john):
    notifications = notify(alice, john, 4)
    smtp_server.drop = "AFTER"
    run = cron.run()
    assert (run.outcome, run.sent, run.retried) == ("done", 4, 0)
    assert smtp_server.connections == 4
    assert once(smtp_server, notifications)


def test_repeated_mail_keeps_its_message_id(cron, smtp_server, alice, john):
    notify(alice, john, 1)
    smtp_server.dot, smtp_server.times = "451 4.3.0 disk full", 1
    cron.run()
    message_id = Delivery.objects.get().message_id
    cron.wait(minutes=5).run()
    assert [mail.id for mail in smtp_server.taken] == [message_id]
    assert message_id.endswith("@hmis.example.org>")


def test_run_writes_one_line_that_counts(cron, smtp_server, alice, john, caplog):
    caplog.set_level(logging.INFO)
    notify(alice, john, 2)
    run = cron.run(limit=1)
    lines = [line for line in caplog.messages if line.startswith("Mail run")]
    assert lines == [
        f"Mail run {run.pk}: done; planned 2, sent 1, notified 1, retried 0, uncertain 0, "
        "failed 0, withdrawn 0, reconciled 0, waiting 1"
    ]


@pytest.mark.parametrize(("seconds", "asked"), [(0, [6]), (2, [6, 2, 2]), (4, [6, 1, 1, 1, 1, 1])])
def test_slow_server_has_each_mail_asked_for_at_most_twice(
    cron, smtp_server, alice, john, monkeypatch, seconds, asked
):
    """What a mail says is never older than some seconds, and seldom asked for twice."""
    notifications, now, many = notify(alice, john, 6), [0.0], []
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def slow(stage):
        now[0] += seconds * (stage == "RCPT")

    def counted(deliveries, at):
        many.append(len(deliveries))
        return letters_of(deliveries, at)

    monkeypatch.setattr(sending, "letters_of", counted)
    smtp_server.at = slow
    cron.run()
    assert many == asked
    assert once(smtp_server, notifications)
