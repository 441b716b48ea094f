"""Backup of database and files into a folder, and its restore (docs/backup.md)."""

from collections.abc import Callable

Report = Callable[[str], None]  # takes a line of progress


class BackupError(Exception):
    """It cannot be done, or not safely; the message says why and what to do."""
