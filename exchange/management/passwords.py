"""The password of a zip, from a file: on the command line every account could read it."""

from pathlib import Path

from django.core.management.base import CommandError


def first_line(file: Path) -> str:
    """What the first line of a file says. Raises CommandError, with the exit code 2."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from None
    except UnicodeDecodeError:
        raise CommandError(f"{file} is no text in UTF-8.", returncode=2) from None
    if not lines or not lines[0]:
        raise CommandError(f"The first line of {file} is empty.", returncode=2)
    return lines[0]
