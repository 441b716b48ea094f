"""What deploy/ holds fits together, the documentation, and the programs that read it."""

import json
import re
import shlex
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.core.management import get_commands

from agencies.requests import address
from hmis import limit_settings
from hmis.environment import KEY_FILES, SECRETS, read
from hmis.unsafe_settings import CONNECTIONS
from tests.hmis import documented
from tests.hmis.proxy import EXAMPLE, write_configuration
from tests.server_process import free_port

ROOT = Path(__file__).parents[2]
HIDDEN = "InaccessiblePaths=-/srv/hmis/.owner-url"
SERVICES = sorted(documented.UNITS.glob("*.service"))
TIMERS = sorted(documented.UNITS.glob("*.timer"))


def scheduled() -> set[str]:
    """The commands of the timers, without the program."""
    services = [timer.with_suffix(".service") for timer in TIMERS]
    return {shlex.join(documented.exec_start(service)[2:]) for service in services}


def test_cron_and_timers_run_the_same_commands():
    lines = [
        line.partition("manage.py ")[2].partition(" >>")[0] for line in documented.cron_lines()
    ]
    assert len(lines) == len(TIMERS) == len(SERVICES) - 1  # the web server has no timer
    assert set(lines) == scheduled()
    assert {line.split()[0] for line in lines} <= set(get_commands())


def test_no_run_is_left_out_when_summer_time_begins():
    """At two in the United States; systemd skips what was due in the hour that is left out."""
    for timer in TIMERS:
        assert not re.search(r"(?m)^OnCalendar=.* 0?2:", timer.read_text()), timer.name
    assert not re.findall(r"(?m)^\S+ 2 .*", documented.CRON)


def test_no_hour_is_left_out_when_summer_time_ends():
    """In local time systemd goes from 1:55 to 2:00, past the hour that comes twice."""
    for timer in TIMERS:
        assert not re.search(r"(?m)^OnCalendar=\*:\S+$", timer.read_text()), timer.name


def test_documentation_lists_every_timer_with_its_command_and_starts_it():
    table = dict(re.findall(r"^\| `(hmis-[\w-]+)` \| `([^`]+)` \|", documented.DEPLOYING, re.M))
    assert {f"{name}.timer" for name in table} == {timer.name for timer in TIMERS}
    for name, command in table.items():
        service = documented.UNITS / f"{name}.service"
        assert documented.exec_start(service)[2:] == shlex.split(command)
    started = " ".join(documented.commands("Scheduled commands"))
    assert all(f"{name}.timer" in started for name in table)


def test_systemd_starts_the_server_as_the_documentation_does():
    (typed,) = documented.typed("The web server")
    assert documented.exec_start(documented.UNITS / "hmis-web.service") == [
        f"{documented.FOLDER}/{shlex.split(typed)[0]}",
        *shlex.split(typed)[1:],
    ]


def test_files_that_the_administrator_copies_are_there():
    commands = re.findall(r"^    (sudo .*)$", documented.DEPLOYING, re.M)
    named = {word for line in commands for word in line.split() if word.startswith("deploy/")}
    assert len(named) >= 6
    assert not [name for name in named if not list(ROOT.glob(name))]


