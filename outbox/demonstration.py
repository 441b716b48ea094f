"""The demonstration's mail: kept in files, read in the browser, sent to nobody."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = "outbox.demonstration.FileBackend"
NAME = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{32}", re.ASCII)
LINK = re.compile(r"(https?://[^\s<>\"]+)")
STAMP = "%Y%m%dT%H%M%S%fZ"
SHOWN = 100


class FileBackend(BaseEmailBackend):
    """Writes each mail to a file of its own in `DEMONSTRATION_MAIL_DIR`."""

    def send_messages(self, email_messages) -> int:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC).strftime(STAMP)}-{uuid4().hex}"
            unfinished = folder / f"{name}.part"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class KeptMail:
    """A mail that the demonstration has sent; `name` is its place in the list's addresses."""

    name: str
    at: datetime
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def pieces(self) -> list[dict[str, str]]:
        """The plain text, cut at its links, and where each of them leads."""
        part = self.message.get_body(("plain",))
        parts = LINK.split(part.get_content().strip() if part else "")
        return [
            {"text": text, "url": _address(text) if n % 2 else ""} for n, text in enumerate(parts)
        ]


def is_used() -> bool:
    """Whether this is a demonstration, and its mail is kept here."""
    return settings.DEMO and settings.EMAIL_BACKEND == BACKEND


def kept_mails() -> list[KeptMail]:
    """The latest mails, the newest first."""
    names = sorted((path.stem for path in _folder().glob("*.eml")), reverse=True)
    found = (kept_mail(name) for name in names[:SHOWN])
    return [mail for mail in found if mail]


def kept_mail(name: str) -> KeptMail | None:
    """The mail of that name; None where there is none."""
    if not NAME.fullmatch(name):
        return None
    try:
        content = (_folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    at = datetime.strptime(name.partition("-")[0], STAMP).replace(tzinfo=UTC)
    return KeptMail(name, at, message_from_bytes(content, policy=default))


def _address(link: str) -> str:
    """A link to the portal leads to the server that shows the mail, whatever its port is."""
    parts, own = urlsplit(link), urlsplit(settings.SITE_URL)
    if own.netloc and parts.netloc == own.netloc:
        return parts._replace(scheme="", netloc="").geturl()
    return link


def _folder() -> Path:
    return Path(settings.DEMONSTRATION_MAIL_DIR)
