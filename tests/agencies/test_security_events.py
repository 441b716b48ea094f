"""Security events: one row and one log line each, which nobody changes or deletes."""

import logging
from types import SimpleNamespace

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory

from agencies.models import SecurityEvent
from agencies.requests import address
from agencies.security_events import account_digest, record_event
from clients.models import ClientAccess
from hmis.middleware.request_id import RequestIdMiddleware
from records.retries import RetryMiddleware
from tests.factories import ClientFactory

Kind = SecurityEvent.Kind


@pytest.fixture
def answer(alice, harbor):
    """A function that lets a view answer a request of Alice's behind the middleware."""

    def answered(view, **extra):
        request = RequestFactory().get("/", **extra)
        request.user, request.organization = alice, harbor
        return RequestIdMiddleware(view)(request)

    return answered


def test_event_has_user_organization_address_and_request(answer, alice, harbor):
    def view(request):
        record_event(Kind.EXPORTED, client_id=7, detail={"rows": 3})
        return HttpResponse()

    response = answer(view, REMOTE_ADDR="203.0.113.9")
    event = SecurityEvent.objects.get()
    assert (event.kind, event.user, event.organization) == (Kind.EXPORTED, alice, harbor)
    assert (event.address, event.client, event.detail) == ("203.0.113.9", 7, {"rows": 3})
    assert event.request_id == response["X-Request-ID"]
    assert len(event.request_id) == 32


def test_request_id_that_comes_with_a_request_is_not_taken_over(db):
    first = Browser().get("/health/", headers={"x-request-id": "a" * 32})
    second = Browser().get("/health/", headers={"x-request-id": "a" * 32})
    assert len({first["X-Request-ID"], second["X-Request-ID"], "a" * 32}) == 3


def test_refusal_survives_the_rollback_of_its_transaction(answer):
    def view(request):
        try:
            with transaction.atomic():
                record_event(Kind.EXPORTED)
                record_event(Kind.MANY_REVEALS)
                raise Http404
        except Http404:
            return HttpResponse(status=404)

    answer(view)
    assert [event.kind for event in SecurityEvent.objects.all()] == [Kind.MANY_REVEALS]


def test_act_that_is_rolled_back_leaves_no_line(answer, caplog, django_capture_on_commit_callbacks):
    def view(request):
        with transaction.atomic():
            record_event(Kind.EXPORTED)
            transaction.set_rollback(True)
        return HttpResponse()

    commits = django_capture_on_commit_callbacks(execute=True)
    with caplog.at_level(logging.INFO, "hmis.security"), commits:
        answer(view)
    assert not caplog.records


@pytest.mark.django_db(transaction=True)
def test_view_that_is_run_again_records_its_event_once(django_user_model):
    class DeadlockError(Exception):
        sqlstate = "40P01"

    runs = []

    def view(request):
        record_event(Kind.SSN_REVEALED, request=request)
        runs.append(1)
        if len(runs) == 1:
            raise OperationalError from DeadlockError()
        return HttpResponse()

    def handler(request):
        retry = RetryMiddleware(view)
        retry.process_view(request, view, [], {})
        try:
            return view(request)
        except OperationalError as error:
            return retry.process_exception(request, error)

    RequestIdMiddleware(handler)(RequestFactory().get("/"))
    assert len(runs) == 2
    assert SecurityEvent.objects.count() == 1


def test_event_that_cannot_be_written_is_in_the_log_and_the_page_is_answered(
    answer, alice, harbor, monkeypatch, caplog
):
    """ASVS 16.5.2, 16.5.3: the database takes no writes outside of a transaction."""

    def refused(self, **options):
        raise OperationalError("Vasconcelos")

    monkeypatch.setattr(SecurityEvent, "save", refused)
    outside = SimpleNamespace(in_atomic_block=False)
    monkeypatch.setattr("agencies.security_events.connection", outside)

    def view(request):
        record_event(Kind.LOG_IN_FAILED)
        return HttpResponse(status=200)

    with caplog.at_level(logging.INFO, "hmis.security"):
        assert answer(view).status_code == 200
    first, second = [record.getMessage() for record in caplog.records]
    assert first == f"log_in_failed user={alice.pk} organization={harbor.pk}"
    assert second == "The event of this line is not in the database: log_in_failed"


def test_address_that_belongs_to_no_user_is_kept_as_a_keyed_hash(db, settings):
    record_event(Kind.LOG_IN_FAILED, account="Canary@Harbor.example")
    event = SecurityEvent.objects.get()
    assert event.account_digest == account_digest("canary@harbor.example ")
    assert "canary" not in event.account_digest
    settings.SECRET_KEY = "another"
    assert event.account_digest != account_digest("canary@harbor.example")


@pytest.mark.parametrize("model", [SecurityEvent, ClientAccess])
@pytest.mark.parametrize("sql", ["UPDATE {} SET kind = kind", "DELETE FROM {}", "TRUNCATE {}"])
def test_log_is_append_only_by_sql(model, sql, dana, harbor):
    record_event(Kind.LOG_IN, user=dana)
    client = ClientFactory(organization=harbor, created_by=dana)
    ClientAccess.objects.create(client=client, user=dana, organization=harbor)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic():
        connection.cursor().execute(sql.format(model._meta.db_table))
    assert model._meta.db_table in str(refusal.value)
    assert model.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "found"),
    [("203.0.113.9", "203.0.113.9"), ("2001:db8::1", "2001:db8::1"), ("", None), ("unix:", None)],
)
def test_address_is_an_ip_address_or_none(sent, found):
    assert address(RequestFactory().get("/", REMOTE_ADDR=sent)) == found


def test_address_with_too_few_proxies_is_the_connections(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert address(request) == "10.0.0.1"


def test_officer_reads_events_of_own_users_and_organizations(alice, bob, charlie, dana, bridge):
    record_event(Kind.LOG_IN, user=alice)
    record_event(Kind.FACTOR_RESET, user=charlie, subject=bob)
    record_event(Kind.LOG_IN, user=charlie)
    record_event(Kind.SSN_REVEALED, user=alice, organization=bridge, client_id=1)
    record_event(Kind.LOG_IN_FAILED, account="x@example.org")
    found = SecurityEvent.objects.for_officer(dana)
    assert {(one.kind, one.user) for one in found} == {
        (Kind.LOG_IN, alice),
        (Kind.FACTOR_RESET, charlie),
    }
