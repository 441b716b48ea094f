"""A pool that gives no stale connection, and does not make everybody wait for a dead server."""

import select
import time
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

SECONDS_WHILE_DOWN = 0.3  # enough for a server that is back
SECONDS_UNSEEN = 60  # after which a round trip shows whether the other end is still there


class Pool(ConnectionPool):
    """psycopg's pool, which tries to connect when somebody asks, and not by itself meanwhile."""

    is_down = False

    def __init__(self, **options: Any) -> None:
        super().__init__(check=self.check_idle, reconnect_timeout=0, open=False, **options)

    def getconn(self, timeout: float | None = None) -> psycopg.Connection:
        """Return a connection that works.

        Raises PoolTimeout after `timeout` seconds, and sooner while nobody gets one at all.
        """
        if timeout is None and self.is_down:
            timeout = SECONDS_WHILE_DOWN
        try:
            conn = super().getconn(timeout)
        except PoolTimeout:
            self.is_down = True
            raise
        self.is_down = False
        return conn

    def check_idle(self, conn: psycopg.Connection) -> None:
        """Raise psycopg's OperationalError where the server has left this connection.

        It costs no round trip: an idle connection has nothing to read but its own end.
        """
        now = time.monotonic()
        unseen = now - getattr(conn, "seen_at", now)
        conn.seen_at = now  # type: ignore[attr-defined]
        if conn.closed:
            raise psycopg.OperationalError("the connection is closed")
        if unseen < SECONDS_UNSEEN and not _has_something_to_read(conn):
            return
        try:
            self.check_connection(conn)
        except psycopg.Error:
            self.drain()  # the others ended with it, and each would be found out by itself
            raise


def _has_something_to_read(conn: psycopg.Connection) -> bool:
    poll = select.poll()
    poll.register(conn.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))
