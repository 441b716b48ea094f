"""What monitoring sees of the cron command (10.4); mail that is late takes no web server out."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from hmis.views import health
from outbox.models import MailRun, Outcome

VERBS = ["POST", "PUT", "PATCH", "DELETE"]


def ended(outcome=Outcome.DONE, **ago):
    at = timezone.now() - timedelta(**ago)
    return MailRun.objects.create(started_at=at, ended_at=at, outcome=outcome)


def seen(client):
    """The status of /health/, of the mail in it, and the answer of the page for monitoring."""
    page, mail = client.get("/health/"), client.get("/health/mail/")
    assert page.status_code == 200
    return page.json()["status"], page.json()["cas_mail"]["status"], mail.status_code


def test_run_of_a_minute_ago_is_well(client, db):
    ended(minutes=1)
    assert seen(client) == ("ok", "ok", 200)
    assert client.get("/health/").json()["cas_mail"]["age_seconds"] in range(60, 120)


def test_run_that_left_single_mails_is_well(client, db):
    ended(Outcome.PARTLY, minutes=1)
    assert seen(client) == ("ok", "ok", 200)


def test_cron_that_never_ran_is_seen(client, db):
    assert seen(client) == ("degraded", "never ran", 503)


def test_cron_that_stopped_is_seen(client, db):
    ended(minutes=31)
    assert seen(client) == ("degraded", "late", 503)


@pytest.mark.parametrize("outcome", [Outcome.SERVER_DOWN, Outcome.BROKEN])
def test_server_that_is_down_is_seen(client, db, outcome):
    ended(minutes=6)
    ended(outcome, minutes=1)
    assert seen(client) == ("degraded", "in trouble", 503)


def test_log_says_in_one_line_why_monitoring_got_503(client, db, caplog):
    ended(Outcome.SERVER_DOWN, minutes=1)
    client.get("/health/mail/")
    [line] = [record.getMessage() for record in caplog.records]
    assert line == "503 GET /health/mail/: cron's send_mail: in trouble"


def test_run_that_goes_on_for_long_or_died_is_no_heartbeat(client, db):
    ended(minutes=31)
    MailRun.objects.create()
    assert seen(client) == ("degraded", "late", 503)


def test_run_of_a_clock_that_was_set_back_hides_no_cron_that_stopped(client, db):
    ended(minutes=31)
    ended(days=-1)
    assert seen(client) == ("degraded", "late", 503)


def test_table_that_is_not_there_yet_takes_no_server_out(client, db, monkeypatch):
    def no_table(now):
        raise DatabaseError

    monkeypatch.setattr(health, "heartbeat", no_table)
    assert seen(client) == ("degraded", "unknown", 503)


@pytest.mark.parametrize("verb", VERBS)
def test_monitoring_only_reads(client, db, verb):
    assert client.generic(verb, "/health/mail/").status_code == 405


def test_old_runs_are_forgotten_and_those_of_uncertain_mails_kept(cron, smtp_server, alice, john):
    from tests.cas.mail.conftest import notify

    cron.run()
    notify(alice, john)
    smtp_server.drop, smtp_server.times = "DOT", 1
    kept = cron.run()
    assert kept.uncertain == 1
    late = cron.wait(days=31).run()
    assert list(MailRun.objects.order_by("pk")) == [kept, late]
