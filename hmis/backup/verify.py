"""Reads all of a backup, and says what is damaged or missing."""

from collections.abc import Callable
from pathlib import Path

from hmis.backup import BackupError, manifest
from hmis.backup.manifest import DUMP, FILES, SUMS, Manifest

NAMED = 20  # of what is damaged


def verify(folder: Path, *, report: Callable[[str], None]) -> Manifest:
    """Compare every file of a backup with its hash.

    Raises:
        BackupError: if it is not whole, naming what is damaged.
    """
    whole = Manifest.read(folder)
    report("Reading the database's dump ...")
    wrong = _wrong(folder, DUMP, whole.dump["sha256"]) + _wrong(folder, SUMS, whole.files["sha256"])
    count = 0
    for count, (key, digest) in enumerate(manifest.sums_of(folder), 1):
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
    return [] if manifest.sha256_of(path) == digest else [name]
