"""How a mail becomes the bytes that `outbox.transport` hands over."""

import secrets
from email.generator import BytesGenerator
from email.policy import Compat32
from functools import cached_property
from io import BytesIO

from django.core.mail import EmailMultiAlternatives

LONGEST_LINE = 78  # RFC 5322 2.1.1


class FoldsLongLines(Compat32):
    """Leaves a header that fits into its line as it is: folding takes its time, and few need it."""

    def fold_binary(self, name: str, value: str) -> bytes:
        line = f"{name}: {value}"
        if len(line) > LONGEST_LINE or not (line.isascii() and line.isprintable()):
            return super().fold_binary(name, value)
        return f"{line}{self.linesep}".encode()


POLICY = FoldsLongLines(linesep="\r\n")


class Mail(EmailMultiAlternatives):
    """A mail whose bytes are made once, before its turn where there is time."""

    @cached_property
    def body_of_smtp(self) -> bytes:
        message, written = self.message(), BytesIO()
        if message.is_multipart():
            # Where it has none, each mail has a regular expression of its own compiled for one.
            message.set_boundary(secrets.token_hex(15))
        BytesGenerator(written, mangle_from_=False, policy=POLICY).flatten(message)
        return written.getvalue()
