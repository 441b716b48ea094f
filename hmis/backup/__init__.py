"""Backup of database and files into a folder, and its restore (docs/backup.md)."""


class BackupError(Exception):
    """It cannot be done, or not safely; the message says why and what to do."""
