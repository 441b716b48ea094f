"""Seals, and an authority of time stamps, that are made for a test."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from asn1crypto import tsp
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

NOW = datetime.now(tz=UTC)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Pair:
    """A key and its certificate, in PEM."""

    key: str
    certificate: str


def pair(
    *,
    key=None,
    begins: datetime = NOW - YEAR,
    ends: datetime = NOW + YEAR,
    passphrase: bytes = b"",
    signs: bool = True,
    stamps: bool = False,
) -> Pair:
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A seal of the tests")])
    usage = x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(usage, critical=True)
    )
    if stamps:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(stamping, critical=True)
    certificate = builder.sign(key, SHA256())
    hidden = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return Pair(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden).decode(),
        certificate.public_bytes(Encoding.PEM).decode(),
    )


def use(settings, seal: Pair, *, former: tuple[Pair, ...] = ()) -> None:
    settings.RELEASE_SEAL_KEY = seal.key
    settings.RELEASE_SEAL_CERTIFICATE = seal.certificate
    settings.RELEASE_SEAL_TRUSTED = {str(n): one.certificate for n, one in enumerate(former)}


@contextmanager
def authority(settings, *, at: datetime | None = None, nonce: int | None = None) -> Iterator[str]:
    """An authority of time stamps that the settings name; gives its certificate in PEM.

    nonce: in the place of the one that was asked with, as a stale answer has it.
    """
    key = rsa.generate_private_key(65537, 2048)
    own = pair(key=key, stamps=True, begins=NOW - 10 * YEAR)
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    loaded = x509.load_pem_x509_certificate(own.certificate.encode())
    stamper = DummyTimeStamper(
        Certificate.load(loaded.public_bytes(Encoding.DER)),
        PrivateKeyInfo.load(plain),
        fixed_dt=at,
    )

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if nonce is not None:
                asked["nonce"] = nonce
            answer = asyncio.run(stamper.async_request_tsa_response(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.RELEASE_TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/"
    settings.RELEASE_TIMESTAMP_CERTIFICATES = own.certificate
    yield own.certificate
    server.shutdown()
    server.server_close()


@contextmanager
def server_that_says(settings, parts: Sequence[bytes], *, every: float = 0) -> Iterator[None]:
    """In the place of an authority: sends the parts, `every` seconds one, whatever it is asked."""

    class Say(StreamRequestHandler):
        def handle(self):
            self.connection.recv(65536)
            with suppress(OSError):
                for part in parts:
                    self.connection.sendall(part)
                    time.sleep(every)

    with ThreadingTCPServer(("127.0.0.1", 0), Say) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        settings.RELEASE_TIMESTAMP_URL = f"http://127.0.0.1:{server.server_address[1]}/"
        settings.RELEASE_TIMESTAMP_CERTIFICATES = pair(stamps=True).certificate
        yield
        server.shutdown()
