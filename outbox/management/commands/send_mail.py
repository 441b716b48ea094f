import signal
import sys
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from outbox.kinds import writers
from outbox.models import Delivery, Outcome
from outbox.sending import Job
from outbox.watching import CronCommand

EXIT_CODES = (
    "Exit codes: 0 all is sent, 2 some could not be delivered or are uncertain, 3 the mail server "
    "takes no mail (the next run goes on), 1 anything else."
)
# On the terminal and in cron's log, whatever LOG_LEVEL is.
ADVICE = {
    Outcome.PARTLY: (
        "Some mails could not be delivered, or may not have arrived. The portal lists them under "
        "Mail, Not delivered, and sends one again where somebody chooses Send again."
    ),
    Outcome.SERVER_DOWN: (
        "The mail server takes no mail. Check the server and EMAIL_URL: nothing is lost, the next "
        "run sends what waits."
    ),
    Outcome.BROKEN: (
        "The run was stopped by an error, which is in the log. What it did not send waits for the "
        "next run."
    ),
}


class Command(CronCommand):
    help = (
        "Sends every mail that is due: notifications of Coordinated Access, and what could not be "
        "sent at once. Run it every few minutes from cron, on one machine or on several. "
        f"{EXIT_CODES}"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what is due, do nothing")
        parser.add_argument("--limit", type=int, help="send at most so many mails")
        parser.add_argument("--now", type=datetime.fromisoformat, help="another time, for tests")

    def handle(
        self, *args: Any, dry_run: bool, limit: int | None, now: datetime | None, **options: Any
    ) -> None:
        if not settings.SITE_URL:
            raise CommandError("Set SITE_URL: the mails link to the portal.")
        if dry_run:
            self._say_what_is_due(now or timezone.now())
            return
        job = Job(clock=(lambda: now) if now else timezone.now, limit=limit)

        def stop(*_: Any) -> None:
            job.must_stop = True

        signal.signal(signal.SIGTERM, stop)
        outcome = job.work()
        if outcome.exit_code:
            self.stderr.write(ADVICE[outcome])
            sys.exit(outcome.exit_code)

    def _say_what_is_due(self, now: datetime) -> None:
        """Counts only, and without what is notified on this day for the first time."""
        for writer in writers().values():
            for line in writer.planned(now):
                self.stdout.write(line)
        self.stdout.write(f"{Delivery.objects.due(now).count()} mails planned already and due")
        self.stdout.write(f"{Delivery.objects.in_doubt().count()} mails uncertain or given up")
