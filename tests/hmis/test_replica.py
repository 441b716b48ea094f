"""Which reads go to the replica; that it works with a real one is in tests/drill/."""

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.urls import resolve, reverse

from clients.models import Client
from hmis import replica
from hmis.environment import ConfigurationError
from hmis.middleware.replica import ReplicaMiddleware
from hmis.replica import ReplicaRouter, reading, streamed
from hmis.unsafe_settings import refuse
from records.replica import follows
from tests.factories import ClientFactory
from tests.hmis.test_unsafe_settings import PRODUCTION

router = ReplicaRouter()


def test_only_reads_of_records_go_to_the_replica(alice):
    assert router.db_for_read(Client) == "default"
    with reading():
        assert router.db_for_read(Client) == "replica"
        assert router.db_for_read(type(alice)) == "default"  # who may see what
        assert router.db_for_write(Client) == "default"
    assert router.db_for_read(Client) == "default"


def test_row_that_came_from_the_replica_is_written_to_the_primary(harbor, settings):
    settings.DATABASE_ROUTERS = ["hmis.replica.ReplicaRouter"]
    client = ClientFactory(organization=harbor)
    client._state.db = "replica"
    assert router.db_for_write(Client, instance=client) == "default"
    assert router.allow_relation(client, harbor)


def test_nothing_is_migrated_on_the_replica():
    assert router.allow_migrate("default", "clients")
    assert not router.allow_migrate("replica", "clients")


def test_streamed_lines_are_read_on_the_replica():
    def lines():
        for _ in range(2):
            yield router.db_for_read(Client).encode()

    taken = []
    for line in streamed(lines()):
        taken.append(line)
        assert router.db_for_read(Client) == "default"  # between them, the server's thread is free
    assert taken == [b"replica", b"replica"]


@pytest.fixture
def watched(monkeypatch):
    """A watch whose replica is as the test says; how often it looked is in `looks`."""
    watch = replica.Watch()
    watch.answer, watch.looks = True, 0

    def follows():
        watch.looks += 1
        return watch.answer

    monkeypatch.setattr(replica, "follows", follows)
    monkeypatch.setattr(replica, "watch", watch)
    return watch


def test_replica_is_looked_at_now_and_then(watched, caplog):
    assert watched.usable()
    assert watched.usable()
    assert watched.looks == 1
    watched.answer = False
    watched.looked -= 60
    assert not watched.usable()
    assert "reads go to the primary" in caplog.text


@pytest.mark.django_db
def test_replica_that_does_not_answer_is_not_used(monkeypatch):
    class Dead:
        def cursor(self):
            raise OperationalError

    class Connections(dict):
        databases = ("default", "replica")

    monkeypatch.setattr("records.replica.connections", Connections(replica=Dead()))
    assert not follows()
    promoted = Connections(replica=connections["default"])
    monkeypatch.setattr("records.replica.connections", promoted)
    assert follows()  # it is the primary by now


@pytest.fixture
def seen(watched, rf):
    """Return a function that asks for a page and tells where it would have read."""

    def ask(method="get", url=None, cookies=None, user=None):
        request = getattr(rf, method)(url or reverse("admin:clients_duplicatereport_changelist"))
        request.COOKIES.update(cookies or {})
        request.user = user
        request.resolver_match = resolve(request.path)
        where = []

        def view(request):
            where.append(router.db_for_read(Client))
            return HttpResponse("")

        def inner(request):
            middleware.process_view(request, view, (), {})
            return view(request)

        middleware = ReplicaMiddleware(inner)
        response = middleware(request)
        assert router.db_for_read(Client) == "default"  # the next request of this thread
        return where[-1], response

    return ask


def test_officers_lists_and_exports_are_read_on_the_replica(seen, dana):
    assert seen()[0] == "replica"
    assert seen(url=reverse("admin:quality"))[0] == "replica"
    csv = reverse("admin:quality_csv", args=["x"])
    assert seen(url=csv)[0] == "replica"


def test_pages_of_case_workers_and_writes_use_the_primary(seen, dana, alice):
    assert seen(url=reverse("home"))[0] == "default"
    assert seen(url=reverse("admin:clients_duplicatereport_add"))[0] == "default"
    assert seen(method="post", user=dana)[0] == "default"


def test_whoever_has_just_saved_reads_the_primary(seen, dana):
    _, response = seen(method="post", user=dana)
    cookie = response.cookies["recent_write"]
    assert cookie["max-age"] == 10
    assert cookie["httponly"]
    assert seen(cookies={"recent_write": "1"})[0] == "default"


def test_replica_that_does_not_follow_leaves_its_work_to_the_primary(seen, watched):
    watched.answer = False
    assert seen()[0] == "default"


def test_address_of_a_replica_is_checked_as_the_primarys():
    both = {"DATABASES": PRODUCTION["DATABASES"] | {"replica": {"HOST": "replica.example.org"}}}
    with pytest.raises(ConfigurationError, match="DATABASE_REPLICA_URL still has"):
        refuse(PRODUCTION | both, {})
