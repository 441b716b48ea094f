"""Case notes of another system (docs/migrating.md)."""

from pathlib import Path

from casenotes.models import CaseNote
from exchange.beside.table import Load, Row, RowError, Tell, rows_of
from records.visibility import Visibility

COLUMNS = ("NoteID", "PersonalID", "Date", "Text")
LONGEST_TITLE = CaseNote._meta.get_field("title").max_length or 0


def import_notes(table: Path, *, load: Load, tell: Tell) -> None:
    """File the notes of a table; RefusedError where it cannot be read at all."""
    load.run(rows_of(table, COLUMNS), "NoteID", _write, tell)


def _write(row: Row) -> None:
    day = row.day("Date")
    if day is None:
        raise RowError("Date is blank.")
    text = row.needed("Text")
    if row["Author"] and row.author == row.load.by:
        text = f"{text}\n\nWritten by {row['Author']}."
    is_shared = row.says_yes("Shared")
    row.save(
        CaseNote(
            date=day,
            title=(row["Title"] or f"Note of {day:%m/%d/%Y}")[:LONGEST_TITLE],
            text=text,
            read_only=row.says_yes("ReadOnly"),
            enrollment=row.enrollment,
            visibility=Visibility.ALL_ORGANIZATIONS if is_shared else Visibility.OWN_ORGANIZATION,
        )
    )
