"""2.8: a log line says what went wrong and never what a person typed."""

import json
import logging
import sys
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from gunicorn.config import Config

from agencies.current_request import current_request
from agencies.models import SecurityAlert, SecurityEvent
from clients.models import Client
from hmis.logs import DiscreetFormatter
from hmis.server import config
from hmis.server.logger import Logger
from outbox.actions import queue_mail
from tests.factories import ClientFactory, DuplicateReportFactory

Kind = SecurityEvent.Kind
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
    for personal in (NAME, "123121234", "123-12-1234", "05/17/1980", "1980-05-17", "1980, 5"):
        assert personal not in text


CANARIES = ("vasconcelos", "canary@", "c4nary-pass", "123121234", "123-12-1234", "quokka")


def test_nothing_that_is_typed_is_in_a_log_line_or_an_event(portal, alice, dana, harbor, written):
    """ASVS 16.2.5: log-ins, searches, addresses, files and refusals with words of our own."""
    stranger = Browser(enforce_csrf_checks=False)
    for address in ("canary@harbor.example", alice.email):
        login = {"login": address, "password": "c4nary-pass"}
        stranger.post("/accounts/login/", login, HTTP_USER_AGENT="quokka", HTTP_REFERER="/quokka")
    stranger.post("/accounts/password/reset/", {"email": "canary@harbor.example"})
    Browser(enforce_csrf_checks=True).post("/accounts/login/?next=/quokka", login)
    browser = portal(alice)
    john = ClientFactory(
        organization=harbor, created_by=alice, last_name=NAME, ssn="123121234", ssn_data_quality=1
    )
    restricted = ClientFactory(last_name=NAME, visibility="own")
    browser.post("/clients/", {"last_name": NAME, "ssn": "123121234"}, follow=True)
    browser.post("/search/", {"q": f"{NAME}, Quokka"}, follow=True)
    browser.post(f"/clients/{john.pk}/ssn/", {"reason": "quokka"})
    browser.get(f"/clients/{restricted.pk}/?quokka={NAME}")
    browser.get("/quokka/123121234/")
    browser.get(f"/clients/{john.pk}/files/quokka/")
    upload = SimpleUploadedFile(f"{NAME}-quokka.pdf", b"MZ quokka")
    browser.post(f"/clients/{john.pk}/files/add/", {"file": upload, "document_name": NAME})
    portal(dana).get("/admin/agencies/user/quokka/change/")
    portal(dana).get("/admin/agencies/securityevent/", {"user": "canary@harbor.example"})
    events = list(SecurityEvent.objects.values())
    assert {Kind.LOG_IN_FAILED, Kind.PASSWORD_RESET_ASKED, Kind.FORM_REFUSED, Kind.NOT_FOUND} <= {
        event["kind"] for event in events
    }
    everything = f"{written.getvalue()}{events}{list(SecurityAlert.objects.values())}".lower()
    assert "hmis.security" in everything
    for canary in CANARIES:
        assert canary not in everything


def test_settings_log_by_this_formatter_alone(settings):
    formatters = {
        settings.LOGGING["handlers"][handler]["formatter"]
        for logger in [settings.LOGGING["root"], *settings.LOGGING["loggers"].values()]
        for handler in logger.get("handlers", [])
    }
    assert formatters == {"discreet"}
    assert settings.LOGGING["formatters"]["discreet"]["()"] == "hmis.logs.DiscreetFormatter"


