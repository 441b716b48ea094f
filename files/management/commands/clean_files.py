from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from files import actions
from files.store import StoreError
from files.strays import mend


class Command(BaseCommand):
    help = (
        "Deletes files of the store that no record names, and marks records whose file is gone. "
        "Run it daily from cron."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="tell, and change nothing")
        parser.add_argument(
            "--purge-deleted",
            type=int,
            metavar="DAYS",
            help="delete for good the files of what users deleted this many days ago or earlier",
        )

    def handle(self, *, dry_run: bool, purge_deleted: int | None, **options: Any) -> None:
        purged = 0
        if purge_deleted is not None:
            moment = timezone.now() - timedelta(days=purge_deleted)
            for stored in actions.removed_before(moment):
                purged += 1
                if not dry_run:
                    actions.purge(stored=stored)
        try:
            tally = mend(dry_run=dry_run)
        except StoreError as error:
            raise CommandError("The file store does not answer; run this again later.") from error
        self.stdout.write(
            f"{tally.objects} objects: {tally.strays} without a record "
            f"{'found' if dry_run else 'deleted'}, {tally.lost} records without a file, "
            f"{tally.found} files back, {tally.thumbnails} thumbnails missing, {purged} purged"
        )
