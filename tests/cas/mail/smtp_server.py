"""A real SMTP server in this process, with the bad habits of real ones."""

import asyncio
import logging
import re
from collections import Counter
from email import message_from_bytes
from email.policy import default
from functools import cached_property

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.server_process import free_port

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # its log is none of ours
REFERENCE = re.compile(r"/notifications/([0-9a-f-]{36})/")


class Mail:
    """One mail that the server has taken; it is read when somebody asks, not while others wait."""

    def __init__(self, envelope) -> None:
        self.raw = envelope.content
        self.to = envelope.rcpt_tos[0]

    @cached_property
    def message(self):
        return message_from_bytes(self.raw, policy=default)

    @property
    def id(self) -> str:
        return self.message["Message-ID"]

    @property
    def subject(self) -> str:
        return self.message["Subject"]

    @cached_property
    def text(self) -> str:
        return self.message.get_body(("plain",)).get_content()

    @property
    def public_ids(self) -> list[str]:
        return REFERENCE.findall(self.text)


class SMTPServer:
    """Takes mail into `taken`; what it does otherwise is set by its attributes.

    Attributes:
        rcpt: what it answers to a recipient; a function of the address, or None for 250.
        hang: at which command it says nothing any more: "CONNECT", "RCPT", "DATA" (after the dot).
        drop: "RCPT", "BODY" (within the mail), "DOT" (after the dot, mail not kept),
            "KEPT" (after the dot, mail kept), "AFTER" (250, then the connection is gone).
        times: how often it misbehaves before it is well again; None for always.
        at: is called with each stage of a mail: "RCPT", "DATA" (all is there), "ANSWERED".
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[Mail] = []
        self.connections = 0
        self.rcpt = lambda address: None
        self.mail_from = ""
        self.dot = ""
        self.hang = self.drop = ""
        self.times: int | None = None
        self.at = lambda stage: None
        self.controller: Controller | None = None

    def open(self) -> "SMTPServer":
        office = self

        class Server(SMTP):
            def connection_made(self, transport):
                office.connections += 1
                super().connection_made(transport)

            async def smtp_DATA(self, arg):  # noqa: N802 - aiosmtpd's own name
                if office.drop == "BODY" and office._misbehaves():
                    await self.push("354 go on")
                    self.transport.close()
                    return
                await super().smtp_DATA(arg)

        class Quick(Controller):
            def factory(self):
                return Server(self.handler, **self.SMTP_kwargs)

        self.controller = Quick(self, hostname="127.0.0.1", port=self.port, ready_timeout=60)
        self.controller.start()
        self.connections = 0  # it has called itself
        return self

    def close(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    def behave(self) -> None:
        self.rcpt = lambda address: None
        self.mail_from = self.dot = self.hang = self.drop = ""

    @property
    def notified(self) -> Counter[str]:
        """How often each notification arrived, by its public id."""
        return Counter(public_id for mail in list(self.taken) for public_id in mail.public_ids)

    def _misbehaves(self) -> bool:
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        if self.hang == "CONNECT" and self._misbehaves():
            await asyncio.sleep(60)
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.mail_from and self._misbehaves():
            return self.mail_from
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.at("RCPT")
        if self.hang == "RCPT" and self._misbehaves():
            await asyncio.sleep(60)
        if self.drop == "RCPT" and self._misbehaves():
            server.transport.abort()
            return "421 gone"
        answer = self.rcpt(address)
        if answer and self._misbehaves():
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's own name
        if self.hang == "DATA" and self._misbehaves():
            await asyncio.sleep(60)
        if self.drop == "DOT" and self._misbehaves():
            server.transport.abort()
            return "250 lost"
        if self.dot and self._misbehaves():
            return self.dot
        self.taken.append(Mail(envelope))
        self.at("DATA")
        if self.drop == "KEPT" and self._misbehaves():
            server.transport.abort()
        if self.drop == "AFTER" and self._misbehaves():
            await server.push("250 2.0.0 taken")
            server.transport.close()
        asyncio.get_running_loop().call_soon(self.at, "ANSWERED")
        return "250 2.0.0 taken"