def test_mail_that_fails_is_logged_without_its_text(harbor, alice, written, settings, deliver):
    report = DuplicateReportFactory(organization=harbor, created_by=alice, comment=NAME)
    queue_mail(kind="duplicate_report", about=report.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    deliver()
    assert "The mail server takes no mail" in written.getvalue()
    for secret in ("Clients ", NAME, settings.HELP_DESK_EMAIL):
        assert secret not in written.getvalue()


def line(message: str, *args, as_json: bool = False, **extra) -> str:
    record = logging.LogRecord("hmis.x", logging.WARNING, "", 1, message, args, None)
    vars(record).update(extra)
    return DiscreetFormatter(as_json=as_json).format(record)


def test_line_has_its_time_in_utc_with_the_offset(settings, time_machine):
    settings.TIME_ZONE = "America/New_York"
    time_machine.move_to("2026-11-22T12:00:00.5+00:00", tick=False)
    assert line("Probe") == "2026-11-22T12:00:00.500+00:00 WARNING hmis.x Probe"


def test_line_names_request_user_and_address(portal, alice):
    browser = portal(alice)
    answer = browser.post("/clients/", {"last_name": ""}, REMOTE_ADDR="203.0.113.9")
    with current(answer.wsgi_request):
        text = line("Probe")
    number = answer["X-Request-ID"]
    assert text.endswith(f" request={number} user={alice.pk} address=203.0.113.9 Probe")


def test_line_that_django_writes_after_the_answer_names_the_request(portal, alice):
    answer = portal(alice).get("/")
    text = line("Service Unavailable: %s", "/health/", request=answer.wsgi_request)
    assert f"request={answer['X-Request-ID']} user={alice.pk}" in text


@contextmanager
def current(request):
    token = current_request.set(request)
    yield
    current_request.reset(token)


FORGERIES = ["\n", "\r\n", "\x00", "\x1b[2K", "\u2028", "\u2029", "\x85", "\u202e", "\x0b"]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_value_cannot_forge_a_line(forgery, as_json):
    text = line("Bad %s", f"{forgery}2026-11-22 INFO hmis.security log_in user=1", as_json=as_json)
    assert len(text.splitlines()) == 1
    assert forgery not in text


def test_names_with_accents_stay_readable():
    assert line("Café %s", "Zoë").endswith("Café Zoë")


def test_json_line_is_one_object(portal, alice):
    answer = portal(alice).get("/")
    with current(answer.wsgi_request):
        found = json.loads(line("Probe", as_json=True, event={"kind": "log_in"}))
    assert found["request"] == answer["X-Request-ID"]
    assert (found["user"], found["address"]) == (alice.pk, "127.0.0.1")
    assert (found["level"], found["logger"], found["message"]) == ("WARNING", "hmis.x", "Probe")
    assert found["event"] == {"kind": "log_in"}
    assert found["time"].endswith("+00:00")


def test_json_line_has_the_places_of_an_exception_but_not_its_message():
    try:
        raise ValueError(NAME)
    except ValueError:
        text = line("Broke", as_json=True, exc_info=sys.exc_info(), exc_text=NAME)
    assert len(text.splitlines()) == 1
    assert NAME not in text
    assert json.loads(text)["trace"].endswith("ValueError")


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/password/reset/key/1-abc-123def/",
        "https://portal.example/accounts/password/reset/key/1-abc-123def/",
        "/accounts/password/reset/key/1-abc-123def?x=1",
        "/accounts/password/reset/key/1-abc-123def",
    ],
)
def test_link_that_sets_a_password_is_in_no_line(path, as_json):
    text = line("Forbidden: %s", path, as_json=as_json)
    assert "abc-123def" not in text
    assert "/password/reset/key/..." in text


def test_link_that_sets_up_another_second_factor_is_in_no_line():
    text = line("GET %s 302", reverse("agencies:confirm_factor_reset", args=["WzEsMl0:1w:s-e_c"]))
    assert "s-e_c" not in text
    assert "/two-step-reset/.../" in text


def test_address_of_a_calendar_is_in_no_line():
    text = line("GET %s 200", "/calendar/0a1b2c.s-e_cret/tasks.ics")
    assert "0a1b2c" not in text
    assert "/calendar/.../tasks.ics" in text


def test_link_of_the_mail_is_in_no_line(client, alice, deliver, written):
    client.post("/accounts/password/reset/", {"email": alice.email})
    deliver()
    address = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    token = address.rstrip("/").rpartition("/")[2]
    client.get(address)
    client.put(address)
    Browser(enforce_csrf_checks=True).post(address, {"password1": "x"})
    logging.getLogger("django.security.csrf").warning("Forbidden: %s", address)
    assert "/reset/key/..." in written.getvalue()
    assert token not in written.getvalue()


def test_query_string_is_in_no_line():
    assert line("%s?q=Vasconcelos broke", "/search/").endswith("/search/ broke")
    assert line("Is it there? Yes").endswith("Is it there? Yes")


# The web server's own lines


@pytest.fixture
def served(portal, alice):
    """A function from an address to the line that gunicorn writes for it."""

    def access_line(address, **headers):
        answer = portal(alice).get(address, **headers)
        stream = StringIO()
        logger = Logger(Config())
        handler = logging.StreamHandler(stream)
        handler.setFormatter(DiscreetFormatter())
        logger.access_log.handlers = [handler]
        logger._access_log_enabled = True
        environ = answer.wsgi_request.META | {"RAW_URI": address}
        sent = SimpleNamespace(status=f"{answer.status_code} OK", sent=len(answer.content))
        logger.access(sent, None, environ, timedelta(milliseconds=12))
        return answer, stream.getvalue()

    return access_line


def test_access_line_carries_the_request_and_no_query(served, alice):
    answer, text = served(f"/accounts/login/?next=/x/{NAME}", HTTP_REFERER=NAME)
    assert answer["X-Request-ID"] in text
    assert f"user={alice.pk} address=127.0.0.1 GET /accounts/login/ 302 0 bytes 12 ms" in text
    assert NAME not in text


def test_access_line_has_no_link_that_sets_a_password(served):
    _, text = served("/accounts/password/reset/key/1-abc-123def/")
    assert "GET /accounts/password/reset/key/.../ " in text


def test_web_server_writes_by_this_formatter_alone():
    assert config.OPTIONS["logger_class"] == "hmis.server.logger.Logger"
    logger = Logger(Config())
    handlers = logger.error_log.handlers + logger.access_log.handlers
    assert handlers
    assert {type(one.formatter) for one in handlers} == {DiscreetFormatter}


def test_database_error_of_no_known_kind_is_named():
    assert logged(DatabaseError(NAME)).endswith("DatabaseError")
