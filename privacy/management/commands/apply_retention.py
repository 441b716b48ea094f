import csv
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import constant_time_compare

from agencies.models import User
from clients.encryption import keyed_hash
from clients.models import Client
from privacy.erasure.actions import Cause, Refused, erase
from privacy.erasure.retention import due_clients, last_day
from privacy.management.commands.erase_client import user_of
from privacy.models import RetentionList
from records.retries import again_if_rolled_back

TOKEN_LENGTH = 12


class Command(BaseCommand):
    help = (
        "Lists the clients whose records nobody has changed for RETENTION_YEARS, and erases them "
        "only with --confirm and the token of that list. An erasure cannot be undone."
    )

    runs_as_owner = ("--confirm",)  # as erase_client

    def add_arguments(self, parser):
        parser.add_argument("--to", metavar="FILE", help="write the Client IDs that are due")
        parser.add_argument("--from", dest="source", metavar="FILE", help="a list of --to")
        parser.add_argument("--confirm", metavar="TOKEN", help="the token of that list")
        parser.add_argument("--by", metavar="EMAIL", help="who erases; needed with --confirm")
        parser.add_argument("--most", type=int, metavar="N", help="erase at most so many now")

    def handle(self, *args, source, confirm, **options):
        if bool(source) != bool(confirm):
            raise CommandError("--from and --confirm belong together.")
        if source:
            self._erase(Path(source), confirm, user_of(options["by"]), options["most"])
        else:
            self._list(options["to"])

    def _list(self, path: str | None) -> None:
        ids = list(due_clients().order_by("pk").values_list("pk", flat=True))
        RetentionList.objects.create(unchanged_since=last_day(), clients=len(ids))
        self.stdout.write(
            f"{len(ids)} clients are due: nothing was changed since {last_day():%m/%d/%Y}."
        )
        if path is None:
            return
        with Path(path).open("w", newline="") as file:
            csv.writer(file).writerows([["client"], *([pk] for pk in ids)])
        self.stdout.write("Nothing was erased. An erasure cannot be undone.")
        if ids:
            self.stdout.write(f"To erase: --from {path} --by YOUR_EMAIL --confirm {token_of(ids)}")

    def _erase(self, path: Path, token: str, by: User, most: int | None) -> None:
        ids = _ids_in(path)
        if not constant_time_compare(token, token_of(ids)):
            raise CommandError("This is not the token of that list. Nothing was erased.")
        gone = Client.with_deleted.exclude(erased_at=None).filter(pk__in=ids)
        waiting = sorted(set(ids) - set(gone.values_list("pk", flat=True)))
        erased, kept = 0, []
        for pk in waiting[:most]:
            try:
                again_if_rolled_back(partial(erase, client_id=pk, cause=Cause.RETENTION, by=by))
            except Refused as refusal:
                kept.append(pk)
                self.stderr.write(f"Client ID {pk} was kept: {' '.join(refusal.texts)}")
            else:
                erased += 1
        before, left = len(ids) - len(waiting), len(waiting) - erased - len(kept)
        self.stdout.write(f"{erased} erased, {before} were before, {len(kept)} kept, {left} left.")
        call_command("erase_client", finish=True, stdout=self.stdout)


def token_of(ids: list[int]) -> str:
    """Good for exactly this list of clients."""
    return keyed_hash("apply_retention " + " ".join(map(str, sorted(ids))))[:TOKEN_LENGTH]


def _ids_in(path: Path) -> list[int]:
    try:
        rows = list(csv.DictReader(path.read_text().splitlines()))
        return [int(row["client"]) for row in rows]
    except (OSError, KeyError, ValueError):
        raise CommandError(f"{path} is no list that --to wrote.") from None
