"""Processes that the tests of faults start, hold up and kill."""

from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    """The address of the tests' database, for another process."""
    parts = connection.settings_dict
    password = quote(parts["PASSWORD"])
    return (
        f"postgresql://{parts['USER']}:{password}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    )
