"""The pool of database connections of this process."""

from django.conf import settings
from django.db import connections


def disconnect() -> None:
    """Leave no connection, and no pool with its threads.

    Forked workers must not share them, and a pool warns of a server that stops.
    """
    if settings.configured:
        for connection in connections.all(initialized_only=True):
            connection.close()
            connection.close_pool()
