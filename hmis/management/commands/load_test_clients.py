"""Many synthetic clients, to measure how the portal behaves at size."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hmis.demo.bulk import add_clients_in_bulk


class Command(BaseCommand):
    help = "Add synthetic clients to a demonstration's database, for load tests."

    runs_as_owner = True  # to ANALYZE every table

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, metavar="N", help="how many clients to add")
        parser.add_argument("--seed", type=int, help="by default every run adds other people")

    def handle(self, *, count: int, seed: int | None, verbosity: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Synthetic clients are for a demonstration: set HMIS_DEMO=1 to load them."
            )
        begin = monotonic()
        for written in add_clients_in_bulk(count=count, seed=seed, today=timezone.localdate()):
            if verbosity:
                seconds = monotonic() - begin
                self.stdout.write(f"{written} of {count} clients, {seconds:.0f} s")
