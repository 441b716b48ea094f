"""What the scheduled commands cost: by the clock, in processor time, in statements."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from tests.bench.cluster import Statistics
from tests.bench.sides import Side
from tests.cas.mail.smtp_server import SMTPServer

CHANGED, MAILS = 1000, 10_000
# Whose rows a run could not take back, or whose files a made-up state does not have.
LEFT_OUT = {"backup", "verify_backup", "clean_files", "scan_files", "check_releases"}
LEFT_OUT |= {"find_duplicates", "send_mail"}
SECONDS_TO_END = 0.5  # for the sessions of a command that has ended
LINE = re.compile(r"manage\.py (\w+)((?: --[\w-]+)*)", re.M)
# Triggers write the history by which they are found.
CHANGE = """
UPDATE clients_client SET date_updated = now() + interval '1 second'
WHERE id IN (SELECT id FROM clients_client ORDER BY md5(id::text) LIMIT %s)
"""
# About clients with whom the recipients work: as often as it takes, where these are fewer.
NOTIFY = """
INSERT INTO cas_notification (public_id, recipient_id, client_id, kind, subject, created_at)
SELECT gen_random_uuid(), case_manager_id, client_id, 'referred', 'bench:' || gen_random_uuid(),
    now() - interval '1 minute'
FROM generate_series(1, 100), enrollments_caseassignment
WHERE ends_on IS NULL AND date_deleted IS NULL LIMIT %s
"""


@dataclass
class Job:
    name: str
    command: list[str]
    before: str = ""  # what is written before it, so many times
    many: int = 0
    fires: bool = False  # whether triggers see that


def jobs(side: Side) -> Iterator[Job]:
    yield Job("find_duplicates --all", ["find_duplicates", "--all"])
    changed = f"find_duplicates, {CHANGED:,} changed"
    yield Job(changed, ["find_duplicates"], CHANGE, CHANGED, fires=True)
    yield Job("find_duplicates, nothing changed", ["find_duplicates"])
    yield Job("send_mail, first run: plans", ["send_mail", "--limit", "0"])
    yield Job("send_mail, nothing to do", ["send_mail", "--limit", "0"])
    sends = ["send_mail", "--limit", str(MAILS)]
    yield Job(f"send_mail, {MAILS:,} mails planned and sent", sends, NOTIFY, MAILS)
    for name, options in dict.fromkeys(
        LINE.findall((side.tree / "deploy/cron.d/hmis").read_text())
    ):
        if name not in LEFT_OUT:
            yield Job(f"{name}{options}", [name, *options.split()])


def measure(sides: list[Side]) -> None:
    office = SMTPServer().open()
    mail = f"smtp://127.0.0.1:{office.port}"
    print("| command | commit | seconds | processor s, Python | PostgreSQL | statements | mails |")
    print("|---|---|---|---|---|---|---|")
    of_each = [{job.name: job for job in jobs(side)} for side in sides]
    for name in of_each[-1]:
        for side, known in zip(sides, of_each, strict=True):
            if job := known.get(name):
                before = len(office.taken)
                cost = timed(side, job, mail)
                mails = len(office.taken) - before
                print(f"| {name} | {side.name} | {cost} | {mails:,} |", flush=True)
    office.close()


def timed(side: Side, job: Job, mail: str) -> str:
    statistics = side.statistics()
    if job.before:
        with statistics.link.transaction():
            if not job.fires:
                statistics.link.execute("SET LOCAL session_replication_role = replica")
            statistics.link.execute(job.before, [job.many])
    before, server_before = statistics.counted(), server_seconds(statistics)
    begin = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *job.command],
        cwd=side.tree,
        env=side.environment(EMAIL_URL=mail),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    took = time.monotonic() - begin
    if status:
        return f"failed: {said.strip()[-200:]} | | |"
    spent = statistics.counted() - before
    processor = used.ru_utime + used.ru_stime
    server = server_seconds(statistics) - server_before
    return f"{took:.1f} | {processor:.1f} | {server:.1f} | {spent.queries:,.0f}"


def server_seconds(statistics: Statistics) -> float:
    """The processor time of all sessions that have ended, the command's among them."""
    time.sleep(SECONDS_TO_END)
    times = psutil.Process(psutil.Process(statistics.link.info.backend_pid).ppid()).cpu_times()
    return times.children_user + times.children_system
