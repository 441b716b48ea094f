"""The pool finds out a connection that the server left, without asking the server each time."""

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from hmis.postgresql import timeouts
from hmis.postgresql.pool import SECONDS_UNSEEN, SECONDS_WHILE_DOWN, Pool
from tests.faults.processes import database_url
from tests.waits import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch):
    """The connections that cost a round trip before somebody got them."""
    asked = []
    check = Pool.check_connection

    def counted(conn):
        asked.append(conn)
        check(conn)

    monkeypatch.setattr(Pool, "check_connection", staticmethod(counted))
    return asked


@pytest.fixture
def pool():
    pool = Pool(conninfo=database_url(), kwargs={"autocommit": True}, min_size=3, max_size=3)
    pool.open(wait=True)
    yield pool
    pool.close()


def use(pool, seconds_ago=0.0):
    conn = pool.getconn()
    conn.execute("SELECT 1")
    conn.seen_at -= seconds_ago
    pid = conn.info.backend_pid
    pool.putconn(conn)
    return pid


def test_connection_in_use_costs_nothing(pool, asked):
    for _ in range(9):
        use(pool)
    assert asked == []


def test_connection_that_nobody_used_for_long_is_asked(pool, asked):
    for _ in range(3):
        use(pool, seconds_ago=SECONDS_UNSEEN + 1)
    use(pool)
    assert len(asked) == 1


def test_all_that_a_restart_left_are_replaced_at_the_first_look(pool, asked):
    old = {use(pool) for _ in range(3)}
    with psycopg.connect(database_url(), autocommit=True) as link:
        for pid in old:
            link.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
    new = {use(pool) for _ in range(6)}
    assert not new & old
    assert len(asked) <= 2


def test_no_request_waits_long_for_a_server_that_is_gone(monkeypatch):
    monkeypatch.setattr(timeouts, "_in_force", "request")
    pool = Pool(conninfo="host=127.0.0.1 port=1", kwargs={}, min_size=1, timeout=0.5)
    pool.open()
    with pytest.raises(PoolTimeout):
        pool.getconn()
    wait_until(lambda: pool.is_down)  # one of its threads notes that
    pool.failed_at = float("inf")
    with pytest.raises(PoolTimeout, match="just now"):
        pool.getconn()
    pool.failed_at = float("-inf")
    with pytest.raises(PoolTimeout, match=str(SECONDS_WHILE_DOWN)):
        pool.getconn()
    pool.close()


@pytest.mark.parametrize(
    ("process", "lock", "statement"), [("request", "4s", "30s"), ("command", "1min", "0")]
)
def test_requests_and_commands_have_time_outs_of_their_own(process, lock, statement, monkeypatch):
    monkeypatch.setattr(timeouts, "_in_force", process)
    with psycopg.connect(database_url(), autocommit=True) as link:
        timeouts.put_on(link)
        shown = [
            link.execute(f"SHOW {name}").fetchone()[0]
            for name in ("lock_timeout", "statement_timeout")
        ]
    assert shown == [lock, statement]
