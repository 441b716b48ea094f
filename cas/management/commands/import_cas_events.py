import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import Membership, Role
from cas.imports.run import import_events
from cas.imports.table import UnreadableError, read

logger = logging.getLogger(__name__)
NOBODY = (
    "Say with --by in whose name the events are filed: the e-mail address of an active user who "
    "has access to the Coordinated Access organization."
)


class Command(BaseCommand):
    help = (
        "Imports coordinated entry events: HUD's Event.csv, alone or in a zip. It may be run again "
        "with the same file. Exit code 0: all was taken; 1: some was not, each line says what; "
        "2: the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="Event.csv, or a zip that holds it")
        parser.add_argument("--by", default="", metavar="E-MAIL", help=NOBODY)

    def handle(self, *, file: Path, by: str, **options: Any) -> None:
        import_user = _import_user(by)
        try:
            counts = import_events(
                read(file),
                import_user=import_user,
                report=lambda issue: self.stdout.write(str(issue)),
            )
        except UnreadableError as error:
            raise CommandError(str(error), returncode=2) from error
        logger.info("import_cas_events: %s", counts)
        if not counts.is_complete:
            raise CommandError("Not everything was taken; see the lines above.", returncode=1)


def _import_user(email: str) -> Membership:
    """The user of this address, else the CAS administrator who has been there longest."""
    rows = Membership.objects.filter(organization__is_cas=True, user__is_active=True)
    rows = rows.select_related("user", "organization").order_by("pk")
    wanted = rows.filter(user__email=email.lower()) if email else rows.filter(role=Role.DQO)
    found = wanted.first()
    if found is None:
        raise CommandError(NOBODY, returncode=2)
    return found
