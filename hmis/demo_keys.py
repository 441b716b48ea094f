"""Secret keys of a demonstration: made once, kept beside its database, never used in production."""

import contextlib
import os
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from dotenv import dotenv_values

SEAL = {"RELEASE_SEAL_KEY_FILE": "key.pem", "RELEASE_SEAL_CERTIFICATE_FILE": "certificate.pem"}
SEAL_BEGINS, SEAL_ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)


def load(path: Path) -> None:
    """Put the keys of the file at `path` into the environment, where it has none or a blank one.

    The file is made at the first start; of two processes at once, the one that links it first wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(
            f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
            f"SSN_ENCRYPTION_KEYS={Fernet.generate_key().decode()}\n"
            f"SSN_HASH_KEY={secrets.token_urlsafe(32)}\n"
        )
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    for name, value in dotenv_values(path).items():
        os.environ[name] = os.environ.get(name) or value or ""


def load_seal(folder: Path) -> None:
    """Name the seal of a folder in the environment, where that names none.

    It is made at the first start; of two processes at once, the one that moves it there first wins.
    """
    if any(os.environ.get(name) for name in SEAL):
        return
    if not folder.exists():
        draft = folder.with_name(f"{folder.name}.{os.getpid()}")
        draft.mkdir(mode=0o700, parents=True)
        for name, content in zip(SEAL.values(), _seal(), strict=True):
            (draft / name).touch(mode=0o600)
            (draft / name).write_bytes(content)
        try:
            draft.rename(folder)
        except OSError:  # it is there by now, with files in it
            shutil.rmtree(draft)
    for name, file in SEAL.items():
        os.environ[name] = str(folder / file)


def _seal() -> tuple[bytes, bytes]:
    """A key, and a certificate that says whose demonstration this is: nobody's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "HMIS demonstration")])
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    signs = x509.KeyUsage(digital_signature=True, content_commitment=True, **usage)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(SEAL_BEGINS)
        .not_valid_after(SEAL_ENDS)
        .add_extension(signs, critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, certificate.public_bytes(Encoding.PEM)
