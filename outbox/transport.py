"""Handing a mail to a server in steps, so that it is known at each failure who has the mail.

SMTP gives a mail over with the dot that ends it (RFC 5321 4.2.5): before the dot the server has
nothing, after its answer both know. Only in between it is uncertain.
"""

import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from outbox.message import Mail
from records.network_errors import reason

CRLF = b"\r\n"
SECONDS_TO_LISTEN = 0.0

# Of the sender, who is the same for all mails, and of the recipients of some.
address_of = lru_cache(1000)(sanitize_address)


class TransportError(Exception):
    """A mail was not taken; `answer` is the server's code without its words, or why it has none."""

    def __init__(self, answer: str = "") -> None:
        super().__init__(answer)
        self.answer = answer


class DownError(TransportError):
    """There is no server, or none that takes mail from us: no fault of this mail."""


class InterruptedBeforeError(TransportError):
    """The connection broke before the dot: the server does not have the mail."""


class InterruptedAfterError(TransportError):
    """The connection broke after the dot and before the answer: it may have it."""


class NotNowError(TransportError):
    """The server asks to try this mail later."""


class RefusedError(TransportError):
    """The server will never take this mail."""


class NotOursError(TransportError):
    """Before the dot it turned out that another run takes care of this mail."""


def open_transport(timeout: float | None = None) -> "SmtpTransport | PlainTransport":
    """The one for the project's EMAIL_URL; `timeout` are seconds, by default EMAIL_TIMEOUT."""
    backend = get_connection()
    if not isinstance(backend, EmailBackend):
        return PlainTransport(backend)
    if timeout is not None:
        backend.timeout = timeout
    # Verified either way; Django takes the system's certificates.
    if settings.TLS_CA_FILE:
        backend.ssl_context = ssl.create_default_context(cafile=settings.TLS_CA_FILE)
    return SmtpTransport(backend)


class PlainTransport:
    """For what is no server: the console, the memory of a test."""

    def __init__(self, backend) -> None:
        self.backend = backend

    def send(
        self,
        message: Mail,
        before_end_of_data: Callable[[], bool],
        while_waiting: Callable[[], None] | None = None,
    ) -> str:
        if not before_end_of_data():
            raise NotOursError
        try:
            self.backend.send_messages([message])
        except OSError as error:
            raise InterruptedAfterError from error
        return ""

    def close(self) -> None:
        self.backend.close()


