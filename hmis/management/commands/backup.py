import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from hmis.backup.command import BackupCommand, as_command_errors
from hmis.backup.make import make


class Command(BackupCommand):
    help = (
        "Makes a backup of the database and of clients' files in a new folder of TARGET, and "
        "writes its name. Old backups stay until you delete them. docs/backup.md has the drill."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="the folder that holds the backups")

    def handle(self, *, target: Path, **options: Any) -> None:
        umask = os.umask(0o077)
        try:
            with as_command_errors():
                folder, missing = make(target.absolute(), report=self.report)
        finally:
            os.umask(umask)
        self.stdout.write(str(folder))
        if missing:
            raise CommandError(
                f"The backup is whole, but for {len(missing)} files that records name and that the "
                f"store does not have as they were: {', '.join(missing[:5])} ... "
                "See them with clean_files --list.",
                returncode=2,
            )
