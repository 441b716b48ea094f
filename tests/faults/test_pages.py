"""What a user sees who meets a fault of the database: what happened, what was typed, once more."""

import logging

import psycopg
import pytest
import redis
from django.core.cache import cache
from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError, connection
from django.test import Client as Browser
from django.urls import reverse
from psycopg import errors
from psycopg_pool import PoolTimeout

from agencies.models import SecurityEvent
from casenotes.models import CaseNote
from clients.querysets import ClientQuerySet
from hmis import faults
from hmis.middleware import session as idle
from tests.factories import ClientFactory
from tests.faults.processes import database_url
from tests.pages import filled, opened
from tests.server_process import free_port

NOTE = "Met at the <shelter>; wants a bed"


def django_error(kind, cause):
    error = kind("words that may name a client")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (django_error(OperationalError, errors.LockNotAvailable()), faults.BUSY),
        (django_error(OperationalError, errors.DeadlockDetected()), faults.BUSY),
        (django_error(OperationalError, errors.SerializationFailure()), faults.BUSY),
        (django_error(OperationalError, errors.QueryCanceled()), faults.SLOW),
        (django_error(InternalError, errors.ReadOnlySqlTransaction()), faults.READ_ONLY),
        (django_error(OperationalError, errors.DiskFull()), faults.FULL),
        (django_error(OperationalError, errors.AdminShutdown()), faults.DOWN),
        (django_error(OperationalError, errors.TooManyConnections()), faults.DOWN),
        (django_error(OperationalError, psycopg.OperationalError("server closed")), faults.DOWN),
        (django_error(OperationalError, PoolTimeout()), faults.DOWN),
        (InterfaceError("connection already closed"), faults.DOWN),
        (redis.ConnectionError(), faults.REDIS),
        (redis.TimeoutError(), faults.REDIS),
        (redis.ResponseError(), None),
        (django_error(ProgrammingError, errors.UndefinedTable()), None),
        (django_error(RuntimeError, django_error(ValueError, None)), None),
        (None, None),
    ],
    ids=str,
)
def test_faults_that_pass_are_told_from_errors_of_the_program(error, fault):
    assert faults.fault_of(error) is fault


@pytest.fixture
def no_redis(settings, db):
    url = f"redis://127.0.0.1:{free_port()}/0"
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": url}}
    settings.SESSION_ENGINE, settings.REDIS_URL = "agencies.sessions.cache", url


def test_without_redis_a_page_says_so_and_the_balancer_is_told(no_redis, settings, caplog):
    browser = Browser(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    page = browser.get("/")
    assert page.status_code == 503
    assert "Your log-in cannot be checked" in page.content.decode()
    [line] = [line.getMessage() for line in caplog.records]
    assert line.startswith("503 GET /: Redis does not answer: ")
    assert "Connection refused" in line

    caplog.clear()
    health = Browser().get("/health/")
    assert health.status_code == 503
    assert health.json()["redis"] == "does not answer"
    [line] = [line.getMessage() for line in caplog.records]
    assert line.startswith("503 GET /health/: Redis does not answer: ")
    assert "Connection refused" in line


def test_command_says_why_the_pool_had_no_connection():
    error = OperationalError("couldn't get a connection after 20.00 sec")
    error.__cause__ = psycopg.OperationalError("password authentication failed")
    said = "The database does not answer: password authentication failed"
    assert faults.why_it_ended(error) == said
    assert faults.why_it_ended(ValueError("Jane Doe")) is None


def test_command_says_that_redis_does_not_answer(no_redis):
    with pytest.raises(redis.ConnectionError) as refused:
        cache.get("anything")
    said = faults.why_it_ended(refused.value)
    assert said.startswith("Redis does not answer: ")
    assert "Connection refused" in said


@pytest.fixture
def desk(alice, harbor):
    desk = Browser(raise_request_exception=False)
    desk.force_login(alice)
    desk.get("/")
    return desk


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def meets(monkeypatch):
    """A function that makes every look-up of a client meet an error of the database."""

    def meets(cause, kind=OperationalError):
        def fail(*args, **kwargs):
            raise django_error(kind, cause)

        monkeypatch.setattr(ClientQuerySet, "visible_to", fail)
        monkeypatch.setattr("clients.loading.opened.first", fail)  # compiled before

    return meets


def test_form_is_kept_in_the_page_and_can_be_sent_again(desk, john, meets, monkeypatch):
    address = reverse("casenotes:add", args=[john.pk])
    form = filled(opened(desk.get(address)), title="First contact", text=NOTE)
    form |= {"services-TOTAL_FORMS": "0", "services-INITIAL_FORMS": "0"}
    meets(errors.LockNotAvailable())
    answer = desk.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "no-store" in answer["Cache-Control"]
    assert "Nothing was saved" in page
    assert "What you typed" in page
    assert f'action="{address}"' in page
    assert "Met at the &lt;shelter&gt;; wants a bed" in page
    assert "<shelter>" not in page
    for name in form:
        assert f'name="{name}"' in page, name
    monkeypatch.undo()
    assert desk.post(address, form).status_code == 302
    assert CaseNote.objects.get().title == "First contact"
    # Pressed a second time, because the first answer got lost: still one note.
    desk.post(address, form)
    assert CaseNote.objects.count() == 1


def test_log_in_gives_no_password_back(db, monkeypatch):
    desk = Browser(raise_request_exception=False)

    def fail(*args, **kwargs):
        raise django_error(OperationalError, PoolTimeout())

    monkeypatch.setattr("agencies.backends.MemberBackend.authenticate", fail)
    typed = {"login": "alice@harbor.example", "password": "correct horse battery"}
    answer = desk.post(reverse("account_login"), typed)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "correct horse" not in page
    assert 'type="hidden"' not in page
    assert f'href="{reverse("account_login")}"' in page


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"HX-Request": "true"}, "text/plain"),
        ({"Sec-Fetch-Dest": "empty"}, "application/json"),
        ({"Accept": "application/json"}, "application/json"),
        ({}, "text/html"),
    ],
)
def test_answer_is_of_the_form_that_was_asked_for(desk, john, meets, headers, kind):
    meets(errors.QueryCanceled())
    answer = desk.get(john.get_absolute_url(), headers=headers)
    assert answer.status_code == 503
    assert answer["Content-Type"].startswith(kind)
    assert "This took too long" in answer.content.decode()


