"""The embedded database, each time in a folder and with processes of its own."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

from hmis import embedded

ROOT = Path(__file__).parents[2]
USER = """
import sys
from pathlib import Path
from hmis import embedded
print(embedded.start(Path(sys.argv[1]), durable=False), flush=True)
sys.stdin.read()
"""


class User:
    """Another process that uses the database until it is told to leave."""

    def __init__(self, data_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data_dir)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate()

    def get(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.communicate()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    # Not pytest's own folder: the account that runs PostgreSQL for root may not enter it.
    with tempfile.TemporaryDirectory(prefix="hmis-embedded-") as folder:
        Path(folder).chmod(0o755)
        data_dir = Path(folder) / "data"
        yield data_dir
        embedded.stop(data_dir)
        if (pid := server_pid(data_dir)) is not None:
            os.kill(pid, signal.SIGQUIT)


@pytest.fixture
def enter(data_dir: Path) -> Iterator[Callable[[], User]]:
    users = []

    def enter() -> User:
        users.append(User(data_dir))
        return users[-1]

    yield enter
    for user in users:
        user.get(signal.SIGKILL)


def server_pid(data_dir: Path) -> int | None:
    try:
        pid = int((data_dir / "cluster" / "postmaster.pid").read_text().split()[0])
        return pid if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE else None
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None


def ask(url: str, question: str) -> object:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        return connection.execute(question).fetchone()[0]


def test_first_use_makes_a_database_for_an_ordinary_role(data_dir):
    url = embedded.start(data_dir, durable=False)

    assert ask(url, "SELECT current_database()") == "hmis"
    assert ask(url, "SELECT NOT rolsuper FROM pg_roles WHERE rolname = current_user")
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SELECT lower('ÅÉŁ')") == "åéł"


@pytest.mark.parametrize("extension", ["pg_trgm", "btree_gist", "fuzzystrmatch", "unaccent"])
def test_role_may_create_the_extensions_of_the_application(data_dir, extension):
    url = embedded.start(data_dir, durable=False)

    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE EXTENSION {extension}")


def test_server_listens_to_this_machine_alone_and_wants_a_password(data_dir):
    url = embedded.start(data_dir, durable=False)

    assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace("hmis:", "hmis:wrong"))
    assert (data_dir / "connection.json").stat().st_mode & 0o777 == 0o600


def test_stop_ends_the_server_and_keeps_the_data(data_dir):
    url = embedded.start(data_dir, durable=False)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    embedded.stop(data_dir)

    assert server_pid(data_dir) is None
    assert ask(embedded.start(data_dir, durable=False), "SELECT answer FROM kept") == 42


def test_only_the_last_user_stops_the_server(data_dir, enter):
    alice, bob = enter(), enter()
    assert alice.url() == bob.url()

    alice.leave()
    assert server_pid(data_dir)

    bob.leave()
    assert server_pid(data_dir) is None
    assert bob.process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_polite_signal_stops_the_server_too(data_dir, enter, number):
    alice = enter()
    alice.url()

    alice.get(number)

    assert server_pid(data_dir) is None


def test_forked_child_does_not_stop_the_server(data_dir):
    embedded.start(data_dir, durable=False)
    child = os.fork()
    if child == 0:
        embedded.stop(data_dir)
        os._exit(0)
    os.waitpid(child, 0)

    assert server_pid(data_dir)


def test_forked_child_does_not_count_as_a_user(data_dir):
    embedded.start(data_dir, durable=False)
    child = os.fork()
    if child == 0:
        signal.pause()
    try:
        embedded.stop(data_dir)

        with (data_dir / "users.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_server_of_a_killed_user_is_taken_over(data_dir, enter):
    alice = enter()
    url = alice.url()
    alice.get(signal.SIGKILL)
    left_behind = server_pid(data_dir)
    assert left_behind

    bob = enter()
    assert bob.url() == url
    assert server_pid(data_dir) == left_behind
    bob.leave()
    assert server_pid(data_dir) is None


def test_killed_server_is_started_again(data_dir, enter):
    alice = enter()
    alice.url()
    pid = server_pid(data_dir)
    os.kill(pid, signal.SIGKILL)
    alice.get(signal.SIGKILL)
    assert (data_dir / "cluster" / "postmaster.pid").exists()

    url = embedded.start(data_dir, durable=False)

    assert server_pid(data_dir) not in (None, pid)
    assert ask(url, "SELECT 1") == 1


def test_stale_pid_file_with_the_number_of_another_process_is_no_obstacle(data_dir):
    embedded.start(data_dir, durable=False)
    pid_file = data_dir / "cluster" / "postmaster.pid"
    left_behind = pid_file.read_text()
    embedded.stop(data_dir)
    pid_file.write_text("\n".join([str(os.getpid()), *left_behind.splitlines()[1:]]))

    assert ask(embedded.start(data_dir, durable=False), "SELECT 1") == 1


def test_taken_port_is_chosen_again(data_dir):
    embedded.start(data_dir, durable=False)
    embedded.stop(data_dir)
    port = json.loads((data_dir / "connection.json").read_text())["port"]

    with socket.create_server(("127.0.0.1", port)):
        url = embedded.start(data_dir, durable=False)

        assert f":{port}/" not in url
        assert ask(url, "SELECT 1") == 1


def test_interrupted_first_use_is_begun_again(data_dir):
    (data_dir / "cluster.new").mkdir(parents=True)
    (data_dir / "cluster.new" / "PG_VERSION").write_text("18\n")

    assert ask(embedded.start(data_dir, durable=False), "SELECT 1") == 1


def test_lost_password_says_what_to_do(data_dir):
    embedded.start(data_dir, durable=False)
    embedded.stop(data_dir)
    (data_dir / "connection.json").unlink()

    with pytest.raises(embedded.EmbeddedDatabaseError, match="or delete"):
        embedded.start(data_dir, durable=False)


def test_data_of_another_version_is_refused(data_dir):
    embedded.start(data_dir, durable=False)
    embedded.stop(data_dir)
    (data_dir / "cluster" / "PG_VERSION").write_text("12\n")

    with pytest.raises(embedded.EmbeddedDatabaseError, match="made by PostgreSQL 12"):
        embedded.start(data_dir, durable=False)


def test_without_the_package_it_asks_for_database_url(data_dir, monkeypatch):
    monkeypatch.setattr(embedded, "psutil", None)

    with pytest.raises(embedded.EmbeddedDatabaseError, match="Set DATABASE_URL"):
        embedded.start(data_dir)


def test_path_may_be_deep_and_have_spaces_quotes_and_dollars(data_dir):
    deep = data_dir.joinpath("a folder with 'quotes', $HOME and spaces", *["a" * 40] * 5)

    try:
        assert ask(embedded.start(deep, durable=False), "SELECT 1") == 1
    finally:
        embedded.stop(deep)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL as himself")
def test_root_keeps_the_data_where_the_account_can_reach_it(data_dir, monkeypatch):
    private = data_dir / "private"
    elsewhere = data_dir / "elsewhere"
    private.mkdir(parents=True)
    private.chmod(0o700)
    monkeypatch.setattr(embedded.host, "ELSEWHERE", elsewhere)

    url = embedded.start(private / "postgres", durable=False)

    assert ask(url, "SELECT 1") == 1
    assert (private / "postgres").resolve().is_relative_to(elsewhere)
    embedded.stop(private / "postgres")
    assert server_pid(private / "postgres") is None
    assert private.stat().st_mode & 0o777 == 0o700
