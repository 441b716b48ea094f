"""Asks a ClamAV daemon, where CLAMAV_ADDRESS names one, whether a file holds a virus."""

import socket
import ssl
import struct
import time
from dataclasses import dataclass
from typing import IO

from django.conf import settings

BLOCK = 64 * 1024
SECONDS = 4  # for the whole conversation
LONGEST_ANSWER = 4096


class NoAnswerError(Exception):
    """The daemon is down, slow or does not want the file: nothing is known about it."""


@dataclass(frozen=True)
class Verdict:
    virus: str = ""

    @property
    def is_clean(self) -> bool:
        return not self.virus


def is_used() -> bool:
    return bool(settings.CLAMAV_ADDRESS)


def scan(stream: IO[bytes], *, seconds: float = SECONDS) -> Verdict:
    """Send the stream by clamd's INSTREAM and return what it found.

    Raises:
        NoAnswerError: where there is no verdict.
    """
    end = time.monotonic() + seconds
    stream.seek(0)
    try:
        with _connect(seconds) as connection:
            connection.sendall(b"zINSTREAM\0")
            while block := stream.read(BLOCK):
                _keep_time(connection, end)
                connection.sendall(struct.pack("!L", len(block)) + block)
            connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection, end)
    except OSError as error:
        raise NoAnswerError(type(error).__name__) from error
    finally:
        stream.seek(0)
    return _verdict(answer)


def _connect(seconds: float) -> socket.socket:
    address = settings.CLAMAV_ADDRESS
    if not address.startswith("unix:"):
        host, _, port = address.removeprefix("tls:").rpartition(":")
        host = host.strip("[]")
        connection = socket.create_connection((host, int(port)), timeout=seconds)
        return _in_tls(connection, host) if address.startswith("tls:") else connection
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(seconds)
    try:
        connection.connect(address.removeprefix("unix:"))
    except OSError:
        connection.close()
        raise
    return connection


def _in_tls(connection: socket.socket, host: str) -> socket.socket:
    try:
        context = ssl.create_default_context(cafile=settings.TLS_CA_FILE or None)
        return context.wrap_socket(connection, server_hostname=host)
    except OSError:
        connection.close()
        raise


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


def _verdict(answer: str) -> Verdict:
    found = answer.partition(": ")[2]
    if found == "OK":
        return Verdict()
    if found.endswith(" FOUND"):
        return Verdict(virus=found.removesuffix(" FOUND"))
    raise NoAnswerError(answer[:80])
