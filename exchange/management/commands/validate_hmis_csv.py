"""Tell whether a set of HMIS CSV files is what HUD's specification asks for."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.management.passwords import first_line
from exchange.reading.refusals import RefusedError
from exchange.validator import report_on


class Command(BaseCommand):
    help = (
        "Validate a zip or a folder of HMIS CSV files by HUD's specification. Reads nothing else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="a zip, or a folder with the CSV files")
        parser.add_argument(
            "--password-file", type=Path, metavar="FILE", help="its first line opens the zip"
        )

    def handle(self, *, source: Path, password_file: Path | None, **options: Any) -> None:
        try:
            report = report_on(source, first_line(password_file) if password_file else "")
        except RefusedError as error:
            raise CommandError(str(error)) from error
        for kind, count in report.counts.items():
            place = ".".join(filter(None, (kind.file, kind.column)))
            rows = ", ".join(map(str, report.rows[kind][:5]))
            where = f" (rows {rows}{', ...' if count > 5 else ''})" if rows else ""
            self.stdout.write(f"{count:>9,}  {place}: {kind.message}{where}")
        if report.total:
            raise CommandError(f"{report.total:,} violations.")
        self.stdout.write("No violations.")
