"""How long a statement, a lock or an open transaction may take: in a request, and in a command."""

import psycopg
from django.conf import settings

_in_force = "command"


def serve_requests() -> None:
    """From now on connect as a web server: somebody waits for the answer.

    A command (a migration, a backup, `find_duplicates`) may take as long as it takes.
    """
    global _in_force  # noqa: PLW0603 -- a process is one or the other
    _in_force = "request"


def is_request() -> bool:
    return _in_force == "request"


def of_pool() -> float:
    """Seconds that one waits for a connection."""
    return settings.DATABASE_POOL_SECONDS[_in_force]


def put_on(connection: psycopg.Connection) -> None:
    """Set them for this connection; a `SET LOCAL` goes before them."""
    limits = settings.DATABASE_TIMEOUTS[_in_force]
    calls = ", ".join(["set_config(%s, %s, false)"] * len(limits))
    values = [part for name, seconds in limits.items() for part in (name, f"{seconds * 1000:.0f}")]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", values)
