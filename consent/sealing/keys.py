"""The seal that this installation seals with, and the certificates that its checks trust."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.utils import timezone

from consent.sealing.certificates import Seal, certificates, seal_of

ON_PAPER = "Nothing was saved. Until then, have the release signed on paper and upload it."
NO_SEAL = (
    "Releases cannot be signed here yet: this installation has no seal for them. An administrator "
    "has to make one and name it in RELEASE_SEAL_KEY_FILE and RELEASE_SEAL_CERTIFICATE_FILE "
    f"(docs/consent-seal.md). {ON_PAPER}"
)
ENDED = (
    "Releases cannot be signed here: the certificate of the seal ended on {day}. An administrator "
    f"has to make the next one (docs/security/keys.md, drill D). {ON_PAPER}"
)
NOT_BEGUN = (
    "Releases cannot be signed here yet: the certificate of the seal begins on {day}. An "
    f"administrator has to look at it, and at the clock of this machine. {ON_PAPER}"
)


class NoSealError(Exception):
    """Nothing can be sealed; `sentence` says to a user what has to be done."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def own_seal() -> Seal:
    """The seal to be used now.

    Raises:
        NoSealError: where there is none, or its certificate does not hold.
    """
    if not settings.RELEASE_SEAL_KEY:
        raise NoSealError(NO_SEAL)
    seal = _seal(settings.RELEASE_SEAL_KEY, settings.RELEASE_SEAL_CERTIFICATE)
    now = timezone.now()
    if seal.ended_before(now):
        raise NoSealError(ENDED.format(day=_day(seal.certificate.not_valid_after_utc)))
    if seal.begins_after(now):
        raise NoSealError(NOT_BEGUN.format(day=_day(seal.certificate.not_valid_before_utc)))
    return seal


def refusal() -> str:
    """Why nothing can be sealed now, for the page that would ask for a signature; else empty."""
    try:
        own_seal()
    except NoSealError as error:
        return error.sentence
    return ""


def trusted_certificates() -> dict[bytes, x509.Certificate]:
    """By their SHA-256: the certificate in use, and those that sealed before."""
    former = settings.RELEASE_SEAL_TRUSTED.values()
    return _by_hash((settings.RELEASE_SEAL_CERTIFICATE, *former))


def timestamp_authorities() -> list[x509.Certificate]:
    """Those whose time stamps count."""
    return [*_by_hash((settings.RELEASE_TIMESTAMP_CERTIFICATES,)).values()]


@cache
def _seal(key: str, certificate: str) -> Seal:
    return seal_of(key, certificate)


@cache
def _by_hash(texts: Iterable[str]) -> dict[bytes, x509.Certificate]:
    """A file in use may end with the authorities of its certificate: nothing is sealed by them."""
    found = [one for text in texts if text for one in certificates(text)]
    return {one.fingerprint(SHA256()): one for one in found}


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m/%d/%Y}"
