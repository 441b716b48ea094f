import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import User
from exchange.imports.run import Outcome, import_files
from exchange.management.passwords import first_line
from exchange.reading.refusals import RefusedError

logger = logging.getLogger(__name__)
NOBODY = (
    "Say with --by in whose name rows without a user are filed: the e-mail address of an active "
    "user. Without it, it is the administrator who has been here longest."
)


class Command(BaseCommand):
    help = (
        "Imports a set of HMIS CSV files for the whole site, whole or not at all. It may be run "
        "again with the same or newer files. Exit code 0: all rows came in; 1: some were refused, "
        "the lines say which; 2: nothing was imported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="a zip, or a folder with the CSV files")
        parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")
        parser.add_argument("--source", default="", dest="name", metavar="NAME", help=(
            "the system that the files come from; Export.csv says it otherwise"
        ))  # fmt: skip
        parser.add_argument("--by", default="", metavar="E-MAIL", help=NOBODY)
        parser.add_argument(
            "--password-file", type=Path, metavar="FILE", help="its first line opens the zip"
        )

    def handle(self, *, source: Path, dry_run: bool, name: str, by: str, **options: Any) -> None:
        file: Path | None = options["password_file"]
        try:
            outcome = import_files(
                source=source,
                by=_import_user(by),
                source_name=name,
                password=first_line(file) if file else "",
                dry_run=dry_run,
            )
        except RefusedError as error:
            raise CommandError(str(error), returncode=2) from error
        self._tell(outcome)
        refused = sum(counts.refused for counts in outcome.counts.values())
        logger.info("import_hmis_csv: %s rows refused, dry run: %s", refused, dry_run)
        if refused:
            raise CommandError(f"{refused} rows were refused; see the lines above.", returncode=1)

    def _tell(self, outcome: Outcome) -> None:
        for kind, count in outcome.report.counts.items():
            rows = (outcome.report.rows.get(kind) or [])[:10]
            more = " …" if count > len(rows) else ""
            where = f"; rows: {', '.join(map(str, rows))}{more}" if rows else ""
            place = ".".join(filter(None, [kind.file, kind.column]))
            self.stdout.write(f"{place or 'All files'}: {kind.message} ({count}x{where})")
        self.stdout.write(f"{'File':25}{'new':>10}{'changed':>10}{'unchanged':>11}{'refused':>10}")
        for name, counts in outcome.counts.items():
            numbers = f"{counts.new:10}{counts.changed:10}{counts.unchanged:11}{counts.refused:10}"
            self.stdout.write(f"{name:25}{numbers}")
        if outcome.is_dry_run:
            self.stdout.write("This was a dry run: nothing was written.")


def _import_user(email: str) -> User:
    rows = User.objects.active().order_by("pk")
    found = (rows.filter(email=email.lower()) if email else rows.filter(is_superuser=True)).first()
    if found is None:
        raise CommandError(NOBODY, returncode=2)
    return found
