"""A compiled statement reads what its queryset reads, for whoever asks, and refuses to guess."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import F, Func, Value
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from agencies.backends import memberships
from agencies.models import Membership, User
from agencies.sessions.database import stored
from cas.listing import in_bell
from clients.loading import opened
from clients.models import Client, EmergencyAccess
from clients.querysets import ClientQuerySet
from records import clock
from records.statements import Compiled, NotCompilableError, arguments, compiled
from records.visibility import Visibility
from tests.factories import AlertFactory, ClientFactory, OrganizationFactory, UserFactory

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def plain(rows):
    """Everything that rows hold, related ones too."""
    return [_plain(row) for row in rows]


def _plain(row):
    if not hasattr(row, "__dict__"):
        return row
    state = row._state
    related = {name: one and _plain(one) for name, one in state.fields_cache.items()}
    return type(row), {**vars(row), "_state": (state.db, state.adding, related)}


def same(statement, *args, **fixed):
    """Twice: as compiled just now, and as kept."""
    expected = plain(statement.queryset(*args, **fixed))
    assert plain(statement(*args, **fixed)) == plain(statement(*args, **fixed)) == expected
    return expected


def test_statements_of_the_frame_are_their_querysets(portal, alice, dana, harbor, bridge, settings):
    browser = portal(alice)
    browser.get("/")
    both = UserFactory(email="both@harbor.example", at=[harbor, bridge])
    john = ClientFactory(organization=harbor, created_by=alice)
    AlertFactory(client=john, organization=harbor)
    hidden = ClientFactory(
        organization=bridge, created_by=both, visibility=Visibility.OWN_ORGANIZATION
    )
    admin = UserFactory(email="root@example.org", is_superuser=True)
    key = alice_session_key(browser)
    assert same(stored, key, timezone.now())
    assert not same(stored, "another", timezone.now())
    for user in (alice, dana, both, admin):
        same(memberships, user.pk)
        same(in_bell, user)
        for breaks_glass in (False, True):
            settings.BREAK_GLASS = breaks_glass
            for also in (None, ClientQuerySet.with_open_changes):
                for client in (john, hidden):
                    same(opened, user, client.pk, NOW, also=also)


def alice_session_key(browser):
    from agencies.sessions.store import hashed

    return hashed(browser.cookies["sessionid"].value)


def test_each_user_is_authorized_by_the_kept_statement(alice, bob, charlie, harbor):
    mine = ClientFactory(
        organization=harbor, created_by=alice, visibility=Visibility.OWN_ORGANIZATION
    )
    assert opened.first(alice, mine.pk, NOW, also=None) == mine
    plans = len(opened.plans)
    assert opened.first(charlie, mine.pk, NOW, also=None) is None
    assert opened.first(bob, mine.pk, NOW, also=None) == mine
    assert len(opened.plans) == plans, "they share one statement"


def test_lost_access_counts_at_once(alice, harbor):
    mine = ClientFactory(
        organization=harbor, created_by=alice, visibility=Visibility.OWN_ORGANIZATION
    )
    assert opened.first(alice, mine.pk, NOW)
    Membership.objects.filter(user=alice).update(organization=OrganizationFactory())
    assert opened.first(User.objects.get(pk=alice.pk), mine.pk, NOW) is None


@pytest.fixture
def statement(monkeypatch):
    """Return a function that compiles, and leaves nothing among the statements of the product."""
    monkeypatch.setattr(Compiled, "all", [])
    return compiled


def test_rows_come_in_every_kind(statement, alice, harbor, db):
    ClientFactory.create_batch(2, organization=harbor, created_by=alice)
    clients = Client.objects.order_by("pk")
    both = list(clients.values_list("pk", flat=True))
    kinds = [
        lambda ids: clients.filter(pk__in=ids).values_list("pk", "dob"),
        lambda ids: clients.filter(pk__in=ids).values_list("pk", flat=True),
        lambda ids: clients.filter(pk__in=ids).values("dob", "pk"),
        lambda ids: (
            clients.filter(pk__in=ids)
            .only("first_name", "organization")
            .select_related("organization")
        ),
        lambda ids: clients.filter(pk__in=ids).annotate(one=Value("%s %")).order_by("last_name"),
        lambda ids: clients.filter(first_name=Func(Value("100%"), function="lower")),
    ]
    for kind in kinds:
        same(statement(kind), both)
        same(statement(kind), both[:1])


@pytest.mark.parametrize("first", [[0, 1], [1, 0], [1, 2], [1, 1], [3, 3]])
def test_list_with_zero_or_the_same_twice_is_no_model_for_others(statement, first, alice):
    clients = [ClientFactory(created_by=alice) for _ in range(2)]
    keys = [0, *(client.pk for client in clients), clients[0].pk + 100_000]

    @statement
    def some(client_ids: list[int]):
        return Client.objects.filter(pk__in=client_ids).order_by("pk")

    def found(places: list[int]) -> list[int]:
        return [client.pk for client in some([keys[one] for one in places])]

    found(first)
    assert found([1, 2]) == keys[1:3]
    assert found([2, 1]) == keys[1:3]
    assert found([0, 2]) == keys[2:3]
    assert found([1, 1]) == keys[1:2]


def test_moments_are_those_of_the_call(statement, alice, harbor, time_machine):
    client = ClientFactory(organization=harbor, created_by=alice)
    lately = statement(
        lambda user: Client.objects.filter(
            date_created__gte=clock.now() - timedelta(days=1), dob__lte=clock.today()
        )
    )
    Client.objects.update(dob=date(2000, 1, 1))
    assert lately(alice) == [client]
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert lately(alice) == []


@pytest.mark.parametrize(
    ("builds", "args"),
    [
        (lambda name: Client.objects.filter(first_name__startswith=name), ["Jo"]),
        (lambda name: Client.objects.filter(first_name=name.strip().lower()), ["Jo"]),
        (lambda pk: Client.objects.filter(pk=pk + 1), [7]),
        (lambda many: Client.objects.all()[:many], [7]),
        (lambda: Client.objects.filter(date_created__gte=timezone.now()), []),
        (lambda: Client.objects.filter(dob=date(2000, 1, 1)), []),
        (lambda pk: Client.objects.filter(pk=pk).prefetch_related("alerts"), [7]),
        (lambda pk: Client.objects.filter(pk=pk).values_list("pk", named=True), [7]),
    ],
)
def test_what_hangs_on_a_value_otherwise_is_refused(statement, builds, args, db):
    with pytest.raises(NotCompilableError):
        statement(builds)(*args)


def test_choices_in_a_list_are_no_values(statement, harbor, db):
    seen = statement(lambda which: Client.objects.filter(visibility__in=which))
    shared = ClientFactory(organization=harbor, visibility=Visibility.ALL_ORGANIZATIONS)
    hidden = ClientFactory(organization=harbor, visibility=Visibility.OWN_ORGANIZATION)
    assert seen([Visibility.ALL_ORGANIZATIONS]) == [shared]
    assert seen([Visibility.OWN_ORGANIZATION]) == [hidden]


def test_keyword_arguments_are_told_apart_by_type_and_are_no_rows(statement, alice):
    of = statement(lambda *, one: User.objects.annotate(one=Value(one)).filter(pk=alice.pk))
    assert of.first(one=1).one is not True
    assert of.first(one=True).one is True
    with pytest.raises(TypeError, match="one"):
        of(one=alice)


def test_of_a_user_the_access_alone_may_be_read(statement, alice):
    with pytest.raises(NotCompilableError):
        statement(lambda user: User.objects.filter(email=user.email))(alice)
    with pytest.raises(TypeError):
        statement(lambda it: User.objects.all())(object())


def test_server_goes_on_without_a_statement_that_cannot_be_kept(
    statement, monkeypatch, caplog, alice
):
    monkeypatch.setattr(Compiled, "strict", False)
    named = statement(lambda name: User.objects.filter(first_name__startswith=name))
    assert named("Ali") == named("Ali") == [alice]
    assert [record.levelname for record in caplog.records] == ["ERROR"], "once, and no value in it"
    assert "Ali" not in caplog.text


def test_a_shape_more_than_are_kept_is_compiled_each_time(statement, monkeypatch, alice):
    monkeypatch.setattr("records.statements.compiling.MOST_SHAPES", 1)
    of = statement(lambda ids: User.objects.filter(pk__in=ids))
    assert of([alice.pk]) == of([alice.pk, -1]) == [alice]
    assert len(of.plans) == 1
    monkeypatch.setattr(arguments, "MOST_VALUES", 2)
    assert of([alice.pk, -1, -2]) == [alice]


def test_lock_needs_a_transaction(statement, transactional_db, alice):
    locked = statement(lambda pk: User.objects.filter(pk=pk).select_for_update())
    with transaction.atomic():
        assert locked(alice.pk) == [alice]
    with pytest.raises(TransactionManagementError):
        locked(alice.pk)


def test_threads_share_a_statement(statement, transactional_db, alice, bob, charlie):
    of = statement(lambda pk: User.objects.filter(pk=pk).annotate(number=F("pk")))
    users, found, begin = [alice, bob, charlie], {}, Barrier(3)

    def ask(user):
        begin.wait()
        found[user] = [of.first(user.pk) for _ in range(20)]
        connection.close()

    threads = [Thread(target=ask, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {user: [user] * 20 for user in users}
    assert len(of.plans) == 1


def test_plan_outlives_a_migration(transactional_db):
    def ask():
        with connection.prepared_cursor() as cursor:
            cursor.execute("SELECT name FROM statements_test WHERE name = $1", ["Ann"])
            return cursor.fetchall()

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE statements_test AS SELECT 'Ann'::varchar(10) AS name")
        try:
            assert [ask() for _ in range(3)] == [[("Ann",)]] * 3
            cursor.execute("ALTER TABLE statements_test ALTER name TYPE varchar(20)")
            assert [ask() for _ in range(3)] == [[("Ann",)]] * 3
            cursor.execute("ALTER TABLE statements_test ALTER name TYPE text")
            with pytest.raises(Exception, match="cached plan") as error, transaction.atomic():
                ask()
            assert isinstance(error.value.__cause__, psycopg.errors.FeatureNotSupported)
            assert ask() == [("Ann",)], "a rollback clears what was kept"
        finally:
            cursor.execute("DROP TABLE statements_test")


def test_rollback_of_the_driver_clears_what_is_prepared(db):
    """Production's own, in place of that of the tests (`plugins.statements`)."""

    def ask():
        with connection.prepared_cursor() as cursor:
            cursor.execute("SELECT 'Ann' = $1 AS driver_rolled_back", ["Ann"])
            return cursor.fetchall()

    def prepared():
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            return [sql for (sql,) in cursor.fetchall() if sql.endswith("driver_rolled_back")]

    assert [ask() for _ in range(3)] == [[(True,)]] * 3
    assert len(prepared()) == 1
    connection.connection.rollback()
    assert not prepared()
    assert ask() == [(True,)]


def test_connection_keeps_no_statement_of_djangos(alice):
    in_bell(alice)
    assert connection.connection.prepare_threshold is None
    before = list(connection.connection._prepared._counts)
    list(User.objects.filter(email="alice@harbor.example"))
    assert list(connection.connection._prepared._counts) == before
    assert not any(b"alice" in sql for sql, _ in before)


def test_emergency_access_opens_by_the_kept_statement(alice, bridge, settings):
    settings.BREAK_GLASS = True
    hidden = ClientFactory(organization=bridge, visibility=Visibility.OWN_ORGANIZATION)
    now = timezone.now()
    assert opened.first(alice, hidden.pk, now) is None
    EmergencyAccess.objects.create(
        client=hidden,
        user=alice,
        organization=alice.organizations[0],
        reason="other",
        explanation="Her sister called.",
        begins_at=now,
        ends_at=now + timedelta(hours=1),
    )
    assert opened.first(alice, hidden.pk, now) == hidden
    settings.BREAK_GLASS = False
    assert opened.first(alice, hidden.pk, now) is None
