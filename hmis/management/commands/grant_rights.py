"""The rights of the server's role: `migrate` sets them, this shows, checks and repairs them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from hmis.rights import Difference, RightsError, absent_tables, difference, grant, in_words


class Command(BaseCommand):
    help = (
        "Gives the database role of the server (DATABASE_URL) the rights that it needs and takes "
        "all others from it, as the owner (DATABASE_OWNER_URL). migrate does so by itself."
    )
    runs_as_owner = True
    requires_system_checks: list[str] = []  # they complain of the rights that this sets

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default=settings.DATABASE_SERVER_ROLE, help="another role")
        only = parser.add_mutually_exclusive_group()
        only.add_argument(
            "--check", action="store_true", help="change nothing; fail if they differ"
        )
        only.add_argument("--print", action="store_true", help="change nothing; write the SQL")

    def handle(self, *, role: str, **options: Any) -> None:
        try:
            if options["check"] or options["print"]:
                self.show(role, as_sql=options["print"])
            elif is_owner(role):
                raise CommandError(
                    f"{role} is the owner itself. Make a role for the server, name it in "
                    "DATABASE_URL, and the owner in DATABASE_OWNER_URL: docs/deploying.md"
                )
            else:
                changed = grant(role)
                self.stdout.write(f"{len(changed.statements)} rights of {role} changed.")
        except RightsError as error:
            raise CommandError(str(error)) from None

    def show(self, role: str, *, as_sql: bool) -> None:
        connection.ensure_connection()
        found = difference(connection.connection, role)
        if as_sql:
            for statement in found.statements:
                self.stdout.write(f"{statement.as_string(connection.connection)};")
        elif found.surplus or found.missing:
            raise CommandError(in_words(role, found))
        elif absent := absent_tables(connection.connection):
            raise CommandError(
                f"{len(absent)} tables are not there yet, such as {absent[0]}: there is nothing to "
                "compare. Run migrate and createcachetable first."
            )
        else:
            self.stdout.write(f"{role} has the rights that it needs, and no others.")


def is_owner(role: str) -> bool:
    """Whether this connection is that very role."""
    return connection.settings_dict["USER"] == role


def grant_to_server(role: str) -> Difference | None:
    """After the schema was changed, unless one role is owner and server. Raises CommandError."""
    if is_owner(role):
        return None
    try:
        return grant(role)
    except RightsError as error:
        raise CommandError(str(error)) from None
