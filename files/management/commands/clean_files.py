from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from files import actions, cleaning, identity
from files.models import StoredFile
from files.store import StoreError


class Command(BaseCommand):
    help = (
        "Moves files that no record names into the store's quarantine, which is emptied after "
        "FILES_QUARANTINE_DAYS, gives back those that a record names again, and marks records "
        "whose file is gone. Refuses where much would go. Run it daily from cron."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")
        parser.add_argument(
            "--list", action="store_true", help="name each file, and change nothing"
        )
        parser.add_argument(
            "--confirm",
            type=int,
            metavar="NUMBER",
            help="go on although much would go: at most this many files and records",
        )
        parser.add_argument(
            "--adopt-store",
            action="store_true",
            help="this store is this database's from now on, whatever it was before",
        )
        parser.add_argument(
            "--purge-deleted",
            type=int,
            metavar="DAYS",
            help="move into the quarantine, too, the files of what users deleted so long ago",
        )

    def handle(self, *, dry_run: bool, adopt_store: bool, **options: Any) -> None:
        try:
            if adopt_store and not dry_run:
                identity.claim()
            identity.require_own_store()
            if options["list"]:
                for line in cleaning.names():
                    self.stdout.write(line)
                return
            self.clean(dry_run=dry_run, confirmed=options["confirm"], days=options["purge_deleted"])
        except (cleaning.RefusedError, identity.ForeignStoreError) as refusal:
            raise CommandError(str(refusal)) from refusal
        except StoreError as error:
            raise CommandError("The file store does not answer; run this again later.") from error

    def clean(self, *, dry_run: bool, confirmed: int | None, days: int | None) -> None:
        counts, returned = cleaning.survey(give_back=not dry_run)
        refusal = cleaning.refusal(counts, confirmed=confirmed)
        purgeable: list[StoredFile] = []
        if days is not None and not refusal:
            purgeable += actions.deleted_before(timezone.now() - timedelta(days=days))
        emptied = 0
        if not dry_run and not refusal:
            identity.claim()
            cleaning.take_away()
            emptied = cleaning.empty_quarantine()
            for stored in purgeable:
                actions.purge(stored=stored)
        moved = "found" if dry_run or refusal else "moved into the quarantine"
        self.stdout.write(
            f"{counts.objects} files: {counts.orphans} without a record {moved}, "
            f"{counts.lost} records without a file, {counts.found} files back, "
            f"{returned} back from the quarantine, {counts.thumbnails} thumbnails missing, "
            f"{len(purgeable)} purged, {emptied} deleted from the quarantine"
        )
        if refusal:
            raise cleaning.RefusedError(refusal)
