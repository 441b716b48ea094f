"""What somebody waits for leaves right after the act, once, and cron has the rest."""

import os
import signal
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from outbox import at_once
from outbox.actions import queue_mail
from outbox.mails import Invitations
from outbox.models import Delivery, MailRun
from outbox.sending import MAX_REFUSALS
from tests.cas.mail.process import run_here, start, wait_for_end
from tests.cas.mail.smtp_server import SMTPServer
from tests.factories import UserFactory
from tests.waits import wait_until

KINDS = ["invitation", "password_reset", "duplicate_report"]


@pytest.fixture
def smtp_server(settings):
    office = SMTPServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", office.port, 30
    settings.MAIL_ANSWER_SECONDS = settings.MAIL_AT_ONCE_SECONDS = 30
    settings.SITE_URL = "https://hmis.example.org/"
    yield office.open()
    office.close()


@pytest.fixture
def queued(transactional_db, harbor, john):
    """A function that queues mails of each kind, and returns to how many they go."""
    from tests.factories import ClientFactory, DuplicateReportFactory

    def queue(count=1):
        for _ in range(count):
            user = UserFactory(at=[harbor])
            other = ClientFactory(organization=harbor)
            report = DuplicateReportFactory(organization=harbor, client_1=john, client_2=other)
            queue_mail(kind="invitation", recipient=user, about=harbor.pk)
            queue_mail(kind="password_reset", recipient=user)
            queue_mail(kind="duplicate_report", about=report.pk)
        return count * len(KINDS)

    return queue


@pytest.fixture
def john(harbor, alice):
    from tests.factories import ClientFactory

    return ClientFactory(organization=harbor, created_by=alice)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "outbox"]


@pytest.mark.django_db(transaction=True)
def test_act_returns_before_its_mail_and_the_mail_follows_the_commit(
    smtp_server, settings, alice, monkeypatch
):
    settings.MAIL_AT_ONCE, settings.MAIL_AT_ONCE_SECONDS = True, 2
    monkeypatch.setattr(at_once, "SECONDS_BEFORE", 0.05)
    smtp_server.hang, smtp_server.times = "RCPT", 1  # the server keeps the first one waiting
    with transaction.atomic():
        queue_mail(kind="password_reset", recipient=alice)
        assert not threads()
    queue_mail(kind="password_reset", recipient=UserFactory())
    assert len(threads()) == 1, "it waited for neither mail"
    wait_until(lambda: not threads())
    assert sorted(states()) == ["pending", "sent"]  # the first one is left to cron
    assert not MailRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_server_that_is_down_ends_no_thread_with_an_error_and_blames_no_mail(
    smtp_server, settings, alice, monkeypatch, caplog
):
    settings.MAIL_AT_ONCE = True
    monkeypatch.setattr(at_once, "SECONDS_BEFORE", 0.05)
    smtp_server.close()
    queue_mail(kind="password_reset", recipient=alice)
    wait_until(lambda: not threads())
    (delivery,) = Delivery.objects.all()
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    assert "The mail server takes no mail: no answer" in caplog.text
    assert alice.email not in caplog.text
    smtp_server.open()
    queue_mail(kind="password_reset", recipient=UserFactory())
    wait_until(lambda: not threads())
    assert states() == ["sent", "sent"]


def test_mail_waits_where_the_address_of_the_portal_is_not_known(db, alice, settings, caplog):
    settings.SITE_URL = ""
    queue_mail(kind="password_reset", recipient=alice)
    at_once.send_what_is_waited_for()
    assert states() == ["pending"]
    assert "Set SITE_URL" in caplog.text


def test_at_once_leaves_other_kinds_to_cron_and_is_no_heartbeat(db, alice, deliver, client):
    from tests.cas.factories import DeliveryFactory

    DeliveryFactory(recipient=alice)
    queue_mail(kind="password_reset", recipient=alice)
    deliver()
    assert states() == ["pending", "sent"]
    assert client.get("/health/mail/").json()["status"] == "never ran"


@pytest.mark.parametrize("broken", ["letters", "letter"])
def test_mail_that_cannot_be_written_holds_no_other_up_and_is_given_up_in_the_end(
    db, harbor, alice, deliver, monkeypatch, time_machine, mailoutbox, broken
):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(Invitations, broken, fail)
    time_machine.move_to("2026-02-02 12:00:00 +00:00", tick=False)
    one = queue_mail(kind="invitation", recipient=alice, about=harbor.pk)
    queue_mail(kind="password_reset", recipient=alice)
    deliver()
    assert [mail.subject for mail in mailoutbox] == ["Choose a new password"]
    for _ in range(MAX_REFUSALS):
        time_machine.shift(6 * 3600)
        deliver()
    one.refresh_from_db()
    assert (one.state, one.answer) == ("failed", "not written")


def test_invitation_of_an_organization_that_is_gone_is_not_mailed(db, alice, deliver):
    queue_mail(kind="invitation", recipient=alice, about=0)
    deliver()
    assert not Delivery.objects.exists()


def test_two_runs_and_the_web_server_at_once_send_each_mail_once(smtp_server, queued):
    expected = queued(12)
    both = [start(smtp_server), start(smtp_server)]
    at_once.send_what_is_waited_for()
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert states() == ["sent"] * expected
    ids = [mail.id for mail in smtp_server.taken]
    assert len(ids) == len(set(ids)) == expected


@pytest.mark.parametrize(
    ("stage", "uncertain"), [("RCPT", 0), ("DATA", 1)], ids=["before the mail", "after its end"]
)
def test_killed_run_leaves_nothing_claimed_and_nothing_twice(smtp_server, queued, stage, uncertain):
    expected = queued(2)
    victim = start(smtp_server)
    struck = []

    def at(reached):
        if reached == stage and not struck:
            struck.append(reached)
            os.kill(victim.pid, signal.SIGKILL)

    smtp_server.at = at
    assert wait_for_end(victim) == -signal.SIGKILL
    assert run_here() == (2 if uncertain else 0)
    assert sorted(states()) == ["sent"] * (expected - uncertain) + ["uncertain"] * uncertain
    ids = [mail.id for mail in smtp_server.taken]
    assert len(ids) == len(set(ids)) == expected  # the uncertain one had arrived


def test_report_is_marked_as_mailed_with_its_mail(smtp_server, queued):
    from clients.models import DuplicateReport

    queued()
    assert run_here() == 0
    assert DuplicateReport.objects.get().mailed_at <= timezone.now()
    assert not connection.in_atomic_block
