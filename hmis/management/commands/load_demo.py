"""The demonstration's data, for an empty database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clients.duplicates.run import find_duplicates
from hmis.demo import DEMO_LOGINS, DEMO_PASSWORD
from hmis.demo.load import CLIENTS, SEED, load


class Command(BaseCommand):
    help = "Fill an empty database with two agencies, their users and synthetic clients."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, default=CLIENTS, help=f"default: {CLIENTS}")
        parser.add_argument("--seed", type=int, default=SEED, help="another seed, other people")

    def handle(self, *, clients: int, seed: int, verbosity: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo log-ins have a published password: set HMIS_DEMO=1 to load them."
            )
        context = load(count=clients, seed=seed)
        find_duplicates(whole=True, processes=1)  # as a night would have done
        if verbosity:
            self.stdout.write(f"{len(context.filed)} clients. Log in with {DEMO_PASSWORD} as")
            for email, who in DEMO_LOGINS:
                self.stdout.write(f"  {email:<24}{who}")
