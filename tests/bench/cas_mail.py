"""What mailing CAS notifications costs as more of them wait, and what twenty kills leave.

    .venv/bin/python -m tests.bench.cas_mail cost 100000
    .venv/bin/python -m tests.bench.cas_mail kills

`cost` fills a database of its own with that many notifications of 200 case managers, and runs the
real command against an SMTP server in this process: once to plan the mails, once to find nothing to
plan, once to send 10,000. `kills` sends 10,000 by two processes at once, beside a third that is
killed at twenty random moments, and compares what the server took with what the database says.
"""

import argparse
import os
import random
import time
from datetime import timedelta

from tests.bench.databases import prepare

USERS = 200
MEASURED = 10_000
KILLED, KILLS = 10_000, 20


def fill(count: int) -> list[str]:
    """Notifications of a minute ago; returns their public ids."""
    from django.db import connection
    from django.utils import timezone

    from cas.models import Notification
    from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
    from tests.factories import ClientFactory, OrganizationFactory, UserFactory

    organization = OrganizationFactory()
    pairs = []
    for _ in range(USERS):
        user = UserFactory(at=[organization])
        client = ClientFactory(organization=organization, created_by=user)
        enrollment = EnrollmentFactory(client=client)
        CaseAssignmentFactory(enrollment=enrollment, case_manager=user, created_by=user)
        pairs.append((user, client))
    at = timezone.now() - timedelta(minutes=1)
    rows = [
        Notification(
            recipient=pairs[n % USERS][0],
            client=pairs[n % USERS][1],
            kind=Notification.Kind.REFERRED,
            subject=f"bench:{n}",
            created_at=at,
        )
        for n in range(count)
    ]
    Notification.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [str(row.public_id) for row in rows]


def timed(office, *options: str) -> tuple[float, float]:
    """Seconds by the clock, and of this command's processor time."""
    from tests.cas.mail.process import start

    begin = time.perf_counter()
    process = start(office, *options)
    process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, status
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime


def cost(count: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from outbox.models import Delivery
    from outbox.sending import BATCH
    from tests.cas.mail.smtp_server import SMTPServer

    fill(count)
    office = SMTPServer().open()
    planning = timed(office, "--limit", "0")
    idle = timed(office, "--limit", "0")
    many = min(MEASURED, count)
    sending = timed(office, "--limit", str(many))
    assert len(office.taken) == many
    print(f"{count:,} notifications waiting")
    for name, spent, share in (("to plan", planning, count), ("to send", sending, many)):
        wall, processor = ((a - b) / share * 1000 for a, b in zip(spent, idle, strict=True))
        print(f"  {name}: {wall:.2f} ms each by the clock, {processor:.2f} ms of processor time")
    print(
        f"  a run with nothing new to plan or send: {idle[0]:.1f} s, {idle[1]:.1f} s of processor"
    )
    claim = Delivery.objects.due(timezone.now()).select_for_update(skip_locked=True, of=("self",))
    claim = claim.select_related("recipient")[:BATCH]
    with transaction.atomic():
        print(claim.explain(analyze=True, buffers=True))
    office.close()


def kills() -> None:
    from outbox.models import Delivery, MailRun
    from tests.cas.mail.process import faults, run, start, state_counts
    from tests.cas.mail.smtp_server import SMTPServer

    expected = fill(KILLED)
    office = SMTPServer().open()
    rng = random.Random()
    begin = time.perf_counter()
    others = [start(office), start(office)]
    while MailRun.objects.count() < len(others):
        time.sleep(0.1)
    killed_after = []
    for _ in range(KILLS):
        newest = MailRun.objects.latest("pk").pk if MailRun.objects.exists() else 0
        victim = start(office)
        # From the moment on that it has mails in hand, so that the kill falls into its work.
        while not Delivery.objects.filter(claimed_by__gt=newest, state="claimed").exists():
            time.sleep(0.02)
            assert victim.poll() is None, "it found nothing to do: give it more"
        wait = rng.uniform(0, 2)
        time.sleep(wait)
        assert victim.poll() is None
        victim.kill()
        victim.wait()
        killed_after.append(f"{wait:.2f}")
        # Cron goes on starting runs, too.
        others = [one if one.poll() is None else start(office) for one in others]
    for one in others:
        one.wait()
    code, _ = run(office)
    print(f"{KILLED:,} notifications, {time.perf_counter() - begin:.0f} s by the clock")
    print(f"killed {', '.join(killed_after)} s after their first claim")
    dead = MailRun.objects.filter(ended_at=None).count()
    print(f"{dead} runs died")
    print(f"states: {dict(state_counts())}; last exit code {code}")
    print(f"the server took {len(office.taken):,} mails, {len(office.notified):,} notifications,")
    print(f"at most {max(office.notified.values())} times each")
    print(f"neither sent once nor named uncertain: {faults(office, expected) or 'none'}")
    office.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["cost", "kills"])
    parser.add_argument("count", type=int, nargs="?", default=1000)
    chosen = parser.parse_args()
    if chosen.what == "kills":
        prepare("cas_mail_kills", durable=True, fresh=True)
        kills()
    else:
        prepare(f"cas_mail_{chosen.count}", durable=True, fresh=True)
        cost(chosen.count)


if __name__ == "__main__":
    main()
