from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from hmis.backup import manifest
from hmis.backup.command import BackupCommand, as_command_errors


class Command(BackupCommand):
    help = "Reads all of a backup and compares it with its hashes; needs no database and no keys."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", type=Path, help="the folder of one backup, or of several: then the newest"
        )

    def handle(self, *, source: Path, **options: Any) -> None:
        source = source.absolute()
        if not (source / manifest.NAME).exists():
            source = next(reversed(manifest.backups_in(source)), source)
        with as_command_errors():
            whole = manifest.verify(source, report=self.report)
        self.stdout.write(
            f"{source} is whole: {whole.dump['bytes']} bytes of database, "
            f"{whole.files['count']} files of {whole.files['bytes']} bytes, as of {whole.made_at}."
        )
        if datetime.fromisoformat(whole.made_at) > timezone.now():
            raise CommandError(
                f"{source} was made under a clock that was wrong: its time is still to come, and "
                "until then it counts as the newest, and no later backup is verified. Set the "
                "clock, make another backup, and delete this one."
            )