def test_every_service_is_hardened_by_one_file():
    text = (documented.UNITS / "hmis-.service.d/hmis.conf").read_text()
    options = ("User=hmis", "NoNewPrivileges=yes", "ProtectSystem=strict", "EnvironmentFile=")
    for option in (*options, HIDDEN):
        assert option in text
    assert "Restart=always" in (documented.UNITS / "hmis-web.service").read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_accepts_the_units(tmp_path):
    units, folder = tmp_path / "units", tmp_path / "srv"
    shutil.copytree(documented.UNITS, units)
    for program in ("gunicorn", "python"):
        path = folder / ".venv/bin" / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to("/bin/true")
    for path in units.rglob("*"):
        if path.is_file():
            path.write_text(path.read_text().replace(documented.FOLDER, str(folder)))
    (units / "hmis-broken.service").write_text("[Service]\nExecStart=/missing/program\nNoSuch=1\n")

    def verify(*paths: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *map(str, paths)],
            env={"SYSTEMD_UNIT_PATH": f"{units}:", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    done = verify(*[units / path.name for path in (*SERVICES, *TIMERS)])
    assert done.returncode == 0, done.stderr
    assert "hmis" not in done.stderr  # not a warning either
    assert verify(units / "hmis-broken.service").returncode


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on this machine")
def test_nginx_accepts_the_example(tmp_path):
    ports = free_port(), free_port()
    main = write_configuration(tmp_path, http=ports[0], https=ports[1], upstreams=[8000, 8001])
    done = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-c", str(main), "-e", "stderr"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_nginx_takes_a_little_more_than_the_application():
    example = (ROOT / ".env.example").read_text()
    limit = int(re.search(r"^# MAX_UPLOAD_MB=(\d+)$", example, re.M)[1])
    assert f"client_max_body_size {limit + 1}m;" in EXAMPLE.read_text()


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on this machine")
def test_what_is_too_large_for_nginx_gets_a_page_that_says_what_to_do(tmp_path):
    with through_nginx(tmp_path) as ask, pytest.raises(HTTPError) as refused:
        ask("/clients/7/files/add/", {"Content-Length": str(27 << 20)}, body=b"the first bytes")
    assert refused.value.code == 413
    assert "choose a smaller file" in refused.value.read().decode()


def test_pages_of_nginx_are_installed_as_documented():
    asked = set(re.findall(r"location = /([\w-]+\.html)", EXAMPLE.read_text()))
    assert asked == {path.name for path in EXAMPLE.parent.glob("*.html")}
    (typed,) = [line for line in documented.commands("The proxy") if "/var/www/hmis" in line]
    assert asked == {Path(word).name for word in typed.split() if word.endswith(".html")}


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Proto $scheme", "X-Forwarded-For $remote_addr", "Host $host"]
)
def test_nginx_overwrites_what_the_client_says_of_itself(header):
    assert f"proxy_set_header {header};" in EXAMPLE.read_text()


