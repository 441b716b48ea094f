"""A real server over the database of the tests, to be killed and started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.db import connection


class ServerProcess:
    """Gunicorn as it runs in production; `kill` leaves it no moment to tidy up.

    Args:
        workers: processes that answer requests.
        log: where the server writes what else stands between the words of the tests.
        settings: environment variables on top of those of the tests.
    """

    def __init__(self, *, workers: int = 1, log: Path | None = None, **settings: str):
        self.workers, self.log = workers, log
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.settings = settings
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "hmis.wsgi", "--log-level", "error"]
        command += ["--config", "python:hmis.server.config", "--workers", str(self.workers)]
        command += ["--bind", f"localhost:{self.port}"]
        self.process = subprocess.Popen(
            command,
            env=environment() | self.settings,
            start_new_session=True,
            stderr=self.log.open("w") if self.log else None,
        )
        self._wait()

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            while self._answers():  # a worker may outlive its master by a moment
                time.sleep(0.01)

    def kill_workers(self) -> None:
        """Kill what answers; the master, which has everything loaded, starts another at once."""
        assert self.process
        for worker in psutil.Process(self.process.pid).children():
            worker.kill()
            psutil.wait_procs([worker])

    def _wait(self) -> None:
        for _ in range(2400):  # two minutes, for a machine that others keep busy
            if self._answers():
                return
            time.sleep(0.05)
        pytest.fail("the server did not start")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("localhost", self.port), 1):
            return True
        return False


def environment() -> dict[str, str]:
    """For another process on the database of this test, as the role of the server or the owner."""
    urls = {}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        if url := os.environ.get(name):
            urls[name] = f"{url.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    return os.environ | urls


_reserved: list[socket.socket] = []


def free_port() -> int:
    """A port of this machine that nobody else is given until this process ends.

    Whoever listens on it as servers do, with SO_REUSEADDR, may.
    """
    probe = socket.socket()
    probe.bind(("localhost", 0))
    # Only now: with it, `bind` might choose a port that another one has reserved like this.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _reserved.append(probe)
    return probe.getsockname()[1]
