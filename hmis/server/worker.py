"""Gunicorn's threaded worker, whose threads work on whole requests only (ADR 0021)."""

import errno
import resource
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from hmis.server.buffered_socket import BufferedSocket, RefusedError

HEAD_SECONDS = 20  # for the first line and the headers, from their first byte on
PATIENCE = 60  # seconds, and one more for each LEAST_RATE bytes that came or went
LEAST_RATE = 1024  # bytes a second
LINGER = 2  # seconds in which a client may take the end of its answer
LINGER_ON_STOP = 0.5  # seconds for a request that an idle client may be sending already
FILES = 4096  # a connection needs up to three

TOO_SLOW = RefusedError("408 Request Timeout", "This came too slowly. Send it again.")
NO_SPACE = RefusedError("503 Service Unavailable", "Try again in some minutes.")


class Connection(TConn):
    """A client. It is received, answered, sent, and then received again or closed."""

    sock: BufferedSocket

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, BufferedSocket(sock), client, server)
        self.data_ready = True  # or gunicorn would wait for it in a thread
        self.since = time.monotonic()
        self.moved = 0  # bytes since then


class BufferingWorker(ThreadWorker):
    """Receives requests and sends answers in the event loop; threads do neither.

    An idle connection, a body that comes byte by byte and a client that reads slowly cost memory
    or a temporary file, no thread. What is slower than LEAST_RATE is given up after PATIENCE.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: dict[Connection, Callable[[Connection], bool]] = {}
        self.swept = self.stopped_at = 0.0

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        super().check_config(cfg, log)
        if cfg.is_ssl:
            raise ValueError("BufferingWorker does not end TLS: leave that to the proxy.")

    def init_process(self) -> None:
        self.cfg.set("sendfile", False)  # it would go past the buffer
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < FILES:
            most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        super().init_process()

    # --- Receiving

    def accept(self, listener: Any) -> None:
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self.log.error("No file descriptor is left for another connection.")
                time.sleep(0.1)
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        self._receive(Connection(self.cfg, sock, address, listener.getsockname()))

    def _receive(self, conn: Connection) -> None:
        conn.since, conn.moved = time.monotonic(), 0
        self._wait(conn, EVENT_READ, self._on_data, self._is_too_slow)

    def _on_data(self, conn: Connection) -> None:
        was_idle, before = conn.sock.is_idle, conn.sock.arrived
        try:
            if not conn.sock.receive():
                self._close(conn)
                return
        except RefusedError as refusal:
            self._refuse(conn, refusal)
            return
        except OSError:  # such as a full disk
            self.log.exception("A request could not be kept.")
            self._refuse(conn, NO_SPACE)
            return
        if was_idle:
            conn.since = time.monotonic()
        conn.moved += conn.sock.arrived - before
        if conn.sock.is_whole:
            self._forget(conn)
            self.enqueue_req(conn)

    def _is_too_slow(self, conn: Connection) -> bool:
        age = time.monotonic() - conn.since
        if conn.sock.is_idle:
            return age > (self.cfg.keepalive if self.alive else LINGER_ON_STOP)
        if conn.sock.size is None:
            return age > HEAD_SECONDS
        return age > PATIENCE + conn.moved / LEAST_RATE

    def _refuse(self, conn: Connection, refusal: RefusedError) -> None:
        self._forget(conn)
        try:
            conn.sock.sendall(refusal.answer())
        except OSError:
            self._close(conn)
        else:
            self._send(conn, keep=False)

    # --- Answering: `handle` of gunicorn's own worker runs in a thread

    def finish_request(self, conn: Connection, fs: Future) -> None:
        keep = not fs.cancelled() and fs.exception() is None and fs.result() is True
        self._send(conn, keep=keep)

    def _send(self, conn: Connection, *, keep: bool) -> None:
        if conn.sock.is_closed:
            self._close(conn)
            return
        conn.since, unsent = time.monotonic(), conn.sock.unsent_bytes

        def on_space(conn: Connection) -> None:
            try:
                sent = conn.sock.flush()
            except OSError:
                self._close(conn)
                return
            if sent:
                self._forget(conn)
                self._after_answer(conn, keep=keep)

        def is_too_slow(conn: Connection) -> bool:
            sent = unsent - conn.sock.unsent_bytes
            return time.monotonic() - conn.since > PATIENCE + sent / LEAST_RATE

        self._wait(conn, EVENT_WRITE, on_space, is_too_slow)
        on_space(conn)

    def _after_answer(self, conn: Connection, *, keep: bool) -> None:
        if keep:
            try:
                conn.sock.end_request()
            except RefusedError as refusal:
                self._refuse(conn, refusal)
                return
            if conn.sock.is_whole:  # it came right behind the one that was answered
                self.enqueue_req(conn)
            else:
                self._receive(conn)
            return
        # A close with unread bytes would take the end of the answer from the client.
        conn.since = time.monotonic()
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self._wait(
            conn,
            EVENT_READ,
            self._on_farewell,
            lambda conn: time.monotonic() - conn.since > LINGER,
        )

    def _on_farewell(self, conn: Connection) -> None:
        try:
            if conn.sock.sock.recv(65536):
                return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self._close(conn)

    # --- Waiting

    def _wait(
        self,
        conn: Connection,
        event: int,
        on_event: Callable[[Connection], None],
        is_too_slow: Callable[[Connection], bool],
    ) -> None:
        self.waiting[conn] = is_too_slow
        self.poller.register(conn.sock, event, lambda sock: on_event(conn))

    def _forget(self, conn: Connection) -> None:
        if self.waiting.pop(conn, None):
            self.poller.unregister(conn.sock)

    def _close(self, conn: Connection) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Give up the connections that take too long; gunicorn calls it after every event."""
        now = time.monotonic()
        if now - self.swept < (1 if self.alive else 0.1):
            return
        self.swept = now
        for conn, is_too_slow in list(self.waiting.items()):
            if not is_too_slow(conn):
                continue
            if conn.sock.size is not None and not conn.sock.is_whole:
                self._refuse(conn, TOO_SLOW)
            else:
                self._close(conn)
