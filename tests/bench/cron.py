"""What the scheduled commands cost: by the clock, in processor time, in statements."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.sides import Side
from tests.cas.mail.smtp_server import SMTPServer

CHANGED, MAILS = 1000, 1000
# Whose rows a run could not take back, or whose files a made-up state does not have.
LEFT_OUT = {"backup", "verify_backup", "clean_files", "scan_files", "check_releases"}
LEFT_OUT |= {"find_duplicates", "send_mail"}
LINE = re.compile(r"manage\.py (\w+)((?: --[\w-]+)*)", re.M)
CHANGE = """
UPDATE clients_client SET date_updated = now() + interval '1 second'
WHERE id IN (SELECT id FROM clients_client ORDER BY md5(id::text) LIMIT %s)
"""


@dataclass
class Job:
    name: str
    command: list[str]
    changes: int = 0  # clients that somebody edits before it


def jobs(side: Side) -> Iterator[Job]:
    yield Job("find_duplicates --all", ["find_duplicates", "--all"])
    yield Job(f"find_duplicates, {CHANGED:,} changed", ["find_duplicates"], CHANGED)
    yield Job("find_duplicates, nothing changed", ["find_duplicates"])
    yield Job("send_mail, first run: plans", ["send_mail", "--limit", "0"])
    yield Job("send_mail, nothing to do", ["send_mail", "--limit", "0"])
    yield Job(f"send_mail, at most {MAILS:,} mails", ["send_mail", "--limit", str(MAILS)])
    for name, options in dict.fromkeys(
        LINE.findall((side.tree / "deploy/cron.d/hmis").read_text())
    ):
        if name not in LEFT_OUT:
            yield Job(f"{name}{options}", [name, *options.split()])


def measure(sides: list[Side]) -> None:
    office = SMTPServer().open()
    mail = f"smtp://127.0.0.1:{office.port}"
    print("| command | commit | seconds | processor s, Python | in statements s | statements |")
    print("|---|---|---|---|---|---|")
    of_each = [{job.name: job for job in jobs(side)} for side in sides]
    for name in of_each[-1]:
        for side, known in zip(sides, of_each, strict=True):
            if job := known.get(name):
                print(f"| {name} | {side.name} | {timed(side, job, mail)} |", flush=True)
    print(f"\n{len(office.taken):,} mails taken")
    office.close()


def timed(side: Side, job: Job, mail: str) -> str:
    statistics = side.statistics()
    if job.changes:
        with statistics.link.transaction():
            statistics.link.execute("SET LOCAL session_replication_role = replica")
            statistics.link.execute(CHANGE, [job.changes])
    before = statistics.counted()
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
    return f"{took:.1f} | {processor:.1f} | {spent.sql / 1000:.1f} | {spent.queries:,.0f}"
