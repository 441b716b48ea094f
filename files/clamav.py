"""Asks a ClamAV daemon, where CLAMAV_ADDRESS names one, whether a file holds a virus."""

import socket
import ssl
import struct
import time
from typing import IO

from django.conf import settings

from records.network_errors import reason

BLOCK = 64 * 1024
SECONDS = 4  # for the whole conversation
SECONDS_UNHURRIED = 60  # the same, where no user waits for it
LONGEST_ANSWER = 4096
# What clamd's AlertExceedsMax makes of a file of which it leaves a part out: no virus was found.
NOT_SCANNED = "Heuristics.Limits.Exceeded"


class NoAnswerError(Exception):
    """The daemon is down, slow or does not want the file; its text says which, for the log."""


def is_used() -> bool:
    return bool(settings.CLAMAV_ADDRESS)


def is_clean(stream: IO[bytes], *, seconds: float = SECONDS) -> bool:
    """Send the stream by clamd's INSTREAM and return whether it found no virus.

    Raises:
        NoAnswerError: where there is no verdict.
    """
    end = time.monotonic() + seconds
    stream.seek(0)
    try:
        with _connect(seconds) as connection:
            try:
                _send(connection, stream, end)
            except ConnectionError as error:  # of a file that is too large it says so, and hangs up
                raise NoAnswerError(_answer(connection, end)[:80] or reason(error)) from error
            answer = _answer(connection, end)
    except OSError as error:
        raise NoAnswerError(reason(error)) from error
    finally:
        stream.seek(0)
    found = answer.partition(": ")[2]
    if (found != "OK" and not found.endswith(" FOUND")) or found.startswith(NOT_SCANNED):
        raise NoAnswerError(answer[:80])
    return found == "OK"


def answers() -> bool:
    """Whether the daemon is there: it may answer, and have no verdict for one file."""
    end = time.monotonic() + SECONDS
    try:
        with _connect(SECONDS) as connection:
            connection.sendall(b"zPING\0")
            return _answer(connection, end) == "PONG"
    except OSError:
        return False


def _connect(seconds: float) -> socket.socket:
    address = settings.CLAMAV_ADDRESS
    if not address.startswith("unix:"):
        host, _, port = address.removeprefix("tls:").rpartition(":")
        host = host.strip("[]")
        connection = socket.create_connection((host, int(port)), timeout=seconds)
    else:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
    try:
        if address.startswith("unix:"):
            connection.connect(address.removeprefix("unix:"))
        if not address.startswith("tls:"):
            return connection
        context = ssl.create_default_context(cafile=settings.TLS_CA_FILE or None)
        return context.wrap_socket(connection, server_hostname=host)
    except OSError:
        connection.close()
        raise


def _send(connection: socket.socket, stream: IO[bytes], end: float) -> None:
    connection.sendall(b"zINSTREAM\0")
    while block := stream.read(BLOCK):
        _keep_time(connection, end)
        connection.sendall(struct.pack("!L", len(block)) + block)
    connection.sendall(struct.pack("!L", 0))


def _keep_time(connection: socket.socket, end: float) -> None:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)


def _answer(connection: socket.socket, end: float) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        _keep_time(connection, end)
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("ascii", "replace")
