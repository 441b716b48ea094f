import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import constant_time_compare

from agencies.models import User
from clients.models import Client
from files.store import StoreError
from privacy.erasure import files
from privacy.erasure.actions import Cause, Refused, erase
from privacy.erasure.plan import Plan
from privacy.models import Erasure
from records.retries import again_if_rolled_back


class Command(BaseCommand):
    help = (
        "Takes the identifying data of a client out and leaves the statistics. Lists what would "
        "go, and does it only with --confirm and the token of that list. It cannot be undone."
    )

    # What history has kept is taken out too, which the server's own role may not touch.
    runs_as_owner = ("--confirm", "--again-from")

    def add_arguments(self, parser):
        parser.add_argument("client_id", nargs="?", type=int, help="the Client ID")
        parser.add_argument("--confirm", metavar="TOKEN", help="the token that the list ends with")
        parser.add_argument(
            "--by",
            metavar="EMAIL",
            help="who erases; needed with --confirm, and with --again-from where who did is not "
            "active any more",
        )
        parser.add_argument(
            "--finish",
            action="store_true",
            help="delete the files of earlier erasures that the file store still had",
        )
        parser.add_argument(
            "--export", metavar="FILE", help="write which clients were erased, to be kept elsewhere"
        )
        parser.add_argument(
            "--again-from",
            metavar="FILE",
            help="after a restore: erase again whom the file of --export names",
        )

    def handle(self, *args, client_id, export, again_from, **options):
        if client_id is not None:
            self._one(client_id, options["confirm"], options["by"])
        elif again_from:
            self._again(Path(again_from), options["by"])
        elif not (options["finish"] or export):
            raise CommandError("Name a client, or one of --finish, --export and --again-from.")
        self._finish_files()
        if export:
            count = export_to(Path(export))
            self.stdout.write(f"{count} erased clients are named in the file.")

    def _one(self, client_id: int, token: str | None, by: str | None) -> None:
        client = remaining(client_id)
        plan = Plan(client)
        self.stdout.write("\n".join(plan.lines))
        for sentence in plan.obstacles:
            self.stdout.write(f"In the way: {sentence}")
        if plan.request is None and not plan.obstacles:
            self.stdout.write("In the way: no request for erasure was granted.")
        if token is None:
            self.stdout.write("Nothing was changed. An erasure cannot be undone.")
            if plan.request and not plan.obstacles:
                self.stdout.write(f"To erase: --by YOUR_EMAIL --confirm {plan.token}")
            return
        user = user_of(by)
        if not constant_time_compare(token, plan.token):
            raise CommandError("This is not the token of the list above. Nothing was changed.")
        try:
            again_if_rolled_back(lambda: erase(client_id=client.pk, cause=Cause.REQUEST, by=user))
        except Refused as refusal:
            raise CommandError(" ".join(refusal.texts)) from None
        self.stdout.write(f"Client ID {client.pk} was erased in the database.")

    def _again(self, path: Path, by: str | None) -> None:
        """Erase whom a restored database still knows; who is erased in it already is passed by.

        The restored database counts on from before the erasures: a Client ID that it has given out
        since is somebody else's.

        Args:
            by: who erases them; by default who did, which takes an active user.
        """
        changes = Client.pgh_event_model.objects  # type: ignore[attr-defined]
        done = 0
        try:
            rows = [row for row in csv.DictReader(path.read_text().splitlines()) if row["client"]]
        except (OSError, KeyError):
            raise CommandError(f"{path} is no list that --export wrote.") from None
        for row in rows:
            client = Client.with_deleted.filter(pk=int(row["client"])).first()
            if client is None or client.erased_at:
                continue
            before = changes.filter(pgh_obj=client, pgh_created_at__lt=row["at"])
            if not before.exists():
                self.stderr.write(f"Client ID {client.pk} was entered after that erasure: kept.")
                continue
            user = user_of(by or row["by"])
            try:
                erase(client_id=client.pk, cause=Cause.RESTORED, by=user)
            except Refused as refusal:
                self.stderr.write(f"Client ID {client.pk}: {' '.join(refusal.texts)}")
                continue
            done += 1
        self.stdout.write(f"Clients erased again: {done}.")

    def _finish_files(self) -> None:
        waiting = 0
        for erasure in files.unfinished().iterator():
            try:
                files.finish(erasure)
            except StoreError:
                waiting += 1
        if waiting:
            raise CommandError(
                "The file store did not answer. Erased clients whose files are still there: "
                f"{waiting}. Run erase_client --finish when it answers."
            )
        self.stdout.write("No file of an erased client is left in the file store.")


def remaining(client_id: int) -> Client:
    """The client of an ID, or who remained of it."""
    client = Client.with_deleted.select_related("merged_into").filter(pk=client_id).first()
    if client is None:
        raise CommandError(f"There is no client with the ID {client_id}.")
    return client.merged_into or client


def user_of(email: str | None) -> User:
    user = User.objects.active().filter(email=(email or "").lower()).first()
    if user is None:
        raise CommandError("Say with --by who erases: the e-mail of an active user.")
    return user


def export_to(path: Path) -> int:
    """Write Client ID, time and who of every erasure: what a restored backup has to repeat."""
    rows = Erasure.objects.values_list("client", "at", "by__email").order_by("pk")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["client", "at", "by"])
        writer.writerows((pk, at.isoformat(), by) for pk, at, by in rows)
    return len(rows)
