"""2.8: a log line says what went wrong and never what a person typed."""

import logging
import sys
from io import StringIO

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client as Browser

from clients.models import Client
from hmis.logs import DiscreetFormatter
from outbox.actions import queue_mail
from tests.factories import ClientFactory, DuplicateReportFactory

NAME = "Vasconcelos"


@pytest.fixture
def written():
    """What every logger writes through the formatter of the settings."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(DiscreetFormatter())
    loggers = [logging.getLogger(name) for name in (None, "django", "django.server", "clients")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def logged(error: Exception) -> str:
    try:
        raise error
    except type(error):
        record = logging.LogRecord("x", logging.ERROR, "", 1, "Broke", (), None)
        record.exc_info = sys.exc_info()
        return DiscreetFormatter().format(record)


def test_message_of_an_exception_is_not_printed():
    text = logged(ValueError(f"{NAME} is not a number"))
    assert NAME not in text
    assert text.endswith("ValueError")
    assert "test_logs.py" in text
    assert "Broke" in text


def test_what_caused_an_exception_is_not_printed_either():
    error = RuntimeError(NAME)
    error.__cause__ = ValueError(NAME)
    error.add_note(NAME)
    assert NAME not in logged(error)


def test_database_error_is_told_by_its_code_and_constraint(harbor, alice):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        ClientFactory(organization=harbor, created_by=alice, last_name=NAME, sex=5)
    assert NAME in str(refusal.value)  # PostgreSQL quotes the row
    text = logged(refusal.value)
    assert NAME not in text
    assert text.endswith("IntegrityError (23514 client_sex_is_known)")


def test_page_that_breaks_leaves_no_name_in_the_log(alice, harbor, written, monkeypatch):
    john = ClientFactory(organization=harbor, created_by=alice, last_name=NAME)

    def breaks(self):
        Client.objects.filter(pk=self.pk).update(sex=5)

    monkeypatch.setattr(Client, "display_name", property(breaks))
    browser = Browser(raise_request_exception=False)
    browser.force_login(alice)
    with transaction.atomic():
        answer = browser.get(john.get_absolute_url())
        transaction.set_rollback(True)
    assert answer.status_code == 500
    text = written.getvalue()
    assert "IntegrityError (23514 client_sex_is_known)" in text
    assert NAME not in text
    assert NAME not in answer.content.decode()


def test_a_days_work_leaves_nothing_personal_in_the_log(portal, alice, harbor, written):
    john = ClientFactory(
        organization=harbor, created_by=alice, last_name=NAME, ssn="123121234", ssn_data_quality=1
    )
    browser = portal(alice)
    browser.post("/clients/", {"last_name": NAME, "ssn": "123121234"}, follow=True)
    browser.post("/search/", {"q": f"{NAME}, John"}, follow=True)
    browser.post(f"/clients/{john.pk}/edit/", {"last_name": NAME, "ssn": "1"})
    browser.post(f"/clients/{john.pk}/ssn/")
    browser.get("/nowhere/")
    browser.put(f"/clients/{john.pk}/edit/")
    logging.getLogger("clients").warning("probe")
    text = written.getvalue()
    assert "probe" in text
    for personal in (NAME, "123121234", "123-12-1234", "1980"):
        assert personal not in text


def test_settings_log_by_this_formatter_alone(settings):
    formatters = {
        settings.LOGGING["handlers"][handler]["formatter"]
        for logger in [settings.LOGGING["root"], *settings.LOGGING["loggers"].values()]
        for handler in logger.get("handlers", [])
    }
    assert formatters == {"plain"}
    assert settings.LOGGING["formatters"]["plain"]["()"] == "hmis.logs.DiscreetFormatter"


def test_mail_that_fails_is_logged_without_its_text(harbor, alice, written, settings, deliver):
    report = DuplicateReportFactory(organization=harbor, created_by=alice, comment=NAME)
    queue_mail(kind="duplicate_report", about=report.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    deliver()
    assert "The mail server takes no mail" in written.getvalue()
    for secret in ("Clients ", NAME, settings.HELP_DESK_EMAIL):
        assert secret not in written.getvalue()


def test_database_error_of_no_known_kind_is_named():
    assert logged(DatabaseError(NAME)).endswith("DatabaseError")
