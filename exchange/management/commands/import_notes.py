from pathlib import Path

from django.core.management.base import CommandParser

from exchange.beside.notes import import_notes
from exchange.beside.table import Load, Tell
from exchange.management.tables import TableCommand


class Command(TableCommand):
    help = "Imports case notes from a CSV file (docs/migrating.md)."
    file = "CaseNote"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", type=Path, help="the CSV file")
        super().add_arguments(parser)

    def take(self, load: Load, tell: Tell, places: dict[str, Path]) -> None:
        import_notes(places["table"], load=load, tell=tell)
