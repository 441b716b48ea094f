"""Makes a backup: the database as it is at one moment, then the files that it names."""

import os
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from files import identity, quarantine, store
from hmis.backup import BackupError, Report, manifest, programs, tables
from hmis.backup.manifest import DUMP, FILES, SUMS, UNFINISHED, Manifest
from hmis.environment import BASE_DIR

LISTED = ".listed"
FILES_OF_ROWS = """
    SELECT key, thumbnail_key, sha256 FROM files_storedfile
     WHERE status IN ('ready', 'pending') ORDER BY key COLLATE "C"
"""
EVERY = 1000  # files between two lines of progress


def make(root: Path, *, report: Report) -> tuple[Path, list[str]]:
    """Make a backup in a new folder of `root`, named by the time in UTC.

    Returns that folder, which has another name until it is whole, and the keys of files that the
    store does not have as they were. A file that is in the backup before is linked to, where the
    file system can. Raises BackupError, ForeignStoreError, StoreError and OSError.
    """
    identity.require_own_store()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    earlier = next(reversed(manifest.backups_in(root)), None)
    for left in sorted(root.glob(f"{UNFINISHED}*")):
        report(f"{left} was left by a backup that did not finish. Delete it if none is running.")
    moment = datetime.now(UTC)
    name = f"{moment:%Y-%m-%dT%H%M%SZ}"
    folder = root / f"{UNFINISHED}{name}-{os.urandom(4).hex()}"
    folder.mkdir(mode=0o700)
    found = _database(folder, report)
    found |= _files(folder, earlier, report)
    (folder / LISTED).unlink()
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
    Manifest(
        identity=f"{name}-{os.urandom(8).hex()}",
        made_at=moment.isoformat(),
        application=project["version"],
        keys=manifest.fingerprint_of_keys(),
        **found,
    ).write(folder)
    os.sync()
    whole = root / name
    if whole.exists():
        raise BackupError(f"{whole} is there already. Run the backup again.")
    folder.rename(whole)
    os.sync()
    return whole, found["missing"]


def _database(folder: Path, report: Report) -> dict:
    """Dump it, and count and list what is in the very same state of it."""
    with programs.connect() as connection:
        server = connection.info.server_version // 10000
        pg_dump = programs.find("pg_dump", least=server)
        report(f"Dumping the database with {pg_dump} ...")
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        programs.run(
            pg_dump,
            *("--format=custom", f"--snapshot={snapshot}", f"--file={folder / DUMP}"),
            *("--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions"),
        )
        report("Counting ...")
        found = {
            "server": server,
            "pg_dump": programs.major(pg_dump),
            "tables": tables.counts(connection),
            "migrations": tables.migrations(connection),
        }
        _list_files(connection, folder / LISTED)
        connection.execute("COMMIT")
    size = (folder / DUMP).stat().st_size
    return found | {"dump": {"bytes": size, "sha256": manifest.sha256_of(folder / DUMP)}}


def _list_files(connection: psycopg.Connection, path: Path) -> None:
    """Write key and hash of each file that rows name; a thumbnail has no hash yet."""
    with connection.cursor(name="listed") as rows, path.open("w") as listed:
        for key, thumbnail, digest in rows.execute(FILES_OF_ROWS):
            listed.write(f"{key} {digest}\n")
            if thumbnail:
                listed.write(f"{thumbnail} \n")


def _files(folder: Path, earlier: Path | None, report: Report) -> dict:
    """Copy what was listed; return what the manifest says of it."""
    count = size = linked = 0
    missing = []
    known = _known(earlier)
    places = None
    with (folder / LISTED).open() as listed, (folder / SUMS).open("w") as sums:
        for line in listed:
            key, _, digest = line.rstrip("\n").partition(" ")
            target = folder / FILES / key
            written = _linked(earlier, target, key, known(key), digest)
            linked += bool(written)
            if not written:
                try:
                    written = _copied(key, target)
                except store.LostFileError:
                    places = quarantine.places() if places is None else places
                    written = _quarantined(key, places, target)
            if not written or (digest and written != digest):
                missing.append(key)
            if written:
                sums.write(f"{written}  {key}\n")
                count += 1
                size += target.stat().st_size
                if count % EVERY == 0:
                    report(f"{count} files ...")
    report(f"{count} files, {linked} of them linked to those of the backup before.")
    content = {"count": count, "bytes": size, "sha256": manifest.sha256_of(folder / SUMS)}
    return {"files": content, "missing": missing}


def _known(earlier: Path | None) -> Callable[[str], str]:
    """Tells the hash of a key in the backup before; both are sorted, so that neither is kept."""
    sums: Iterator[tuple[str, str]] = manifest.sums_of(earlier) if earlier else iter(())
    at = next(sums, None)

    def known(key: str) -> str:
        nonlocal at
        while at and at[0] < key:
            at = next(sums, None)
        return at[1] if at and at[0] == key else ""

    return known


def _linked(earlier: Path | None, target: Path, key: str, known: str, digest: str) -> str:
    if earlier is None or not known or (digest and known != digest):
        return ""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(earlier / FILES / key)
    except OSError:  # a file system without links, or somebody has deleted it
        return ""
    return known


def _copied(key: str, target: Path) -> str:
    with store.fetch(key) as stream:
        return manifest.copy(stream, target)


def _quarantined(key: str, places: dict[str, list[str]], target: Path) -> str:
    """Copy what was moved into the quarantine since the database was dumped."""
    folder, _, name = key.rpartition("/")
    for place in places.get(f"{folder}/", []):
        if store.has(f"{place}{name}"):
            return _copied(f"{place}{name}", target)
    return ""
