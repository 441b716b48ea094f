"""What the commands that read a simple table have in common."""

import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import User
from exchange.beside.table import KNOWN, NEW, REFUSED, Load, Tell
from exchange.models import SourceSystem
from exchange.reading.refusals import RefusedError

logger = logging.getLogger(__name__)
NOBODY = (
    "Say with --by in whose name rows of unknown authors are filed: the e-mail address of an "
    "active user."
)


class TableCommand(BaseCommand):
    """Reads a table. Exit code 0: all is here; 1: some rows were refused; 2: none was read."""

    file = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", required=True, metavar="NAME", help=(
            "the system that the keys come from, as import_hmis_csv was given it"
        ))  # fmt: skip
        parser.add_argument("--by", required=True, metavar="E-MAIL", help=NOBODY)
        parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")

    def take(self, load: Load, tell: Tell, places: dict[str, Path]) -> None:
        """Read the table at one of the places that the command was given."""
        raise NotImplementedError

    def handle(self, *, source: str, by: str, dry_run: bool, **options: Any) -> None:
        user = User.objects.active().filter(email=by.lower()).first()
        if user is None:
            raise CommandError(NOBODY, returncode=2)
        system, is_new = SourceSystem.objects.get_or_create(name=source, organization=None)
        if is_new:
            self.stdout.write(
                f'No import has named the source "{source}" before. Name it as import_hmis_csv was '
                "given it: under another name the same rows come in twice."
            )
        command = self.__class__.__module__.rpartition(".")[2]
        load = Load(self.file, f"exchange:{command}", system, user, is_dry_run=dry_run)
        try:
            self.take(load, self._tell, options)
        except RefusedError as error:
            raise CommandError(str(error), returncode=2) from error
        finally:
            if dry_run and is_new:
                system.delete()
        counts = {name: load.counts[name] for name in (NEW, KNOWN, REFUSED)}
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
        logger.info("%s: %s", command, counts)
        if dry_run:
            self.stdout.write("This was a dry run: nothing was written.")
        if load.counts[REFUSED]:
            raise CommandError("Some rows were refused; see the lines above.", returncode=1)

    def _tell(self, row: int, why: str) -> None:
        self.stdout.write(f"Row {row}: {why}")