class WhatIsForwarded(BaseHTTPRequestHandler):
    """Answers with the headers that it got."""

    def do_GET(self):
        if self.path.partition("?")[0].endswith("break-off/"):
            self.close_connection = True
            return
        text = json.dumps(self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-Request-ID", "a" * 32)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


@contextmanager
def through_nginx(
    folder: Path, behind: type[BaseHTTPRequestHandler] = WhatIsForwarded, *, log: str = "crit"
) -> Iterator[Callable[..., Any]]:
    """Give a function that asks for a path, with headers, by the proxy of the example.

    log: the level of its error log, for a test that looks there for what nginx does.
    """
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), behind)
    Thread(target=upstream.serve_forever, daemon=True).start()
    http, https = free_port(), free_port()
    main = write_configuration(
        folder, http=http, https=https, upstreams=[upstream.server_port], host="localhost"
    )
    main.write_text(main.read_text().replace("hmis.error.log crit", f"hmis.error.log {log}"))
    nginx = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(main), "-e", "stderr"])
    trusting = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    trusting.check_hostname = False

    def ask(
        path: str,
        headers: dict[str, str] | None = None,
        *,
        plain: bool = False,
        body: bytes | None = None,
    ) -> Any:
        address = f"http://localhost:{http}" if plain else f"https://localhost:{https}"
        return urlopen(Request(f"{address}{path}", body, headers or {}), context=trusting)

    try:
        for _ in range(100):
            try:
                ask("/unavailable")
                break
            except OSError:
                time.sleep(0.05)
        yield ask
    finally:
        nginx.terminate()
        nginx.wait()
        upstream.shutdown()
        upstream.server_close()


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on this machine")
def test_nginx_logs_the_request_and_no_link_that_sets_a_password(tmp_path):
    """ASVS 16.2.5: neither in the access log nor, where the application is gone, in the other."""
    link = "/accounts/password/reset/key/1-abc-123def/"
    with through_nginx(tmp_path) as ask:
        ask(f"{link}?q=Vasconcelos")
        ask("/two-step-reset/abc-123def/")
        with suppress(OSError):
            ask(link, plain=True)  # where it leads to is not checked
        with pytest.raises(HTTPError):
            ask(f"{link}break-off/?q=Vasconcelos")
        with pytest.raises(HTTPError):
            ask("/clients/7/break-off/?q=Vasconcelos", {"Referer": "https://portal/?q=Vasconcelos"})
    access = (tmp_path / "hmis.access.log").read_text()
    errors = (tmp_path / "hmis.error.log").read_text()
    assert "GET /accounts/password/reset/key/... 200 " in access
    assert "GET /two-step-reset/... 200 " in access
    assert access.count("/accounts/password/reset/key/...") == 3
    assert f" {'a' * 32}\n" in access
    assert re.search(r" GET /clients/7/break-off/ 503 .* 127\.0\.0\.1:\d+ 502 -\n", access)
    for secret in ("abc-123def", "Vasconcelos"):
        assert secret not in access + errors


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on this machine")
@pytest.mark.parametrize(("megabytes", "is_in_a_file"), [(3, False), (8, True)])
def test_upload_waits_in_memory_or_in_a_file_without_a_name(tmp_path, megabytes, is_in_a_file):
    """A scan or photo writes nothing; of nothing else is there a name on the disk."""
    found = []

    class Looking(WhatIsForwarded):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            found.append([one for one in (tmp_path / "client_body").rglob("*") if one.is_file()])
            self.do_GET()

    with through_nginx(tmp_path, Looking, log="warn") as ask:
        ask("/clients/7/files/add/", body=b"x" * (megabytes << 20))
    assert found == [[]]
    log = (tmp_path / "hmis.error.log").read_text()
    assert ("buffered to a temporary file" in log) == is_in_a_file


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on this machine")
def test_nginx_forwards_no_address_that_the_client_wrote(tmp_path, rf, settings):
    """ASVS 4.1.3, 15.3.4: what nginx hands on is read as the address of who connected to it."""
    settings.PROXY_COUNT = 1
    forged = dict.fromkeys(("X-Forwarded-For", "X-Forwarded-Host", "Forwarded"), "203.0.113.66") | {
        "X-Forwarded-Proto": "http"
    }
    with through_nginx(tmp_path) as ask:
        got = json.loads(ask("/", forged).read())
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in got}
    assert address(rf.get("/", REMOTE_ADDR="127.0.0.1", **sent)) == "127.0.0.1"
    assert sent["HTTP_X_FORWARDED_PROTO"] == "https"
    assert "203.0.113.66" not in str(got)


def test_log_of_the_portal_is_handed_on_to_rsyslog():
    """ASVS 16.4.3; the documented commands copy both files."""
    journal = (ROOT / "deploy/systemd/journald@hmis.conf").read_text()
    forward = (ROOT / "deploy/log-forwarding/60-hmis.conf").read_text()
    assert "\nForwardToSyslog=yes\n" in journal
    assert "Environment" not in journal
    for part in (
        'socket="/run/systemd/journal.hmis/syslog"',
        'defaultNetstreamDriver="gtls"',
        'streamDriverMode="1"',
        'streamDriverAuthMode="x509/name"',
        "queue.filename=",
    ):
        assert part in forward
    inventory = (ROOT / "docs/security/logs.md").read_text()
    for path in ("deploy/log-forwarding/60-hmis.conf", "deploy/systemd/journald@hmis.conf"):
        assert f"sudo cp {path} " in inventory


def test_example_of_the_settings_can_be_read():
    assert {"SECRET_KEY", "DATABASE_URL", "SITE_URL"} <= set(read(ROOT / ".env.example"))


def test_every_setting_is_in_the_example():
    example = (ROOT / ".env.example").read_text()
    sources = [
        *ROOT.glob("hmis/*settings.py"),
        ROOT / "hmis/file_stores.py",
        ROOT / "hmis/environment.py",
    ]
    asked = {
        name
        for path in sources
        for name in re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', path.read_text())
    }
    asked |= set(limit_settings.FAILURES)
    assert len(asked) > 80
    assert not [name for name in sorted(asked) if not re.search(rf"^(# )?{name}=", example, re.M)]


