from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.checking import checked
from consent.sealing.faults import Fault
from records.clock import midnight


class Command(BaseCommand):
    help = (
        "Verifies the seal and the bytes of every release's file, the text that was signed, and "
        "that release, file and text belong together. Names what was changed by numbers alone, "
        "and ends with 1 if anything was. Changes nothing. Run it daily from cron."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="only releases that were recorded on this day or later",
        )

    def handle(self, *, since: date | None, **options: Any) -> None:
        moment = since and midnight(since)
        counts: Counter[str] = Counter()
        for one in checked(since=moment):
            counts["all"] += 1
            if one.is_in_order:
                continue
            counts["unread" if one.faults == (Fault.UNREAD,) else "wrong"] += 1
            self.stdout.write(str(one))
        said = (
            f"{counts['all']} releases checked: {counts['wrong']} are not what was signed or "
            f"stored, {counts['unread']} could not be read"
        )
        if counts["wrong"] or counts["unread"]:
            raise CommandError(said)
        self.stdout.write(said)
