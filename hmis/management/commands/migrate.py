from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from hmis import old_database
from hmis.management.commands.grant_rights import grant_to_server
from records.ignoring import ask_quickly


class Command(migrate.Command):
    """Django's, as the owner of the tables; then the server's role gets its rights on new ones.

    What pgtrigger writes with each trigger is replaced too (records.ignoring).
    """

    runs_as_owner = True

    def handle(self, *args: Any, **options: Any) -> None:
        database = connections[options["database"]]
        database.ensure_connection()
        if sentence := old_database.refusal(database.connection):
            raise CommandError(sentence)
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        ask_quickly(options["database"])
        if options["database"] == "default":
            grant_to_server(settings.DATABASE_SERVER_ROLE)
