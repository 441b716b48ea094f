"""A primary and a streaming replica of this machine's own PostgreSQL, for the drill."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

OPTIONS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "shared_buffers": "128MB",
    "log_min_error_statement": "panic",
    "wal_level": "replica",
    "hot_standby": "on",
}


def programs() -> Path:
    """The folder of the newest PostgreSQL that the system's packages have installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    if not found:
        raise SystemExit("The drill needs PostgreSQL's programs: apt-get install postgresql")
    return found[-1]


def as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


class Cluster:
    """One server on a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def run(self, program: str, *options: str) -> None:
        command = [*as_postgres(), str(programs() / program), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode:
            raise SystemExit(f"{program}: {done.stdout}{done.stderr}")

    def create(self) -> None:
        self._make_folder()
        self.run("initdb", "-D", str(self.folder), "-E", "UTF8", "--locale=C", "-A", "trust")
        lines = [f"{name} = {value}" for name, value in (OPTIONS | {"port": self.port}).items()]
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write("\n".join(lines) + "\n")

    def copy(self, primary: "Cluster") -> None:
        """docs/scaling.md: pg_basebackup with a slot, and standby.signal (-R)."""
        self._make_folder()
        source = f"host=127.0.0.1 port={primary.port} user=postgres application_name=replica"
        slot = ("--create-slot", "--slot=replica")
        self.run(
            "pg_basebackup",
            "-D",
            str(self.folder),
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            *slot,
            "-d",
            source,
        )
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(f"port = {self.port}\n")

    def start(self) -> None:
        log = str(self.folder / "server.log")
        self.run("pg_ctl", "-D", str(self.folder), "-l", log, "-w", "-t", "120", "start")

    def promote(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder), "-w", "promote")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "stop")

    def kill(self) -> None:
        """As a power cut: the first process and all of its children, by their numbers."""
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for number in (pid, *map(int, children)):
            os.kill(number, signal.SIGKILL)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple]:
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700)
        if not os.geteuid():
            shutil.chown(self.folder, "postgres", "postgres")
