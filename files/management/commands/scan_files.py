from collections import Counter
from typing import Any

from django.core.management.base import CommandError

from files import actions, clamav
from files.models import Status, StoredFile
from files.store import LostFileError, StoreError
from outbox.watching import CronCommand


class Command(CronCommand):
    help = (
        "Scans the files that wait because the virus scanner did not answer, and stops where it, "
        "or the file store, does not answer now. Run it from cron."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = StoredFile.objects.filter(status=Status.PENDING).order_by("pk")
        ends: Counter[str] = Counter()
        why: dict[str, None] = {}  # in order, each once
        for pk in list(waiting.values_list("pk", flat=True)):
            try:
                ends[actions.scan_waiting(pk=pk) or "taken"] += 1
            except clamav.NoAnswerError as error:
                why[f"The virus scanner gave no verdict: {error}."] = None
                if not clamav.answers():  # and would not for the others, each of which waits for it
                    break
            except LostFileError:
                why["A file is not in the file store: clean_files says which."] = None
            except StoreError:
                why["The file store does not answer."] = None
                break
        self.stdout.write(
            f"{ends[Status.READY]} clean, {ends[Status.REFUSED]} refused, "
            f"{waiting.count()} still waiting"
        )
        if why:
            raise CommandError(" ".join(why))