class SmtpTransport:
    """One connection for many mails, opened by Django's backend with its TLS and its log-in."""

    def __init__(self, backend: EmailBackend) -> None:
        self.backend: Any = backend  # the stubs do not know all that it has
        self.is_fresh = True  # no mail has gone over this connection yet

    def send(
        self,
        message: Mail,
        before_end_of_data: Callable[[], bool],
        while_waiting: Callable[[], None] | None = None,
    ) -> str:
        """Hand one mail over and return the server's answer.

        Args:
            before_end_of_data: called when only the dot is left to send; False stops it there.
            while_waiting: called when the dot is sent, while the server does its part.

        Raises:
            TransportError: of the kind that tells who has the mail.
        """
        while True:
            self._open()
            smtp, was_fresh = self.backend.connection, self.is_fresh
            self.is_fresh = False
            try:
                return _Transfer(smtp, message).run(before_end_of_data, while_waiting)
            except (NotNowError, RefusedError):
                raise  # the connection is ready for the next mail
            except _HungUpError as error:
                # Servers end a connection after some mails or some idle time: try a fresh one.
                self._drop()
                if was_fresh:
                    raise InterruptedBeforeError(error.answer) from error
            except BaseException:
                self._drop()  # whatever it was, no dot follows
                raise

    def _open(self) -> None:
        try:
            if self.backend.open():
                self.is_fresh = True
                # The dot is a packet of its own, which would wait for the answer to the one before.
                sock = self.backend.connection.sock
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise DownError(code_of(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise DownError(f"no answer, {reason(error)}") from error

    def _drop(self) -> None:
        """Without a word: in the middle of a mail, a QUIT would be part of it."""
        for connection in (self.backend.connection, self.backend._partial_connection):
            if connection:
                connection.close()
        self.backend.connection = self.backend._partial_connection = None

    def close(self) -> None:
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException):
            self._drop()


class _HungUpError(TransportError):
    """The server ended the connection before the mail was begun."""


class _Transfer:
    """One mail over an open connection."""

    def __init__(self, smtp: smtplib.SMTP, message: Mail) -> None:
        self.smtp: Any = smtp  # with a socket, unlike in the stubs
        encoding = message.encoding or settings.DEFAULT_CHARSET
        self.sender = address_of(message.from_email, encoding)
        try:
            (self.recipient,) = (address_of(to, encoding) for to in message.recipients())
            self.recipient.encode("ascii")
        except ValueError as error:
            raise RefusedError("no address") from error
        self.body = message.body_of_smtp

    def run(
        self, before_end_of_data: Callable[[], bool], while_waiting: Callable[[], None] | None
    ) -> str:
        self._envelope()
        self._write_all_but_the_dot()
        if not before_end_of_data():
            raise NotOursError
        return self._dot(while_waiting)

    def _envelope(self) -> None:
        try:
            self.smtp.ehlo_or_helo_if_needed()
            code, words = self.smtp.mail(self.sender)
        except smtplib.SMTPHeloError as error:
            raise DownError(code_of(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise _HungUpError from error
        if code in {-1, 421}:
            raise _HungUpError(code_of(code, words))
        if code != 250:  # it takes no mail from us, whoever it is for
            raise DownError(code_of(code, words))
        self._expect(*self._say(lambda: self.smtp.rcpt(self.recipient)), 250, 251)
        self._expect(*self._say(lambda: self.smtp.docmd("DATA")), 354)

    def _write_all_but_the_dot(self) -> None:
        body = re.sub(rb"(?m)^\.", b"..", self.body)
        try:
            self.smtp.send(body if body.endswith(CRLF) else body + CRLF)
        except (OSError, smtplib.SMTPException) as error:
            raise InterruptedBeforeError from error
        if _has_said_something(self.smtp.sock):
            raise InterruptedBeforeError  # it hung up, or gives up on us

    def _dot(self, while_waiting: Callable[[], None] | None) -> str:
        try:
            self.smtp.send(b"." + CRLF)
        except (OSError, smtplib.SMTPException) as error:
            raise InterruptedBeforeError from error  # these three bytes go at once or not at all
        if while_waiting:
            while_waiting()
        try:
            self.smtp.sock.settimeout(settings.MAIL_ANSWER_SECONDS)
            code, words = self.smtp.getreply()
            self.smtp.sock.settimeout(self.smtp.timeout)
        except (OSError, smtplib.SMTPException) as error:
            raise InterruptedAfterError from error
        if code == -1:
            raise InterruptedAfterError
        self._expect(code, words, 250)
        return code_of(code, words)

    def _say(self, command: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
        try:
            return command()
        except (OSError, smtplib.SMTPException) as error:
            raise InterruptedBeforeError from error

    def _expect(self, code: int, words: bytes, *good: int) -> None:
        if code in good:
            return
        answer = code_of(code, words)
        if code in {-1, 421}:
            raise InterruptedBeforeError(answer)
        try:
            self.smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.smtp.close()
        if code >= 500 and not _may_be_fixed(answer):
            raise RefusedError(answer)
        raise NotNowError(answer)


def code_of(code: int, words: bytes | str) -> str:
    """The reply's codes, such as "550 5.1.1"; its words may quote the address."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    enhanced = re.match(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)", text)
    return f"{code} {enhanced[0]}" if enhanced else str(code)


def _may_be_fixed(answer: str) -> bool:
    """A full mailbox (5.2.2), or a server that does not let us (5.7): somebody will see to it."""
    code, _, enhanced = answer.partition(" ")
    return code in {"530", "535"} or enhanced == "5.2.2" or enhanced.startswith("5.7.")


def _has_said_something(sock: socket.socket) -> bool:
    """Whether the server spoke out of turn. TLS has traffic of its own, which says nothing."""
    if isinstance(sock, ssl.SSLSocket):
        return False
    ready, _, _ = select.select([sock], [], [], SECONDS_TO_LISTEN)
    return bool(ready)
