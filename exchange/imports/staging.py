"""The files as they are, in temporary tables of text: one column for each of HUD's."""

from django.db import connection

from exchange.files import FILES, File
from exchange.imports.work import Counts, Work
from exchange.reading.files import COPY_FORMAT
from exchange.reading.sources import Source
from exchange.violations import Violation

UNREAD = {"cells", "cell too long"}  # rules of rows that reading refuses


def stage_all(work: Work, source: Source) -> None:
    """Copy every file into its table; one that is missing gets an empty table."""
    for violation in source.notes:
        work.tell(violation)
    for name, file in FILES.items():
        _create(work, file)
        work.counts[name] = Counts()
        if name in source.files:
            work.missing[name] = source.files[name].missing
            work.counts[name].rows = _copy(work, name, source)
    work.rows = sum(counts.rows for counts in work.counts.values())


def staged(name: str) -> str:
    return f"s_{name.lower()}"


def _create(work: Work, file: File) -> None:
    columns = ", ".join(f'"{place.name}" text' for place in file)
    work.create(staged(file.name), f"_row integer, {columns}, others text")


def _copy(work: Work, name: str, source: Source) -> int:
    """Return how many rows the file has, with those that cannot be read."""
    unread = 0

    def tell(violation: Violation) -> None:
        nonlocal unread
        unread += violation.rule in UNREAD
        work.tell(violation)

    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {staged(name)} FROM STDIN WITH ({COPY_FORMAT})") as copy:
            for chunk in source.files[name].copy_chunks(tell):
                copy.write(chunk)
        cursor.execute(f"ANALYZE {staged(name)}")
        cursor.execute(f"SELECT count(*) FROM {staged(name)}")
        return cursor.fetchone()[0] + unread
