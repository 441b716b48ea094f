"""The options of the command, and what it says (10.4); test_processes.py has more."""

import logging

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cas.mail import writer
from cas.mail.plan import plan
from cas.mail.writer import _marked
from cas.models import DeliveryItem
from outbox.models import Delivery, MailRun
from tests.cas.factories import PreferenceFactory
from tests.cas.mail.conftest import NOON, notify

NAME = "send_cas_notifications"


def test_dry_run_says_what_is_due_and_writes_nothing(smtp_server, alice, john, capsys):
    notify(alice, john, 3)
    call_command(NAME, "--dry-run", now=NOON)
    assert capsys.readouterr().out == (
        "First notice: 3 notifications to be mailed\n"
        "0 mails planned already and due\n"
        "0 mails uncertain or given up\n"
    )
    assert not Delivery.objects.exists()
    assert not MailRun.objects.exists()
    assert not smtp_server.taken


@pytest.mark.parametrize("rhythm", ["at_once", "daily"])
def test_dry_run_forenotifies_the_run(cron, smtp_server, alice, john, cass, capsys, rhythm):
    PreferenceFactory(user=alice, mail=rhythm)
    notify(alice, john, 3)
    for _ in range(10):
        call_command(NAME, "--dry-run", now=cron.now)
        said = capsys.readouterr().out
        foretold = sum(int(line.split()[-5]) for line in said.splitlines() if "to be" in line)
        before = DeliveryItem.objects.count()
        cron.run()
        assert DeliveryItem.objects.count() - before == foretold
        cron.wait(days=1)
    assert DeliveryItem.objects.count() == 12


def test_limit_is_kept(cron, smtp_server, alice, john):
    notify(alice, john, 5)
    cron.run(limit=2)
    assert len(smtp_server.taken) == 2
    assert Delivery.objects.unsent().count() == 3


def test_statements_of_each_mail_are_kept_however_many_there_are(cron, smtp_server, alice, john):
    _marked.plans.clear()
    notify(alice, john, 6)
    for limit in (1, 2, 3):
        cron.run(limit=limit)
    assert len(smtp_server.taken) == 6
    assert len(_marked.plans) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%UPDATE%delivery%'"
        )
        assert cursor.fetchone() == (2,)


def test_command_needs_the_address_of_the_portal(db, settings):
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="Set SITE_URL"):
        call_command(NAME)


def close(server, monkeypatch):
    server.close()


def refuse_everybody(server, monkeypatch):
    server.rcpt = lambda address: "550 5.1.1 no such user"


def break_the_plan(server, monkeypatch):
    monkeypatch.setattr(writer, "plan", None)


@pytest.mark.parametrize(
    ("trouble", "code", "said"),
    [
        (close, 3, "The mail server takes no mail. Check the server and"),
        (refuse_everybody, 2, "Some mails could not be delivered, or may not have arrived."),
        (break_the_plan, 1, "The run was stopped by an error, which is in the log."),
    ],
    ids=["down", "partly", "broken"],
)
def test_run_that_does_not_end_well_says_what_to_do_whatever_is_logged(
    smtp_server, alice, john, monkeypatch, capsys, trouble, code, said
):
    notify(alice, john)
    trouble(smtp_server, monkeypatch)
    logging.disable()
    try:
        with pytest.raises(SystemExit) as end:
            call_command(NAME, now=NOON)
    finally:
        logging.disable(logging.NOTSET)
    assert end.value.code == code
    output = capsys.readouterr().err
    assert output.startswith(said)
    assert alice.email not in output


def test_server_that_is_down_is_an_error_in_the_log(cron, smtp_server, alice, john, caplog):
    notify(alice, john)
    smtp_server.close()
    assert cron.run().outcome == "down"
    [error] = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert error.startswith("The mail server takes no mail: no answer, ")
    assert "Connection refused" in error


def test_plan_twice_is_plan_once(cron, alice, john):
    notify(alice, john, 3)
    assert (plan(NOON), plan(NOON)) == (3, 0)


def test_trouble_in_a_run_is_logged_without_what_it_was_about(
    cron, smtp_server, alice, john, caplog, monkeypatch
):
    break_the_plan(smtp_server, monkeypatch)
    run = cron.run()
    assert (run.outcome, run.how.exit_code) == ("broken", 1)
    assert run.ended_at == cron.now
    assert "Mail of the kind cas could not be planned" in caplog.messages
