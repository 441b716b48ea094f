"""What a backup says of itself: what it holds, of which version, with hashes of all of it."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from hmis.backup import BackupError, Report

FORMAT = 1
NAME, DUMP, SUMS, FILES = "manifest.json", "database.dump", "SHA256SUMS", "files"
UNFINISHED = ".unfinished-"
BLOCK = 1024 * 1024
NAMED = 20  # of what is damaged
INCOMPLETE = (
    "{folder} is no whole backup: it has no manifest. A backup that was killed leaves such a "
    "folder. Use another one, or make a new one."
)
DAMAGED = "{folder}/manifest.json is damaged. Use another backup, and look after the disk."


@dataclass
class Manifest:
    """The first and the last thing that is read of a backup; it is written last.

    Args:
        tables: of each table the number of rows, and a sum of the hashes of them.
        missing: keys of files that a row names and the store did not have.
    """

    identity: str
    made_at: str
    application: str
    server: int  # major version
    pg_dump: int
    migrations: list[str]
    keys: dict[str, Any]
    dump: dict[str, Any]
    tables: dict[str, list[Any]]
    files: dict[str, Any]
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        content = asdict(self)
        text = json.dumps(content | {"digest": _digest(content)}, indent=1, sort_keys=True)
        (folder / NAME).write_text(text + "\n")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raise BackupError if there is none, or if it is damaged or of a newer release."""
        if folder.name.startswith(UNFINISHED) or not (folder / NAME).exists():
            raise BackupError(INCOMPLETE.format(folder=folder))
        try:
            content = json.loads((folder / NAME).read_text())
            digest = content.pop("digest")
        except (ValueError, KeyError, AttributeError) as error:
            raise BackupError(DAMAGED.format(folder=folder)) from error
        if content.get("format", 0) > FORMAT:
            raise BackupError("This backup was made by a newer release. Install that one first.")
        if digest != _digest(content):
            raise BackupError(DAMAGED.format(folder=folder))
        return cls(**content)


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def backups_in(folder: Path) -> list[Path]:
    """The whole backups in a folder, the oldest first."""
    found = [path.parent for path in folder.glob(f"*/{NAME}")]
    return sorted(path for path in found if not path.name.startswith(UNFINISHED))


# The keys: what is kept of them tells whether another set is the same, and nothing else. The salt
# is of each backup, and the function slow, should a key have been a word that somebody thought up.


def fingerprint_of_keys() -> dict[str, Any]:
    """What says later whether the keys of the settings can read this database."""
    salt = secrets.token_bytes(16)
    return {
        "salt": salt.hex(),
        "encryption": [_fingerprint(salt, "encrypts", key) for key in settings.SSN_ENCRYPTION_KEYS],
        "hash": _fingerprint(salt, "hashes", settings.SSN_HASH_KEY),
    }


def require_keys(kept: dict[str, Any]) -> None:
    """Raise BackupError if the settings lack a key that the backup was made with."""
    salt = bytes.fromhex(kept["salt"])
    ours = {_fingerprint(salt, "encrypts", key) for key in settings.SSN_ENCRYPTION_KEYS}
    lacking = [one for one in kept["encryption"] if one not in ours]
    if lacking:
        raise BackupError(
            f"SSN_ENCRYPTION_KEYS lacks {len(lacking)} of {len(kept['encryption'])} keys of this "
            "backup: SSNs and second factors could not be read. Put the keys of that time into "
            "the settings, after newer ones if there are any, and restore again."
        )
    if not hmac.compare_digest(kept["hash"], _fingerprint(salt, "hashes", settings.SSN_HASH_KEY)):
        raise BackupError(
            "SSN_HASH_KEY is not that of this backup: no SSN could be found. Put the one of that "
            "time into the settings and restore again; it can be changed with rotate_ssn_keys."
        )


def _fingerprint(salt: bytes, purpose: str, key: str) -> str:
    whole = f"{purpose} {key}".encode()
    return hashlib.scrypt(whole, salt=salt, n=2**14, r=8, p=1, dklen=16).hex()


# Hashes, as sha256sum writes and checks them


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy(stream: IO[bytes], target: Path) -> str:
    """Write what is in the stream, a block at a time, and return the SHA-256 of it."""
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        while block := stream.read(BLOCK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def sums_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Key and SHA-256 of each file of a backup, by key."""
    path = folder / SUMS
    if not path.exists():
        return
    with path.open() as lines:
        for line in lines:
            digest, _, name = line.rstrip("\n").partition("  ")
            yield name, digest


def verify(folder: Path, *, report: Report) -> Manifest:
    """Compare every file of a backup with its hash; raise BackupError naming what is damaged."""
    whole = Manifest.read(folder)
    report("Reading the database's dump ...")
    wrong = _wrong(folder, DUMP, whole.dump["sha256"]) + _wrong(folder, SUMS, whole.files["sha256"])
    count = 0
    for count, (key, digest) in enumerate(sums_of(folder), 1):
        wrong += _wrong(folder, f"{FILES}/{key}", digest)
        if count % 1000 == 0:
            report(f"{count} of {whole.files['count']} files ...")
    if wrong or count != whole.files["count"]:
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        names = ", ".join(wrong[:NAMED]) or SUMS
        raise BackupError(
            f"This backup is damaged: {names}{more}. Use another one, and look after the disk."
        )
    return whole


def _wrong(folder: Path, name: str, digest: str) -> list[str]:
    path = folder / name
    if not path.is_file():
        return [f"{name} (missing)"]
    return [] if sha256_of(path) == digest else [name]
