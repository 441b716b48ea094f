"""`make drill`: the failover of docs/scaling.md on this machine, with real engines.

Two web servers on two ports behind the nginx example, an S3 store, PostgreSQL with a streaming
replica and synchronous commit. Under load one web server is killed, then the primary; the replica
is promoted by the documented steps. Prints what was acknowledged, lost, doubled and refused.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from cryptography.fernet import Fernet

from tests.drill.load import BrowserClient, Officer, Report, Writer
from tests.drill.postgresql import Cluster
from tests.files.s3_server import KEY, SECRET, S3Server
from tests.hmis.proxy import write_configuration
from tests.server_process import free_port

ROOT = Path(__file__).parents[2]
HOST = "portal.city.gov"
PASSWORD = secrets.token_urlsafe(16)
SECONDS_OF_LOAD = float(os.environ.get("DRILL_SECONDS", "8"))


class WebServer:
    """One machine of web processes, as docs/deploying.md starts it."""

    def __init__(self, port: int, environment: dict[str, str], log: Path) -> None:
        self.port, self.environment, self.log = port, environment, log
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        gunicorn = Path(sys.executable).with_name("gunicorn")
        self.process = subprocess.Popen(
            [str(gunicorn), "--config", "python:hmis.server.config", "hmis.wsgi"],
            cwd=ROOT,
            env=self.environment | {"WEB_BIND": f"127.0.0.1:{self.port}"},
            stdout=self.log.open("a"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def end(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(60)


def database_url(cluster: Cluster) -> str:
    return f"postgresql://hmis_server:drill-server@127.0.0.1:{cluster.port}/hmis"


class Drill:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.primary = Cluster(folder / "primary", free_port())
        self.replica = Cluster(folder / "replica", free_port())
        (folder / "s3" / "hmis").mkdir(parents=True)
        self.store = S3Server(folder / "s3")
        self.dotenv = folder / "settings.env"
        self.https = free_port()
        path = os.environ["PATH"]
        self.environment = {"PATH": path, "HOME": str(folder), "HMIS_ENV_FILE": str(self.dotenv)}
        log = folder / "web.log"
        self.web = [WebServer(free_port(), self.environment, log) for _ in range(2)]
        self.nginx: subprocess.Popen | None = None
        self.report = Report()
        self.users: list[Writer | Officer] = []
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)
        print(line, flush=True)  # noqa: T201 -- what the drill is for

    def write_settings(self, primary: Cluster, replica: Cluster | None) -> None:
        """The .env that all web servers share."""
        values = {
            "SECRET_KEY": KEYS[0],
            "SSN_HASH_KEY": KEYS[1],
            "SSN_ENCRYPTION_KEYS": KEYS[2],
            "DATABASE_URL": database_url(primary),
            "DATABASE_OWNER_URL": f"postgresql://hmis:drill@127.0.0.1:{primary.port}/hmis",
            "DATABASE_REPLICA_URL": replica and database_url(replica),
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}/",
            "BEHIND_PROXY": "true",
            "MFA_REQUIRED": "false",  # the users of the drill have no telephones
            "WEB_MACHINES": "2",
            "WEB_WORKERS": "1",
            "S3_BUCKET": "hmis",
            "S3_ENDPOINT_URL": self.store.url,
            "S3_ACCESS_KEY_ID": KEY,
            "S3_SECRET_ACCESS_KEY": SECRET,
            "STATIC_ROOT": str(self.folder / "static"),
            "HMIS_DATA_DIR": str(self.folder / "data"),
            "LOG_LEVEL": "WARNING",
        }
        lines = [f"{name}={value}" for name, value in values.items() if value]
        self.dotenv.write_text("\n".join(lines) + "\n")

    def python(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment | {"DRILL_PASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
        return done.stdout

    def set_up(self) -> list[int]:
        self.primary.create()
        self.primary.start()
        self.primary.execute("CREATE ROLE hmis LOGIN PASSWORD 'drill'")
        self.primary.execute("CREATE ROLE hmis_server LOGIN PASSWORD 'drill-server'")
        self.primary.execute("CREATE DATABASE hmis OWNER hmis")
        self.store.start()
        self.write_settings(self.primary, None)
        self.python("manage.py", "migrate", "-v0")
        self.python("manage.py", "createcachetable")
        self.python("manage.py", "collectstatic", "--noinput", "-v0")
        clients = [int(line) for line in self.python("-m", "tests.drill.seed").split()]
        self.replica.copy(self.primary)
        self.replica.start()
        self.primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'replica'")
        self.primary.execute("ALTER SYSTEM SET synchronous_commit = 'remote_apply'")
        self.primary.execute("SELECT pg_reload_conf()")
        self.write_settings(self.primary, self.replica)
        for server in self.web:
            server.start()
        self.start_proxy()
        self.wait_for_health(180)
        return clients

    def start_proxy(self) -> None:
        (self.folder / "nginx").mkdir()
        configuration = write_configuration(
            self.folder / "nginx",
            http=free_port(),
            https=self.https,
            upstreams=[server.port for server in self.web],
            host=HOST,
        )
        command = ["nginx", "-p", str(self.folder / "nginx"), "-c", str(configuration)]
        self.nginx = subprocess.Popen([*command, "-e", "stderr"], stderr=subprocess.DEVNULL)

    def browser(self) -> BrowserClient:
        return BrowserClient(("127.0.0.1", self.https), HOST)

    def wait_for_health(self, seconds: float, port: int | None = None) -> float:
        """Seconds until the portal (or one web server) answers."""
        begun = time.time()
        while time.time() - begun < seconds:
            with contextlib.suppress(OSError):
                browser = self.browser()
                if browser.get("/health/") == 200:
                    return time.time() - begun
            time.sleep(0.1)
        raise SystemExit(f"No answer within {seconds} s: {(self.folder / 'web.log').read_text()}")

    def start_load(self, clients: list[int]) -> None:
        for number in range(4):
            email = f"worker{number}@city.gov"
            user = Writer(self.browser(), email, PASSWORD, self.report, client_id=clients[number])
            self.users.append(user)
        self.users.append(Officer(self.browser(), "officer@city.gov", PASSWORD, self.report))
        for user in self.users:
            user.start()
        deadline = time.time() + 60
        while len(self.report.acknowledged) < 8:
            if self.report.broken or time.time() > deadline:
                raise SystemExit(f"The users cannot work: {self.report.broken}")
            time.sleep(0.1)

    def kill_a_web_server(self) -> bool:
        """Nobody may see an error but those whose request was on its way to it."""
        before = len(self.report.acknowledged)
        killed = time.time()
        self.web[0].end(signal.SIGKILL)
        time.sleep(SECONDS_OF_LOAD)
        in_flight = self.report.failures(killed - 30, killed)
        later = self.report.failures(killed + 0.01, time.time())
        self.web[0].start()
        self.say(
            f"one of two web servers killed: {len(in_flight)} requests in flight failed, "
            f"{len(later)} of those begun afterwards; "
            f"{len(self.report.acknowledged) - before} saves acknowledged meanwhile"
        )
        return not later

    def kill_the_primary(self) -> None:
        """The documented steps, by a clock."""
        killed = time.time()
        self.primary.kill()
        self.replica.promote()
        self.replica.execute("ALTER SYSTEM RESET synchronous_standby_names")
        self.replica.execute("SELECT pg_reload_conf()")
        promoted = time.time()
        self.write_settings(self.replica, None)
        for server in self.web:
            server.end(signal.SIGTERM)
            server.start()
        acknowledged = len(self.report.acknowledged)
        self.wait_for_health(180)
        while len(self.report.acknowledged) == acknowledged and time.time() - killed < 180:
            time.sleep(0.05)
        back = time.time()
        refused = Counter(what for _, what, _ in self.report.failures(killed, back))
        self.say(
            f"primary killed: promoted after {promoted - killed:.1f} s, the first save after "
            f"{back - killed:.1f} s; {refused.total()} requests refused meanwhile"
        )
        time.sleep(SECONDS_OF_LOAD)
        late = self.report.failures(back + 1, time.time())
        self.say(f"afterwards: {len(late)} requests refused")

    def count(self) -> bool:
        for user in self.users:
            user.stop.set()
        for user in self.users:
            user.join(60)
        there = Counter(
            mark
            for (mark,) in self.replica.execute(
                "SELECT type_description FROM clients_interestedother", database="hmis"
            )
        )
        lost = [mark for mark in self.report.acknowledged if not there[mark]]
        doubled = [mark for mark, times in there.items() if times > 1]
        unanswered = there.keys() - self.report.acknowledged
        lists = [status for _, what, status in self.report.answers if what == "officer's list"]
        self.say(
            f"writes acknowledged {len(self.report.acknowledged)}, lost {len(lost)}, doubled "
            f"{len(doubled)}; kept but not acknowledged {len(unanswered)}; officers' lists read on "
            f"the replica or after it {lists.count(200)}"
        )
        return bool(self.report.acknowledged) and not lost and not doubled

    def tear_down(self) -> None:
        for user in self.users:
            user.stop.set()
        for server in self.web:
            server.end(signal.SIGTERM)
        if self.nginx:
            self.nginx.terminate()
            self.nginx.wait()
        if self.store.process:
            self.store.stop()
        for cluster in (self.primary, self.replica):
            if (cluster.folder / "postmaster.pid").exists():
                with contextlib.suppress(SystemExit):
                    cluster.stop()


def run() -> bool:
    """One round; False where a write was lost or doubled, or somebody saw an error page."""
    folder = Path(tempfile.mkdtemp(prefix="hmis-drill-"))
    folder.chmod(0o755)
    drill = Drill(folder)
    try:
        clients = drill.set_up()
        drill.start_load(clients)
        untroubled = drill.kill_a_web_server()
        drill.wait_for_health(60)
        drill.kill_the_primary()
        return drill.count() and untroubled
    finally:
        drill.tear_down()
        shutil.rmtree(folder, ignore_errors=True)


KEYS = [secrets.token_urlsafe(50), secrets.token_urlsafe(50), Fernet.generate_key().decode()]

if __name__ == "__main__":
    sys.exit(0 if run() else 1)
