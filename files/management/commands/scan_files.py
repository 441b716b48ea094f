from collections import Counter
from typing import Any

from django.core.management.base import CommandError

from files import actions, clamav
from files.models import Status, StoredFile
from files.store import StoreError
from outbox.watching import CronCommand


class Command(CronCommand):
    help = "Scans the files that wait because the virus scanner did not answer. Run it from cron."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = StoredFile.objects.filter(status=Status.PENDING).order_by("pk")
        ends: Counter[str] = Counter()
        unanswered: Counter[str] = Counter()
        for pk in list(waiting.values_list("pk", flat=True)):
            try:
                ends[actions.scan_waiting(pk=pk) or "taken"] += 1
            except clamav.NoAnswerError as error:
                unanswered[f"The virus scanner gave no verdict: {error}."] += 1
            except StoreError:
                unanswered["The file store does not answer."] += 1
        self.stdout.write(
            f"{ends[Status.READY]} clean, {ends[Status.REFUSED]} refused, "
            f"{unanswered.total()} still waiting"
        )
        if unanswered:
            raise CommandError(" ".join(unanswered))
