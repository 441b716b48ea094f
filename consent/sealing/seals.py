"""Seals a PDF, and reads what is in a sealed one (pyHanko: PAdES, the whole file, no change).

A seal says that this installation made the file and that nobody has changed a byte since. Whose
certificates count is decided here, by the certificates themselves: no authority has to be trusted.
"""

import io
import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from consent.sealing.certificates import Seal
from consent.sealing.faults import Fault
from consent.sealing.keys import NoSealError, timestamp_authorities, trusted_certificates

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

Result = TypeVar("Result")

log = logging.getLogger(__name__)

FIELD = "Seal"
FACTS = "release.json"  # what the file says of its release, attached to it
NO_TIME_STAMP = (
    "The authority of time stamps gives none that counts. Nothing was saved. Try again in a "
    "minute, and tell the help desk if it happens again."
)


class BrokenSealError(Exception):
    """No whole seal of ours; `fault` says which."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.label)
        self.fault = fault


@dataclass(frozen=True)
class Sealed:
    """What a file says that was sealed; `at` is by the authority's clock where it stamped it."""

    at: datetime
    facts: Mapping[str, Any]


def sealed(pdf: bytes, *, seal: Seal, reason: str) -> bytes:
    """The PDF with a seal over all of it.

    Raises:
        NoSealError: where the authority of time stamps gives none that counts.
    """
    # Slow to import (1 s), and not needed by any other page.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError  # noqa: PLC0415

    from consent.sealing.timestamps import authority  # noqa: PLC0415

    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
        name=settings.SITE_NAME,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    stamper = authority()
    signer = signers.PdfSigner(about, _signer(seal), timestamper=stamper)
    try:
        content = _apart(lambda: signer.sign_pdf(writer)).getvalue()
        if stamper:
            read(content)  # a stamp that does not count is found while the client is still here
    except Exception as error:  # pyHanko fails anywhere at an answer that is none
        if stamper is None:
            raise
        is_known = isinstance(error, TimestampRequestError | BrokenSealError)
        why = str(error) if is_known else type(error).__name__
        log.error("Nothing was sealed: the authority of time stamps gave none that counts: %s", why)
        raise NoSealError(NO_TIME_STAMP) from error
    return content


def read(pdf: bytes) -> Sealed:
    """What a sealed file says, once its seal is found whole and ours.

    Raises:
        BrokenSealError: for any other file, however it was damaged.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        (signature,) = reader.embedded_signatures
        status = _status(signature)
    except Exception as error:  # a file that is no PDF any more fails anywhere
        raise BrokenSealError(Fault.SEAL) from error
    if not (status.intact and status.valid and _covers_all(status)):
        raise BrokenSealError(Fault.SEAL)
    at = _moment(signature, status)
    certificate = trusted_certificates().get(status.signing_cert.sha256)
    if certificate is None:
        raise BrokenSealError(Fault.UNTRUSTED)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise BrokenSealError(Fault.CERTIFICATE)
    return Sealed(at, _facts(reader))


def _apart(call: Callable[[], Result]) -> Result:
    """What a call returns that runs an event loop: a thread has one, and this one may be in it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call).result()


def _signer(seal: Seal) -> Any:
    from asn1crypto.keys import PrivateKeyInfo  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    key = seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register_multiple([_plain(one) for one in seal.chain])
    return signers.SimpleSigner(_plain(seal.certificate), PrivateKeyInfo.load(key), store)


def _plain(certificate: x509.Certificate) -> Any:
    """A certificate as pyHanko has them."""
    from asn1crypto.x509 import Certificate  # noqa: PLC0415

    return Certificate.load(certificate.public_bytes(Encoding.DER))


def _status(signature: "EmbeddedPdfSignature") -> "PdfSignatureStatus":
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    def trusting(roots: list[x509.Certificate]) -> ValidationContext:
        plain = [_plain(one) for one in roots]
        at = signature.self_reported_timestamp
        return ValidationContext(trust_roots=plain, moment=at, allow_fetching=False)

    own, others = [*trusted_certificates().values()], timestamp_authorities()
    contexts = trusting(own), trusting(others)
    return _apart(lambda: validate_pdf_signature(signature, *contexts, skip_diff=True))


def _covers_all(status: "PdfSignatureStatus") -> bool:
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    return status.coverage == SignatureCoverageLevel.ENTIRE_FILE


def _moment(signature: "EmbeddedPdfSignature", status: "PdfSignatureStatus") -> datetime:
    """When it was sealed: by a time stamp that counts, else as the seal itself says."""
    stamp = status.timestamp_validity
    if stamp is not None:
        if not (stamp.intact and stamp.valid and stamp.trusted):
            raise BrokenSealError(Fault.TIMESTAMP)
        return stamp.timestamp
    at = signature.self_reported_timestamp
    if at is None:
        raise BrokenSealError(Fault.SEAL)
    return at


def _facts(reader: "PdfFileReader") -> Mapping[str, Any]:
    try:
        named = [*reader.root["/Names"]["/EmbeddedFiles"]["/Names"]]
        place = named.index(FACTS)
        return json.loads(named[place + 1].get_object()["/EF"]["/F"].get_object().data)
    except (KeyError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise BrokenSealError(Fault.FACTS) from error
