"""A pool that gives no stale connection, and does not make everybody wait for a dead server."""

import select
import time
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from hmis.postgresql import timeouts

SECONDS_WHILE_DOWN = 0.3  # enough for a server that is back
SECONDS_BETWEEN_TRIES = 0.5
SECONDS_UNSEEN = 60  # after which a round trip shows whether the other end is still there


class Connection(psycopg.Connection):
    """One that remembers why the last attempt failed, which the pool does in its own threads."""

    last_error: Exception | None = None
    seen_at: float | None = None

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> "Connection":
        try:
            return super().connect(*args, **kwargs)
        except psycopg.Error as error:
            cls.last_error = error
            raise


class Pool(ConnectionPool):
    """psycopg's pool, which tries to connect when somebody asks, and not by itself meanwhile."""

    is_down = False
    failed_at = 0.0

    def __init__(self, **options: Any) -> None:
        super().__init__(
            connection_class=Connection,
            check=self.check_idle,
            reconnect_timeout=0,
            reconnect_failed=self._note_failure,
            open=False,
            **options,
        )

    def _note_failure(self, pool: ConnectionPool) -> None:
        self.is_down = True

    def getconn(self, timeout: float | None = None) -> Connection:
        """Return a connection that works.

        Raises PoolTimeout after `timeout` seconds. While nobody gets one, a request finds that out
        sooner, and the others of the same moment at once.
        """
        if timeout is None and self.is_down and timeouts.is_request():
            if time.monotonic() - self.failed_at < SECONDS_BETWEEN_TRIES:
                raise PoolTimeout("the database did not answer just now") from Connection.last_error
            timeout = SECONDS_WHILE_DOWN
        try:
            conn = super().getconn(timeout)
        except PoolTimeout as error:
            self.failed_at = time.monotonic()
            raise error from Connection.last_error
        self.is_down = False
        Connection.last_error = None
        return conn

    def check_idle(self, conn: Connection) -> None:
        """Raise psycopg's OperationalError where the server has left this connection.

        It costs no round trip: an idle connection has nothing to read but its own end.
        """
        now = time.monotonic()
        unseen = now - (conn.seen_at or now)
        conn.seen_at = now
        if conn.closed:
            raise psycopg.OperationalError("the connection is closed")
        if unseen < SECONDS_UNSEEN and not _has_something_to_read(conn):
            return
        try:
            self.check_connection(conn)
        except psycopg.Error:
            self.drain()  # the others ended with it, and each would be found out by itself
            raise


def _has_something_to_read(conn: Connection) -> bool:
    poll = select.poll()
    poll.register(conn.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))
