"""What leaves this machine leaves it in TLS, to a server whose certificate was verified."""

import io
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import psycopg
import pytest
import redis
from aiosmtpd.controller import Controller
from botocore.exceptions import SSLError as StoreSSLError
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from environs import Env
from storages.backends.s3 import S3Storage

from files import clamav, store
from hmis import faults, file_stores, mail_settings
from outbox import transport
from outbox.message import Mail
from records.network_errors import reason
from tests.server_process import free_port

HOST = "127.0.0.1"


@dataclass
class Authority:
    """An own certificate authority and the certificate of one server that it has signed."""

    ca: Path
    server: ssl.SSLContext


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("tls"), server_ends=timedelta(days=1))


@pytest.fixture
def expired(tmp_path, settings) -> Authority:
    """One that the portal trusts; the certificate of its server ended an hour ago."""
    made = new_authority(tmp_path, server_ends=-timedelta(hours=1))
    settings.TLS_CA_FILE = str(made.ca)
    return made


def new_authority(folder: Path, *, server_ends: timedelta) -> Authority:
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A city's own authority")])
    now = datetime.now(UTC)

    def builder(subject: x509.Name, public_key, ends: timedelta) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
        made = made.public_key(public_key).serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1))
        return made.not_valid_after(now + ends)

    root = builder(issuer, ca_key.public_key(), timedelta(days=1)).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
    signed = builder(subject, key.public_key(), server_ends).add_extension(names, critical=False)
    ca, chain = folder / "ca.pem", folder / "server.pem"
    ca.write_bytes(root.sign(ca_key, SHA256()).public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(private + signed.sign(ca_key, SHA256()).public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return Authority(ca, context)


@pytest.fixture(params=[True, False], ids=["trusted", "unknown"])
def trusted(request, authority, settings) -> bool:
    """Whether the portal knows the authority that signed the server's certificate."""
    settings.TLS_CA_FILE = str(authority.ca) if request.param else ""
    return request.param


# --- Mail


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.mails.append(envelope.content)
        return "250 kept"


@contextmanager
def mail_server(authority: Authority, scheme: str) -> Iterator[tuple[str, Mailbox]]:
    box, port = Mailbox(), free_port()
    if scheme == "smtps":
        server = Controller(box, hostname=HOST, port=port, ssl_context=authority.server)
    else:
        server = Controller(
            box, hostname=HOST, port=port, tls_context=authority.server, require_starttls=True
        )
    # It would look whether it runs by a connection in TLS, which is not verified here.
    server._trigger_server = lambda: socket.create_connection((HOST, port)).close()
    server.start()
    try:
        yield f"{scheme}://{HOST}:{port}", box
    finally:
        server.stop()


@pytest.mark.parametrize("scheme", ["smtps", "submission"])
def test_mail_goes_to_a_verified_server_alone(authority, trusted, settings, scheme, tmp_path):
    with mail_server(authority, scheme) as (url, box):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("EMAIL_URL", url)
            for name, value in mail_settings.chosen(Env(), demo=False, data_dir=tmp_path).items():
                setattr(settings, name, value)
        settings.EMAIL_TIMEOUT = 5
        mail = Mail("A subject", "text", "hmis@city.gov", ["a@city.gov"])
        opened = transport.open_transport()
        if trusted:
            assert opened.send(mail, lambda: True).startswith("250")
        else:
            with pytest.raises(transport.DownError):
                opened.send(mail, lambda: True)
        opened.close()
    assert len(box.mails) == trusted


def test_submission_without_starttls_sends_nothing(settings, tmp_path, monkeypatch):
    box, port = Mailbox(), free_port()
    server = Controller(box, hostname=HOST, port=port)
    server.start()
    monkeypatch.setenv("EMAIL_URL", f"submission://{HOST}:{port}")
    for name, value in mail_settings.chosen(Env(), demo=False, data_dir=tmp_path).items():
        setattr(settings, name, value)
    mail = Mail("A subject", "text", "hmis@city.gov", ["a@city.gov"])
    try:
        with pytest.raises(transport.DownError):
            transport.open_transport().send(mail, lambda: True)
    finally:
        server.stop()
    assert box.mails == []


@pytest.mark.parametrize(
    ("url", "port", "tls", "from_the_start"),
    [
        ("submission://mail.city.gov", 587, True, False),
        ("submission://mail.city.gov:2525", 2525, True, False),
        ("smtps://mail.city.gov", 465, False, True),
        ("smtp://mail.city.gov:587/?tls=True", 587, True, False),
        ("smtp://127.0.0.1", 25, False, False),
        ("", 25, False, False),
    ],
)
def test_address_of_the_mail_server_says_how(monkeypatch, tmp_path, url, port, tls, from_the_start):
    monkeypatch.setenv("EMAIL_URL", url)
    chosen = mail_settings.chosen(Env(), demo=False, data_dir=tmp_path)
    assert chosen["EMAIL_PORT"] == port
    assert (chosen["EMAIL_USE_TLS"], chosen["EMAIL_USE_SSL"]) == (tls, from_the_start)


# --- Everything else: a server that answers a few bytes in TLS


@contextmanager
def server(
    authority: Authority, answer: Callable[[ssl.SSLSocket], None], *, first: bytes = b""
) -> Iterator[tuple[int, list[bool]]]:
    """A port, and whether each handshake there came about.

    first: what it says before TLS begins, as PostgreSQL does.
    """
    verified: list[bool] = []
    with socket.create_server((HOST, 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    link, _ = listening.accept()
                except OSError:
                    return
                try:
                    if first:
                        link.recv(8)
                        link.sendall(first)
                    with authority.server.wrap_socket(link, server_side=True) as wrapped:
                        answer(wrapped)
                        verified.append(True)
                except OSError:
                    verified.append(False)
                finally:
                    link.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], verified
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_scanner_gets_files_when_it_is_verified_alone(authority, trusted, settings, tmp_path):
    def clamd(link: ssl.SSLSocket) -> None:
        received = b""
        while not received.endswith(b"\0\0\0\0"):
            received += link.recv(4096)
        link.sendall(b"stream: OK\0")

    path = tmp_path / "file"
    path.write_bytes(b"a client's paper")
    with server(authority, clamd) as (port, verified), path.open("rb") as stream:
        settings.CLAMAV_ADDRESS = f"tls:{HOST}:{port}"
        if trusted:
            assert clamav.is_clean(stream)
        else:
            with pytest.raises(clamav.NoAnswerError, match="certificate does not verify"):
                clamav.is_clean(stream)
    assert verified == [trusted]


def test_database_is_verified(authority, trusted):
    def hang_up(link: ssl.SSLSocket) -> None:
        link.recv(4096)

    root = str(authority.ca) if trusted else "/nonexistent/ca.pem"
    wanted = {"sslmode": "verify-full", "sslrootcert": root, "connect_timeout": 30}
    with (
        server(authority, hang_up, first=b"S") as (port, verified),
        pytest.raises(psycopg.OperationalError) as error,
    ):
        psycopg.connect(host=HOST, port=port, user="hmis_server", gssencmode="disable", **wanted)
    # The stand-in knows no more of PostgreSQL than the beginning.
    assert ("certificate" in str(error.value)) is not trusted
    assert (True in verified) is trusted


def test_database_that_cannot_do_tls_gets_no_password(authority):
    with (
        server(authority, lambda link: None, first=b"N") as (port, verified),
        pytest.raises(psycopg.OperationalError, match="does not support SSL"),
    ):
        psycopg.connect(
            host=HOST,
            port=port,
            user="hmis_server",
            sslmode="verify-full",
            sslrootcert=str(authority.ca),
            gssencmode="disable",
        )
    assert verified == [False]


def store_at(port: int, ca_file: str) -> S3Storage:
    chosen = file_stores.s3(
        "files",
        ca_file=ca_file,
        endpoint_url=f"https://{HOST}:{port}",
        region_name="us-east-1",
        access_key="key",
        secret_key="secret",
        addressing_style="path",
    )
    return S3Storage(**chosen["OPTIONS"])


def test_file_store_is_verified(authority, trusted, settings):
    def s3(link: ssl.SSLSocket) -> None:
        link.recv(65536)
        link.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with server(authority, s3) as (port, verified):
        there = store_at(port, settings.TLS_CA_FILE)
        if trusted:
            assert not there.exists("a-key")
        else:
            with pytest.raises(StoreSSLError):
                there.exists("a-key")
    assert (True in verified) is trusted


def test_redis_is_verified(authority, trusted, settings):
    def pong(link: ssl.SSLSocket) -> None:
        while link.recv(4096):
            link.sendall(b"+PONG\r\n")

    options = {"ssl_ca_certs": settings.TLS_CA_FILE} if trusted else {}
    with server(authority, pong) as (port, verified):
        url = f"rediss://{HOST}:{port}/0"
        client = redis.Redis.from_url(url, protocol=2, socket_timeout=30, **options)
        if trusted:
            assert client.execute_command("PING")
        else:
            with pytest.raises(redis.exceptions.ConnectionError, match="CERTIFICATE_VERIFY"):
                client.execute_command("PING")
        client.close()
    assert (True in verified) is trusted


# --- A certificate that has ended is named, whoever met it


def test_mail_says_that_the_certificate_has_expired(expired, settings, tmp_path, monkeypatch):
    with mail_server(expired, "smtps") as (url, _):
        monkeypatch.setenv("EMAIL_URL", url)
        for name, value in mail_settings.chosen(Env(), demo=False, data_dir=tmp_path).items():
            setattr(settings, name, value)
        mail = Mail("A subject", "text", "hmis@city.gov", ["a@city.gov"])
        with pytest.raises(transport.DownError, match="certificate has expired"):
            transport.open_transport().send(mail, lambda: True)


def test_scanner_says_that_the_certificate_has_expired(expired, settings):
    with server(expired, lambda link: None) as (port, _):
        settings.CLAMAV_ADDRESS = f"tls:{HOST}:{port}"
        with pytest.raises(clamav.NoAnswerError, match="certificate has expired"):
            clamav.is_clean(io.BytesIO(b"a client's paper"))


def test_file_store_says_that_the_certificate_has_expired(expired, settings, caplog):
    with server(expired, lambda link: None) as (port, _):
        there = store_at(port, settings.TLS_CA_FILE)
        with pytest.raises(store.StoreError):
            store.ask(lambda: there.exists("a-key"), "a-key")
    assert "certificate has expired at a-key" in caplog.text


def test_redis_says_that_the_certificate_has_expired(expired, settings):
    with server(expired, lambda link: None) as (port, _):
        url = f"rediss://{HOST}:{port}/0"
        client = redis.Redis.from_url(url, socket_timeout=30, ssl_ca_certs=settings.TLS_CA_FILE)
        with pytest.raises(redis.exceptions.ConnectionError) as error:
            client.ping()
    assert "certificate has expired" in faults.cause_of(error.value)


def test_reason_repeats_no_message():
    assert reason(ValueError("https://user:secret@host")) == "ValueError"
    assert reason(OSError(28, "No space left on device", "/home/jane")) == (
        "OSError (No space left on device)"
    )