# --- TLS and what may go out


def test_nginx_offers_modern_tls_with_forward_secrecy_alone():
    text = EXAMPLE.read_text()
    assert re.findall(r"^\s*ssl_protocols (.*);$", text, re.M) == ["TLSv1.2 TLSv1.3"]
    (ciphers,) = re.findall(r"^\s*ssl_ciphers (.*);$", text, re.M)
    for cipher in ciphers.split(":"):
        assert re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)", cipher)
    assert "ssl_session_tickets off;" in text
    assert "autoindex" not in text


def test_services_may_be_kept_from_every_address_but_the_named_ones():
    text = (documented.UNITS / "egress.conf.example").read_text()
    assert text.index("IPAddressDeny=any") < text.index("IPAddressAllow=")
    chain = (ROOT / "deploy/nftables/hmis.nft").read_text()
    last = [line.strip() for line in chain.splitlines() if line.strip() not in {"", "}"}][-1]
    assert last.startswith("counter reject")
    assert 'meta skuid != "hmis" accept' in chain


def test_rules_of_nftables_are_put_where_they_are_read():
    """Debian has neither the folder nor a line that includes it."""
    text = (ROOT / "docs/security/network.md").read_text()
    assert "sudo install -D --mode=0644 deploy/nftables/hmis.nft /etc/nftables.d/hmis.nft" in text
    assert (
        """echo 'include "/etc/nftables.d/*.nft"' | sudo tee --append /etc/nftables.conf""" in text
    )


def test_logs_of_nginx_are_made_before_it_makes_them_readable_for_everybody():
    logs = set(re.findall(r"/var/log/nginx/[\w.]+", EXAMPLE.read_text()))
    made = [line for line in documented.commands("The proxy") if "--mode=0640 /dev/null" in line]
    assert {line.split()[-1] for line in made} == logs


def test_credentials_are_secrets_of_the_settings():
    text = (documented.UNITS / "credentials.conf.example").read_text()
    names = re.findall(r"^LoadCredentialEncrypted=(\w+):/etc/hmis/\1$", text, re.M)
    assert {"SECRET_KEY", "SSN_ENCRYPTION_KEYS", "SSN_HASH_KEY", "DATABASE_URL"} <= set(names)
    assert set(names) <= {*SECRETS, *KEY_FILES}


def test_communication_needs_name_every_address_of_the_settings():
    text = (ROOT / "docs/security/network.md").read_text()
    addresses = {"DATABASE_URL", "DATABASE_REPLICA_URL", "DATABASE_OWNER_URL", "EMAIL_URL"}
    addresses |= {"REDIS_URL", "S3_ENDPOINT_URL", "CLAMAV_ADDRESS", "WEB_BIND"}
    addresses |= {"RELEASE_TIMESTAMP_URL"}
    rows = " ".join(line for line in text.splitlines() if line.startswith("| "))
    assert not [name for name in addresses if f"`{name}`" not in rows]
    example = (ROOT / ".env.example").read_text()
    asked = set(re.findall(r"^#? ?([A-Z0-9_]+_(?:URL|ADDRESS|BIND))(?:_FILE)?=", example, re.M))
    assert {name for name in asked if "_FROM_" not in name} - {"SITE_URL"} <= addresses
    for setting in CONNECTIONS:
        assert setting in text


def test_cron_lines_of_the_pages_are_those_of_deploy():
    lines = [line for line in documented.CRON.splitlines() if "backup" in line]
    text = (ROOT / "docs/backup.md").read_text()
    typed = [" ".join(line.split()) for line in text.splitlines() if "manage.py" in line]
    assert len(lines) == 2
    assert [" ".join(line.split()) for line in lines if " ".join(line.split()) not in typed] == []


def test_update_times_are_written_down():
    """V15.1.1: how fast a flaw in a package is answered, by how bad it is."""
    text = (ROOT / "docs/security/patching.md").read_text()
    for kind, within in (("critical", "48 hours"), ("high", "7 days"), ("medium", "30 days")):
        assert re.search(rf"^\| {kind} \|.*\| {within} \|", text, re.M)
