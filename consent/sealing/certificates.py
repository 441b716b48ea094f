"""The key and the certificates of a seal, in PEM; knows no Django, as the settings read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

Key = RSAPrivateKey | EllipticCurvePrivateKey
SHORTEST_RSA = 3072  # bits
CURVES = {"secp256r1", "secp384r1", "secp521r1"}


class UnfitError(ValueError):
    """What is wrong, to be read after the name of the setting; it repeats nothing of the file."""


@dataclass(frozen=True)
class Seal:
    """chain: certificates of authorities up to the one that issued the seal's, if any."""

    key: Key
    certificate: x509.Certificate
    chain: Sequence[x509.Certificate] = ()

    def begins_after(self, at: datetime) -> bool:
        return self.certificate.not_valid_before_utc > at

    def ended_before(self, at: datetime) -> bool:
        return self.certificate.not_valid_after_utc < at


def seal_of(key: str, certificate: str) -> Seal:
    """The seal of a key and its certificate; certificates of authorities may follow that one.

    Raises:
        UnfitError: if they do not belong together, or may not sign.
    """
    private = private_key(key)
    first, *chain = certificates(certificate)
    if first.public_key() != private.public_key():
        raise UnfitError("does not belong to RELEASE_SEAL_CERTIFICATE. Name the key of that one.")
    try:
        usage = first.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage and not (usage.digital_signature or usage.content_commitment):
        raise UnfitError("has a certificate that may not sign. Make one with digitalSignature.")
    return Seal(private, first, chain)


def private_key(pem: str) -> Key:
    """Raises UnfitError for what is no key, or one that is too weak or asks for a passphrase."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise UnfitError(
            "asks for a passphrase, which nobody types when the server starts. "
            "Write it without one: openssl pkey -in KEY -out NEW"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise UnfitError("is no private key in PEM.") from None
    if isinstance(key, RSAPrivateKey) and key.key_size >= SHORTEST_RSA:
        return key
    if isinstance(key, EllipticCurvePrivateKey) and key.curve.name in CURVES:
        return key
    raise UnfitError(f"has to be ECDSA over P-256 or more, or RSA of {SHORTEST_RSA} bits or more.")


def certificates(pem: str) -> list[x509.Certificate]:
    """The certificates of a file, one or more. Raises UnfitError where there is none."""
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise UnfitError("is no certificate in PEM.") from None
