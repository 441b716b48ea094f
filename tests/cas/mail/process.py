"""The real command in a process of its own, and what may be true after all that befell it."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection

from cas.models import DeliveryItem
from tests.cas.mail.smtp_server import SMTPServer
from tests.server_process import environment
from tests.waits import wait_until

ROOT = Path(__file__).parents[3]
RUNS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'send_mail'
"""


def start(office: SMTPServer, *options: str) -> subprocess.Popen[bytes]:
    """Begin a run of the command on the database of this process."""
    env = environment() | {
        "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
        "SITE_URL": "https://hmis.example.org/",
        "CAS_INACTIVE_DAYS": "0",
        "LOG_LEVEL": "INFO",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "send_cas_notifications", *options],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def database_url() -> str:
    facts = connection.settings_dict
    user, password = quote(facts["USER"], safe=""), quote(facts["PASSWORD"], safe="")
    return f"postgresql://{user}:{password}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def run_here() -> int:
    """The exit code of a run in this process, where what the process is does not matter."""
    try:
        call_command("send_cas_notifications")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def run(office: SMTPServer, *options: str) -> tuple[int, str]:
    """The exit code and all that it said."""
    process = start(office, *options)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said.decode()


def wait_for_end(process: subprocess.Popen[bytes]) -> int:
    """The exit code, once PostgreSQL has noticed as well that nobody sends any more."""
    code = process.wait(timeout=60)
    wait_until(lambda: not _runs())
    return code


def _runs() -> int:
    with connection.cursor() as cursor:
        cursor.execute(RUNS)
        return cursor.fetchone()[0]


def faults(office: SMTPServer, public_ids: list[str]) -> list[str]:
    """What is neither sent exactly once nor named uncertain: compares server and database."""
    notified = office.notified
    rows = DeliveryItem.objects.values_list("notification__public_id", "delivery__state")
    states = {str(public_id): state for public_id, state in rows}
    found = []
    for public_id in public_ids:
        times, state = notified[public_id], states.get(public_id, "not planned")
        is_right = times == 1 if state == "sent" else state == "uncertain" and times <= 1
        if not is_right:
            found.append(f"{state}, arrived {times} times")
    return found + ["arrived and nobody knows why" for one in notified if one not in states]


def state_counts() -> Counter[str]:
    return Counter(DeliveryItem.objects.values_list("delivery__state", flat=True))
