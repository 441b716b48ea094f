"""One PostgreSQL cluster and the server on it."""
# ruff: noqa: S603 -- every command here is made of constants and of paths of our own

import contextlib
import importlib.metadata
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from hmis.embedded.host import (
    PACKAGE,
    EmbeddedDatabaseError,
    account_of,
    detached,
    free_port,
    give_to_owner_of,
    programs,
)

try:
    import psutil  # comes with the package
except ImportError:  # Windows, or an installation without the package
    psutil = None

DATABASE = OWNER = "hmis"
SERVER = "hmis_server"  # the role that owns nothing (ADR 0036)
SUPERUSER = "postgres"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # A deep checkout would not fit into the 107 bytes of a socket's path.
    "unix_socket_directories": "",
    # Failing statements and their details carry names and dates of birth.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
}
PASSWORDS = ("password", "server_password", "superuser_password")
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PASSING_TROUBLE = ("Address already in use", "could not create any TCP/IP", "shared memory block")

# Ours to reap: in a container, the first process may not do it.
CHILDREN: dict[Path, subprocess.Popen[bytes]] = {}


class Server:
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
        if self.home in CHILDREN:
            CHILDREN.pop(self.home).wait(SECONDS_TO_STOP)

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
        account = account_of(self.cluster)
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
                initdb = [programs(self.home, account) / "initdb", "--encoding=UTF8", *locale]
                done = subprocess.run(
                    [*initdb, *log_in, *speed, "-D", unfinished],
                    check=False,
                    stdout=said,
                    **detached(account),
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
        account = account_of(self.cluster)
        program = programs(self.home, account) / "postgres"
        options = [f"--{name}={value}" for name, value in settings.items()]
        for _ in range(5):
            port = free_port(self._facts["port"])
            self._write_facts(self._facts | {"port": port})
            command = [program, "-D", self.cluster, "-p", str(port), *options]
            with self.log.open("w") as log:
                server = subprocess.Popen(command, stdout=log, **detached(account))
            CHILDREN[self.home] = server
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
                child = CHILDREN.get(self.home)
                gone = child.poll() is not None if child else self._pid() is None
                if gone or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def _write_facts(self, facts: dict[str, Any]) -> None:
        new = self.home / "connection.json.new"
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        new.write_text(json.dumps(facts))
        give_to_owner_of(self.home, new)
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
