from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from hmis.management.commands.grant_rights import grant_to_server


class Command(migrate.Command):
    """Django's, as the owner of the tables; then the server's role gets its rights on new ones."""

    runs_as_owner = True

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["database"] == "default" and not (options["plan"] or options["check_unapplied"]):
            grant_to_server(settings.DATABASE_SERVER_ROLE)
