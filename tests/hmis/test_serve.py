"""`manage.py serve` as a person at a terminal meets it: a real process, its own data folder."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError

from hmis.demo import DEMO_LOGINS, DEMO_PASSWORD
from hmis.management.commands.serve import BACKGROUND, refuse_taken_port
from tests.server_process import free_port
from tests.waits import wait_until

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 180  # with the demo data
SECONDS_TO_STOP = 30


class Terminal:
    """A terminal in which somebody has typed the command."""

    def __init__(self, data_dir: Path, port: int) -> None:
        # An empty DATABASE_URL: neither the tests' database nor one that .env names.
        ours = {"HMIS_DATA_DIR": str(data_dir), "HMIS_DEMO": "1", "DATABASE_URL": ""}
        # Buffered, as into a file: what a worker inherits in the buffer is written twice.
        ours |= {"PORT": str(port), "PYTHONUNBUFFERED": ""}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=os.environ | ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        # Whoever waits for a word of a start that hangs gets the end of the file in the end.
        self.watchdog = threading.Timer(SECONDS_TO_START, self.process.kill)
        self.watchdog.start()
        self.url = f"http://127.0.0.1:{port}/"
        self.family: list[psutil.Process] = []

    def read_banner(self) -> str:
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        self.watchdog.cancel()
        process = psutil.Process(self.process.pid)
        self.family = [process, *process.children(recursive=True)]
        return "".join(lines)

    def press(self, number: int) -> str:
        """Send a signal to the whole process group, as a terminal does, and read to the end."""
        os.killpg(self.process.pid, number)
        return self.process.communicate(timeout=SECONDS_TO_STOP)[0]

    def close(self) -> None:
        self.watchdog.cancel()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.communicate()

    def living(self) -> list[psutil.Process]:
        def lives(process: psutil.Process) -> bool:
            with suppress(psutil.NoSuchProcess):
                return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
            return False

        return [process for process in self.family if lives(process)]


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hmis-serve-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def first_banner(data_dir: Path) -> str:
    """The first start, which loads the demo data, as it reads on the terminal."""
    terminal = Terminal(data_dir, free_port())
    try:
        return terminal.read_banner().replace(terminal.url, "ADDRESS")
    finally:
        terminal.close()


@pytest.fixture
def terminal(data_dir: Path, first_banner: str) -> Iterator[Terminal]:
    terminal = Terminal(data_dir, free_port())
    yield terminal
    terminal.close()


def log_in_page(terminal: Terminal) -> str:
    with urllib.request.urlopen(terminal.url) as response:
        return response.read().decode()


def test_first_start_tells_address_and_log_ins(first_banner):
    assert "ADDRESS" in first_banner
    assert DEMO_PASSWORD in first_banner
    assert all(email in first_banner for email, who in DEMO_LOGINS)
    assert len(first_banner.splitlines()) < 25


def ends(terminal: Terminal, number: int) -> None:
    """What a signal to the terminal leaves: no process, and no word."""
    said = terminal.press(number)

    assert terminal.living() == []
    assert said == ""
    assert terminal.process.returncode == 0
    with pytest.raises(OSError, match="refused"):
        log_in_page(terminal)


# A start costs seconds of the processor: Ctrl-C is pressed where the server is started again.
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_next_start_is_quick_and_its_end_leaves_no_process(terminal, number):
    banner = terminal.read_banner()

    assert "demo data" not in banner  # which takes minutes
    assert 'type="password"' in log_in_page(terminal)
    assert len(terminal.living()) > 3  # gunicorn, its workers, PostgreSQL
    ends(terminal, number)


def test_killed_database_is_back_by_itself(terminal):
    terminal.read_banner()
    log_in_page(terminal)
    for number in (signal.SIGKILL, signal.SIGQUIT):
        [database] = databases(terminal)
        database.send_signal(number)
        psutil.wait_procs([database], timeout=60)
        wait_until(lambda: databases(terminal))  # until then a connection of the old one may answer
        wait_until(lambda: is_healthy(terminal))
    terminal.family += psutil.Process(terminal.process.pid).children(recursive=True)
    said = terminal.press(signal.SIGINT)
    assert said.count("The embedded database had stopped") == 2
    assert "Traceback" not in said
    assert terminal.living() == []


def test_killed_worker_is_replaced(terminal):
    terminal.read_banner()
    workers = [
        one for one in psutil.Process(terminal.process.pid).children() if not is_database(one)
    ]
    for worker in workers:
        worker.kill()
    assert 'type="password"' in log_in_page(terminal)
    wait_until(lambda: in_background(terminal) == set(BACKGROUND))
    terminal.family += psutil.Process(terminal.process.pid).children(recursive=True)


def test_demonstration_keeps_the_mail_that_cron_sends_elsewhere(terminal, data_dir):
    terminal.read_banner()
    wait_until(lambda: list((data_dir / "mail").glob("*.eml")))
    terminal.family += psutil.Process(terminal.process.pid).children(recursive=True)


def in_background(terminal: Terminal) -> set[str]:
    """The commands that run beside the server."""
    children = psutil.Process(terminal.process.pid).children()
    living = [one.cmdline() for one in children if one.status() != psutil.STATUS_ZOMBIE]
    return {name for name in BACKGROUND for words in living if name in words}


def databases(terminal: Terminal) -> list[psutil.Process]:
    children = psutil.Process(terminal.process.pid).children()
    return [one for one in children if is_database(one) and one.status() != psutil.STATUS_ZOMBIE]


def is_healthy(terminal: Terminal) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{terminal.url}health/") as answer:
        return b'"database": "ok"' in answer.read()
    return False


def is_database(process: psutil.Process) -> bool:
    return process.name() == "postgres"


def test_killed_server_takes_its_workers_along_and_can_be_started_again(terminal, data_dir):
    terminal.read_banner()
    others = [process for process in terminal.family if not is_database(process)]
    terminal.process.kill()
    terminal.process.communicate(
        timeout=SECONDS_TO_STOP
    )  # the workers hold the pipe open until they end
    psutil.wait_procs(others, timeout=60)
    assert {process.name() for process in terminal.living()} <= {"postgres"}

    again = Terminal(data_dir, int(terminal.url.rstrip("/").rpartition(":")[2]))
    again.family = terminal.family
    again.read_banner()
    ends(again, signal.SIGINT)
    assert terminal.living() == []


def test_short_command_says_nothing_of_its_database_that_stops(data_dir, first_banner):
    """The pool is still opening connections when such a command ends."""
    ask = "from agencies.models import User; print(User.objects.exists())"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", ask],
        cwd=ROOT,
        env=os.environ | {"HMIS_DATA_DIR": str(data_dir), "HMIS_DEMO": "1", "DATABASE_URL": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_port_that_there_is_none_of_is_one_sentence():
    with pytest.raises(CommandError, match="There is no port 80000"):
        refuse_taken_port(80000)


def test_taken_port_is_one_sentence_that_says_what_to_do(data_dir):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        terminal = Terminal(data_dir, port)
        said, _ = terminal.process.communicate()
        terminal.watchdog.cancel()

    assert f"Port {port} cannot be used" in said
    assert f"PORT={port + 1} make run" in said
    assert len(said.splitlines()) == 1
    assert terminal.process.returncode == 1
