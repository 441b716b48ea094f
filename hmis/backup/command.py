"""What the commands of backups share."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management.base import BaseCommand, CommandError

from files.identity import ForeignStoreError
from files.store import StoreError
from hmis.backup import BackupError


class BackupCommand(BaseCommand):
    def report(self, line: str) -> None:
        self.stderr.write(line, self.style.NOTICE)


@contextmanager
def as_command_errors() -> Iterator[None]:
    """What goes wrong outside, as a sentence on the terminal."""
    try:
        yield
    except (BackupError, ForeignStoreError) as error:
        raise CommandError(str(error)) from error
    except StoreError as error:
        raise CommandError("The file store does not answer. Run this again later.") from error
    except psycopg.Error as error:
        kind = type(error).__name__  # its message may quote data
        raise CommandError(f"The database does not answer or refuses ({kind}).") from error
    except OSError as error:
        where = f" at {error.filename}" if error.filename else ""
        raise CommandError(f"Reading or writing failed: {error.strerror}{where}.") from error
