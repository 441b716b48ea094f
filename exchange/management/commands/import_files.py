from pathlib import Path

from django.core.management.base import CommandParser

from exchange.beside.files import import_documents
from exchange.beside.table import Load, Tell
from exchange.management.tables import TableCommand
from exchange.reading.refusals import RefusedError


class Command(TableCommand):
    help = "Imports documents from a folder and a CSV file that names them (docs/migrating.md)."
    file = "ClientFile"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", type=Path, help="the CSV file")
        parser.add_argument("folder", type=Path, help="where the paths in it begin")
        super().add_arguments(parser)

    def take(self, load: Load, tell: Tell, places: dict[str, Path]) -> None:
        if not places["folder"].is_dir():
            raise RefusedError(f"{places['folder']} is no folder.")
        import_documents(places["table"], places["folder"], load=load, tell=tell)
