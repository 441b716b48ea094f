from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from hmis.backup.command import BackupCommand, as_command_errors
from hmis.backup.restore import restore
from hmis.management.commands.grant_rights import grant_to_server


class Command(BackupCommand):
    help = (
        "Restores a backup into the empty database of DATABASE_URL and an empty file store. "
        "Refuses where there is anything already. docs/backup.md has the drill."
    )
    runs_as_owner = True
    requires_system_checks: list[str] = []  # they may ask a database that is empty

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="the folder of one backup")

    def handle(self, *, source: Path, **options: Any) -> None:
        with as_command_errors():
            whole = restore(source.absolute(), report=self.report)
        grant_to_server(settings.DATABASE_SERVER_ROLE)
        rows = sum(count for count, _ in whole.tables.values())
        self.stdout.write(
            f"Restored {rows} rows of {len(whole.tables)} tables and {whole.files['count']} files "
            f"as of {whole.made_at}. Next: manage.py migrate, then clean_files --dry-run."
        )