def test_admin_page_says_it_too(desk, dana, meets, john, monkeypatch):
    desk.force_login(dana)
    desk.get("/")
    meets(errors.LockNotAvailable())
    monkeypatch.setattr(
        "django.contrib.admin.options.ModelAdmin.get_queryset", ClientQuerySet.visible_to
    )
    answer = desk.get(reverse("admin:agencies_project_changelist"))
    assert answer.status_code == 503
    assert "Somebody else is saving" in answer.content.decode()


def test_page_needs_no_database_and_a_fault_is_one_line(desk, john, caplog, monkeypatch):
    """The database went away before anything was known of the user."""

    def gone(*args, **kwargs):
        raise django_error(OperationalError, PoolTimeout())

    with caplog.at_level(logging.INFO), monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", gone)
        patch.setattr(connection, "ensure_connection", gone)
        answer = desk.get(john.get_absolute_url())
    assert answer.status_code == 503
    assert "The database does not answer" in answer.content.decode()
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    where = f"503 GET {john.get_absolute_url()}"
    assert line.getMessage() == f"{where}: database does not answer: PoolTimeout"
    assert not line.exc_info


def test_error_of_the_program_stays_one_and_is_logged_whole(desk, john, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ProgrammingError("no such thing")

    monkeypatch.setattr("clients.loading.opened.first", fail)
    answer = desk.get(john.get_absolute_url())
    assert answer.status_code == 500
    assert any(record.exc_info for record in caplog.records)


def test_what_another_site_sent_is_not_shown(alice, monkeypatch):
    desk = Browser(raise_request_exception=False, enforce_csrf_checks=True)
    desk.force_login(alice)

    def gone(request):
        raise django_error(OperationalError, PoolTimeout())

    monkeypatch.setattr(idle, "idle_seconds", gone)
    answer = desk.post("/settings/", {"text": "Call this number at once"})
    assert answer.status_code == 503
    assert "What you typed" not in answer.content.decode()
    assert not SecurityEvent.objects.exclude(kind=SecurityEvent.Kind.LOG_IN).exists()


@pytest.mark.parametrize(
    "place",
    [
        "agencies.sessions.database.SessionStore.load",
        "hmis.middleware.session.idle_seconds",
        "hmis.middleware.organization.chosen",
        "hmis.middleware.access.AccessRecorder.write",
        "hmis.middleware.limits.write_cookie",
        "hmis.middleware.request_id.record_refusal",
        "hmis.middleware.request_id.write_pending",
    ],
)
def test_database_may_go_away_before_or_after_the_view(desk, john, monkeypatch, place):
    def gone(*args, **kwargs):
        raise django_error(OperationalError, PoolTimeout())

    monkeypatch.setattr(place, gone)
    answer = desk.get(john.get_absolute_url())
    assert answer.status_code == 503
    assert "The database does not answer" in answer.content.decode()
    assert john.last_name not in answer.content.decode()


@pytest.fixture
def make_read_only(transactional_db):
    """A function after which the database takes no writes, as before a replica is promoted."""
    name = connection.settings_dict["NAME"]

    def alter(change):
        connection.close()
        connection.close_pool()
        with psycopg.connect(database_url(), autocommit=True) as link:
            link.execute("SET default_transaction_read_only = off")
            link.execute(f'ALTER DATABASE "{name}" {change}')

    yield lambda: alter("SET default_transaction_read_only = on")
    alter("RESET default_transaction_read_only")


def test_read_only_database(make_read_only, desk, john):
    """Pages that only read work; those that have to write say so; the balancer knows."""
    session = desk.session
    session[idle.SEEN] -= 120  # after 60 s a page saves the time of its use
    session.save()
    make_read_only()
    assert desk.get("/").status_code == 200
    assert desk.get(reverse("clients:find")).status_code == 200
    answer = desk.get(john.get_absolute_url())  # that is written to the access log
    assert answer.status_code == 503
    assert "Nothing can be saved at the moment" in answer.content.decode()
    answer = desk.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["database"] == "is read-only"


def test_refusal_is_answered_though_its_event_cannot_be_written(make_read_only, alice, caplog):
    desk = Browser(raise_request_exception=False, enforce_csrf_checks=True)
    desk.force_login(alice)
    desk.get("/")
    make_read_only()
    with caplog.at_level(logging.INFO, logger="hmis.security"):
        answer = desk.post("/settings/", {"text": "Call this number at once"})
    assert answer.status_code == 403
    assert "Call this number" not in answer.content.decode()
    lines = [one.getMessage() for one in caplog.records if one.name == "hmis.security"]
    assert any(line.startswith("form_refused") for line in lines), lines


@pytest.mark.django_db
def test_health_of_a_database_that_can_be_written(client):
    assert client.get("/health/").status_code == 200
