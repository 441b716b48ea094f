"""A commit under measurement: its tree, its database, its web server with production settings."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from tests.bench.cluster import ROOT, Cluster, Statistics
from tests.server_process import free_port

HOST = "hmis.localhost"  # so that Chromium sends it the cookies of a safe connection
# Of a made-up production: the same each time, so that a database made yesterday can be read.
KEYS = {
    "SECRET_KEY": "bench-e5xW9rJ2uQ7mZk4TnBvYc8LsHd3PfGa6iNoRtUwXyAjKqMzCbVhDgFpSl",
    "SSN_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "SSN_HASH_KEY": "bench-jUq4WvRz7nXpTbYm2LcKdHs9GfPaEo6iNtUwQyAjKrM",
}
SECONDS_TO_START = 120


class Side:
    """One commit: `tree` is its checkout, `name` what the table calls it."""

    def __init__(self, name: str, tree: Path, cluster: Cluster, scale: int) -> None:
        self.name, self.tree, self.cluster, self.scale = name, tree, cluster, scale
        self.migrations = migrations(tree).items()
        self.database = f"bench_{scale}_{_digest(str(sorted(self.migrations)))}"
        self.folder = Path(tempfile.mkdtemp(prefix="hmis-bench-"))
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    def environment(self, role: str = "hmis_server", **more: str) -> dict[str, str]:
        values = {
            **KEYS,
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "HMIS_DEMO": "0",
            "HMIS_ENV_FILE": "",
            "DATABASE_URL": self.cluster.url(self.database, role),
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}/",
            "BEHIND_PROXY": "true",
            "DEFAULT_FROM_EMAIL": f"hmis@{HOST}",
            "HELP_DESK_EMAIL": f"help@{HOST}",
            "HMIS_DATA_DIR": str(self.folder / "data"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
            "USE_LIMITS": "false",  # a user who opens a thousand pages a minute is stopped
            "WEB_ACCESS_LOG": "false",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }
        return values | more

    def python(self, *command: str, role: str = "hmis_server", **more: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.tree,
            env=self.environment(role, **more),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.name}: {' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def prepare(self, earlier: "list[Side]") -> None:
        """Make the database, or use the one that is there.

        earlier: sides whose database is copied and migrated where this tree has their migrations.
        """
        (self.folder / "media").mkdir(exist_ok=True)
        self.python("manage.py", "collectstatic", "--noinput", "-v0")
        if self.cluster.has(self.database):
            return
        begin = time.monotonic()
        finished, self.database = self.database, f"{self.database}_new"
        self.cluster.drop(self.database)
        older = [side for side in earlier if migrations(side.tree).items() <= self.migrations]
        self.cluster.create(self.database, template=older[0].database if older else "template1")
        owner = self.cluster.url(self.database, "hmis")
        self.python("manage.py", "migrate", "-v0", DATABASE_OWNER_URL=owner)
        self.python("manage.py", "createcachetable", DATABASE_OWNER_URL=owner)
        if older:
            self.cluster.vacuum(self.database)
        else:
            self.python("-m", "tests.bench.desk", "fill", str(self.scale), role="postgres")
        self.cluster.rename(self.database, finished)
        self.database = finished
        how = "copied and migrated" if older else "made"
        print(f"{self.database} {how} in {time.monotonic() - begin:.0f} s", flush=True)

    def open(self, users: int = 0) -> dict[str, Any]:
        """Log users in; what `tests.bench.desk` prints."""
        return json.loads(self.python("-m", "tests.bench.desk", "open", str(users)))

    def statistics(self) -> Statistics:
        return Statistics(self.cluster, self.database)

    def start(self, *, workers: int = 1) -> None:
        """Gunicorn as in production."""
        gunicorn = Path(sys.executable).with_name("gunicorn")
        log = (self.folder / "web.log").open("a")
        self.process = subprocess.Popen(
            [str(gunicorn), "--config", "python:hmis.server.config", "hmis.wsgi"],
            cwd=self.tree,
            env=self.environment(
                WEB_BIND=f"127.0.0.1:{self.port}", WEB_WORKERS=str(workers), PYTHONPATH="."
            ),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit(f"{self.name} does not start: {self.log()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return len(self.workers()) > 0
        return False

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def log(self) -> str:
        return (self.folder / "web.log").read_text()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(60)
        self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def migrations(tree: Path) -> dict[str, str]:
    """The migrations of a tree by their texts: two trees with the same share a database."""
    files = [path for path in tree.glob("*/migrations/0*.py") if path.parts[-3] != "tests"]
    return {str(path.relative_to(tree)): _digest(path.read_text()) for path in files}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@contextmanager
def sides(scale: int, old: str) -> Iterator[list[Side]]:
    """This tree, and beside it the commit `old` where one is named, each with its server up."""
    cluster = Cluster()
    found = [Side("now", ROOT, cluster, scale)]
    checkout = Path(tempfile.mkdtemp(prefix="hmis-bench-old-"))
    try:
        if old:
            found.insert(0, Side(old, check_out(old, checkout / "tree"), cluster, scale))
        for number, side in enumerate(found):
            side.prepare(found[:number])
        yield found
    finally:
        for side in found:
            side.remove()
        if old:
            git("worktree", "remove", "--force", str(checkout / "tree"))
        shutil.rmtree(checkout, ignore_errors=True)


def check_out(commit: str, tree: Path) -> Path:
    """A worktree of a commit, with this tree's bench and environment."""
    git("worktree", "add", "--force", "--detach", str(tree), commit)
    shutil.rmtree(tree / "tests" / "bench", ignore_errors=True)
    shutil.copytree(ROOT / "tests" / "bench", tree / "tests" / "bench")
    return tree


def git(*command: str) -> None:
    subprocess.run(["git", *command], cwd=ROOT, check=True, capture_output=True)
