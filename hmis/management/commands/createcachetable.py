from typing import Any

from django.conf import settings
from django.core.management.commands import createcachetable

from hmis.management.commands.grant_rights import grant_to_server


class Command(createcachetable.Command):
    """Django's, as the owner of the table; then the server's role gets its rights on it."""

    runs_as_owner = True

    def handle(self, *tablenames: str, **options: Any) -> None:
        super().handle(*tablenames, **options)
        if options["database"] == "default" and not options["dry_run"]:
            grant_to_server(settings.DATABASE_SERVER_ROLE)
