"""Two roles of the database: the owner changes the schema, the server owns nothing (ADR 0036).

DATABASE_URL is the server's role, for the web server and for every command. DATABASE_OWNER_URL is
the owner's, for the commands that say `runs_as_owner = True`, or name the options with which they
are the owner: `runs_as_owner = ("--confirm",)`. What the server's role may do with a
table follows from the table's triggers: nobody updates or deletes what is append-only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand
from django.db import connection

from hmis import environment
from hmis.unsafe_settings import unverified_database

OWNER_URL = "DATABASE_OWNER_URL"


class CommandLine(ManagementUtility):
    """Django's command line, as the owner where a command declares that it is (`runs_as_owner`)."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        declared = getattr(command, "runs_as_owner", False)
        given = {word.partition("=")[0] for word in self.argv[2:]}
        if declared is True or (declared and given.intersection(declared)):
            become_owner()
        return command


def owner() -> dict[str, Any] | None:
    """The owner's entry of DATABASES; None where no owner was named.

    Read here and not in the settings: the web server has no need of it, and may not be able to.
    Raises ConfigurationError.
    """
    if not environment.secret(OWNER_URL):
        return None
    there = environment.database_of(OWNER_URL, environment.secret(OWNER_URL))
    if there["NAME"] != connection.settings_dict["NAME"]:
        raise environment.ConfigurationError(
            f"{OWNER_URL} and DATABASE_URL name two databases: {there['NAME']} and "
            f"{connection.settings_dict['NAME']}. They are two roles of one."
        )
    is_allowed = settings.DEMO or "database" in settings.ALLOW_WITHOUT_TLS
    if not is_allowed and (sentence := unverified_database(OWNER_URL, there)):
        raise environment.ConfigurationError(sentence)
    return there


def become_owner() -> None:
    """Connect as the owner from here on, where one was named. Raises ConfigurationError."""
    if there := owner():
        _connect_as(there)


@contextmanager
def as_owner() -> Iterator[None]:
    """Be the owner while it lasts, where one was named, and the server's role after it."""
    before = dict(connection.settings_dict)
    become_owner()
    try:
        yield
    finally:
        _connect_as(before)


def _connect_as(entry: dict[str, Any]) -> None:
    facts = connection.settings_dict  # the same of all threads: changed in its place
    if all(facts[name] == entry[name] for name in ("USER", "PASSWORD", "HOST", "PORT")):
        return
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's
    facts |= {name: entry[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    # Such as sslmode and sslrootcert; the pool and the time-outs stay.
    facts["OPTIONS"] = facts["OPTIONS"] | entry.get("OPTIONS", {})
