"""Restores a backup into an empty database and an empty file store, and nowhere else.

Files first, under a marker; then the database in one transaction. So a restore that was killed has
left an empty database, and begins again from the same backup; killed after it, it is finished.
"""

import re
import tempfile
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from files import identity, store
from hmis.backup import BackupError, Report, manifest, programs, tables
from hmis.backup.manifest import DUMP, FILES, Manifest, verify
from hmis.old_database import is_from_before

# What an administrator made, perhaps, and the owner of a database may not touch.
NOT_OURS = re.compile(r" (?:COMMENT - (?:EXTENSION|SCHEMA) |SCHEMA - public )")
KNOWS_TRANSACTION_TIMEOUT = 17  # PostgreSQL
# Half-written notes are new again, or the next night would delete those of an old backup.
DRAFTS = "casenotes_notedraft"


def restore(folder: Path, *, report: Report) -> Manifest:
    """Restore a whole backup. Raises StoreError.

    Raises BackupError if there is something already, if keys, schema or the backup itself are not
    right, or if it fails. The database is then as empty as before.
    """
    whole = Manifest.read(folder)
    manifest.require_keys(whole.keys)
    require_known_schema(whole)
    pg_restore = programs.find("pg_restore", least=whole.pg_dump)
    with programs.connect() as database:
        server = database.info.server_version // 10000
        is_there = _is_ours(whole) and not _different(database, whole)
        if not is_there:
            require_empty_database(database, whole)
    if not is_there:
        require_empty_store(whole)
        verify(folder, report=report)
        _restore_files(folder, whole, report)
        report("Restoring the database ...")
        _restore_database(folder, pg_restore, server=server)
    _finish(whole)
    return whole


def _finish(whole: Manifest) -> None:
    """Compare, and make the store this database's."""
    with programs.connect() as database:
        if different := _different(database, whole):
            raise BackupError(
                f"The database was restored, and these tables are not as they were: "
                f"{', '.join(different)}. Do not use it; keep the backup, and ask for help."
            )
        there = tables.names(database)
        if ("public", DRAFTS) in there:
            database.execute(f"UPDATE {DRAFTS} SET at = now()")  # noqa: S608 -- a name of ours
    connection.close()
    if ("public", "files_filestore") in there:
        identity.claim()
    else:
        store.discard(identity.MARKER)


def require_known_schema(whole: Manifest) -> None:
    """Raise BackupError if another release has migrated the database that was backed up."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations or {})
    for migration in (loader.disk_migrations or {}).values():
        known |= {(app, name) for app, name in migration.replaces}
    unknown = [name for name in whole.migrations if tuple(name.split(".", 1)) not in known]
    if unknown:
        applied = {(app, name) for app, _, name in (one.partition(".") for one in whole.migrations)}
        age = "an older" if is_from_before(applied) else "a newer"
        raise BackupError(
            f"This backup was made by {age} release ({whole.application}; it has {unknown[0]}). "
            "Install that release, and restore with it."
        )


def require_empty_database(database, whole: Manifest) -> None:
    """Raise BackupError if there is a table, or if the server is older than the one backed up."""
    there = tables.names(database)
    if there:
        raise BackupError(
            f"The database {database.info.dbname} has {len(there)} tables, and nothing is restored "
            "over data. Make an empty database (do not migrate it), name it in DATABASE_URL, and "
            "restore again."
        )
    server = database.info.server_version // 10000
    if server < whole.server:
        raise BackupError(
            f"This backup was made on PostgreSQL {whole.server}, and the server is {server}. "
            "Restore on a server of that version or newer."
        )


def require_empty_store(whole: Manifest) -> None:
    """Raise BackupError if there are files, other than those of this very restore."""
    if not _is_ours(whole) and (
        identity.written() or store.folders() or store.folders("quarantine")
    ):
        raise BackupError(
            "The file store has files already, and nothing is restored over them. Name an empty "
            "folder in MEDIA_ROOT, or an empty S3_BUCKET, and restore again."
        )


def _restore_files(folder: Path, whole: Manifest, report: Report) -> None:
    identity.write(f"{identity.RESTORING}{whole.identity}")
    for count, (key, _) in enumerate(manifest.sums_of(folder), 1):
        if store.has(key):  # of a restore that was killed, and perhaps only a part
            store.discard(key)
        with (folder / FILES / key).open("rb") as stream:
            store.put(stream, key)
        if count % 1000 == 0:
            report(f"{count} of {whole.files['count']} files ...")


def _restore_database(folder: Path, pg_restore: Path, *, server: int) -> None:
    dump = str(folder / DUMP)
    with tempfile.NamedTemporaryFile("w+") as wanted:
        for line in programs.said_by(pg_restore, "--list", dump).splitlines():
            if not NOT_OURS.search(line):
                wanted.write(f"{line}\n")
        wanted.flush()
        options = ["--no-owner", "--no-privileges", f"--use-list={wanted.name}", dump]
        if (programs.major(pg_restore) or 0) >= KNOWS_TRANSACTION_TIMEOUT > server:
            programs.run_through_psql(pg_restore, *options)
        else:
            programs.run(pg_restore, "--single-transaction", "--exit-on-error", *options)


def _is_ours(whole: Manifest) -> bool:
    """Whether a restore of this backup into this store was begun, and not finished."""
    return identity.written() == f"{identity.RESTORING}{whole.identity}"


def _different(database, whole: Manifest) -> list[str]:
    """The tables that are not as they were backed up; half-written notes may be newer."""
    now = tables.counts(database)
    return sorted(
        name
        for name in {*now, *whole.tables}
        if now.get(name) != whole.tables.get(name) and not name.endswith(DRAFTS)
    )
