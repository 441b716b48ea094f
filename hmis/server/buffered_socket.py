"""A client's connection whose bytes wait in a buffer, so that no thread waits for the network."""

import contextlib
import select
import socket
import time
from tempfile import SpooledTemporaryFile

from django.conf import settings

IN_MEMORY = 64 * 1024  # bytes of one request or answer; what is longer goes to a temporary file
HEAD_LIMIT = 64 * 1024  # bytes of a request's first line and headers
BODY_SLACK = 4  # a file somewhat too large still gets the form that says so
UNSENT_LIMIT = 64 * 1024 * 1024  # bytes of an answer that wait for a slow client
SECONDS_PER_WRITE = 60
BLOCK = 64 * 1024  # bytes


class RefusedError(Exception):
    """A request that the application never sees; answered with this status and sentence."""

    def __init__(self, status: str, sentence: str) -> None:
        super().__init__(status)
        self.status, self.sentence = status, sentence

    def answer(self) -> bytes:
        page = (
            f'<!doctype html><html lang="en"><title>{self.status}</title>'
            f"<h1>{self.status}</h1><p>{self.sentence}</p></html>"
        ).encode()
        head = (
            f"HTTP/1.1 {self.status}\r\nConnection: close\r\nCache-Control: no-store\r\n"
            f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n"
        )
        return head.encode() + page


class BufferedSocket:
    """Stands for the client's socket where gunicorn reads a request and writes an answer.

    The event loop calls `receive` until a request `is_whole`, and `flush` until an answer is sent.
    In between one thread of the application has it: `recv` gives only what has come already, and
    `sendall` keeps what the client does not take at once. Never both at a time, so without a lock.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.sock.setblocking(False)
        self.ahead = b""  # begins the next request
        self.unsent = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self.unsent_bytes = self.taken_bytes = 0
        self.begin()

    # --- The event loop

    def begin(self) -> None:
        """Wait for a new request."""
        self.head, self.size, self.arrived = b"", None, 0
        self.received: SpooledTemporaryFile[bytes] | None = None

    @property
    def is_idle(self) -> bool:
        return not self.head and not self.received

    @property
    def is_whole(self) -> bool:
        return self.size is not None and self.arrived >= self.size

    def receive(self) -> bool:
        """Take what has come; False where the client has closed its side. Raises RefusedError."""
        try:
            data = self.sock.recv(BLOCK)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError:
            return False
        if data:
            self.take(data)
        return bool(data)

    def take(self, data: bytes) -> None:
        """Add bytes to the request. Raises RefusedError."""
        if self.received is None:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0 and len(self.head) <= HEAD_LIMIT:
                return
            if end < 0 or end > HEAD_LIMIT:
                raise RefusedError("431 Headers Too Large", "The headers are too long.")
            self._begin_body(self.head[:end])
            data, self.head = self.head, b""
        rest = self.size - self.arrived
        self.received.write(data[:rest])
        self.arrived += len(data[:rest])
        self.ahead = data[rest:]
        if self.is_whole:
            self.received.seek(0)

    def _begin_body(self, head: bytes) -> None:
        length, expects = _framing(head)
        limit = BODY_SLACK * settings.MAX_UPLOAD_BYTES
        if length > limit:
            raise RefusedError(
                "413 Content Too Large",
                f"This is larger than {limit // 1024**2} MB. Go back and send less.",
            )
        self.size = len(head) + 4 + length
        self.received = SpooledTemporaryFile(  # noqa: SIM115
            IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR
        )
        if expects and length:
            self.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def flush(self) -> bool:
        """Send what the client takes now; True when nothing is left. Raises OSError."""
        while self.unsent_bytes:
            self.unsent.seek(self.taken_bytes)
            block = self.unsent.read(BLOCK)
            try:
                sent = self.sock.send(block)
            except (BlockingIOError, InterruptedError):
                return False
            self.taken_bytes += sent
            self.unsent_bytes -= sent
        if self.taken_bytes:
            self.taken_bytes = 0
            self.unsent.seek(0)
            self.unsent.truncate()
        return True

    def end_request(self) -> None:
        """Forget the request that was answered, and begin with what has come of the next."""
        if self.received:
            self.received.close()
        self.begin()
        if ahead := self.ahead:
            self.ahead = b""
            self.take(ahead)

    # --- What gunicorn calls, in the thread that has the request

    def recv(self, size: int) -> bytes:
        return self.received.read(size) if self.received else b""

    def sendall(self, data: bytes) -> None:
        """Send, or keep for later; wait only where too much waits already. Raises OSError."""
        view = memoryview(data)
        if self.flush():
            with contextlib.suppress(BlockingIOError, InterruptedError):
                view = view[self.sock.send(view) :]
        if not view:
            return
        self.unsent.seek(0, 2)
        self.unsent.write(view)
        self.unsent_bytes += len(view)
        deadline = time.monotonic() + SECONDS_PER_WRITE
        while self.unsent_bytes > UNSENT_LIMIT:
            if time.monotonic() > deadline:
                raise ConnectionResetError("the client takes nothing")
            select.select([], [self.sock], [], 1)
            self.flush()

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def setblocking(self, flag: bool) -> None:
        """It never blocks."""

    settimeout = setblocking

    def gettimeout(self) -> float:
        return 0.0

    @property
    def is_closed(self) -> bool:
        return self.sock.fileno() < 0

    def fileno(self) -> int:
        return self.sock.fileno()

    def shutdown(self, how: int) -> None:
        self.sock.shutdown(how)

    def close(self) -> None:
        self.sock.close()
        self.unsent.close()
        if self.received:
            self.received.close()


def _framing(head: bytes) -> tuple[int, bool]:
    """The length of the body in bytes, and whether the client waits for "100 Continue" first.

    It says only when a request is handed over: gunicorn reads the same bytes by its own rules.
    """
    lengths, expects = set(), False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        name, value = name.strip().lower(), value.strip().lower()
        if name == b"content-length":
            lengths.add(value)
        elif name == b"transfer-encoding":
            # No browser sends one, and Django reads no body without a length.
            raise RefusedError("411 Length Required", "Send the body with its Content-Length.")
        elif name == b"expect":
            expects = value == b"100-continue"
    if len(lengths) > 1 or not all(value.isdigit() and len(value) < 16 for value in lengths):
        raise RefusedError("400 Bad Request", "The length of this request cannot be read.")
    return int(lengths.pop() if lengths else 0), expects
