"""Event.csv as real files are: alone or in a zip, columns in any case and order, with a BOM."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hud.columns import csv_file

FILE = csv_file("Event")
NAME = "Event.csv"
NEEDED = ("EventID", "EnrollmentID", "PersonalID", "EventDate", "Event")
MOST_BYTES = 500 * 1024 * 1024
csv.field_size_limit(1_000_000)


class UnreadableError(Exception):
    """The file cannot be read as Event.csv; the text says why and quotes nothing of it."""


@dataclass(frozen=True)
class RowIssue:
    """Something that was not taken: where it stands and why, never what it says."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{NAME}, row {self.row}, {self.column}: {self.text}"


@dataclass
class Row:
    """One row: cells by HUD's column names, those of missing columns left out.

    Attributes:
        number: as a spreadsheet counts, the header being row 1.
    """

    number: int
    cells: dict[str, str]
    issues: list[RowIssue] = field(default_factory=list)

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def leave_out(self, column: str, text: str) -> None:
        self.issues.append(RowIssue(self.number, column, text))


def read(path: Path) -> Iterator[Row]:
    """The rows of Event.csv at `path`, or of the one in the zip there.

    Raises:
        UnreadableError: before the first row or, where a later line is broken, at that line.
    """
    try:
        content = _bytes(path)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise UnreadableError(f"The file cannot be opened ({type(error).__name__}).") from error
    reader = csv.reader(io.StringIO(_decoded(content), newline=""))
    try:
        header = _header(next(reader, []))
    except csv.Error as error:
        raise UnreadableError("The first row is no header row.") from error
    return _following(reader, header)


def _bytes(path: Path) -> bytes:
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableError("The file is too large. Split it.")
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        found = [
            one
            for one in archive.infolist()
            if PurePosixPath(one.filename).name.lower() == NAME.lower() and not one.is_dir()
        ]
        if len(found) != 1:
            raise UnreadableError(f"The zip holds {len(found) or 'no'} {NAME}; it must hold one.")
        if found[0].file_size > MOST_BYTES:
            raise UnreadableError(f"The {NAME} in the zip is too large. Split it.")
        return archive.read(found[0])


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _header(cells: list[str]) -> list[str]:
    """HUD's name of each column; what HUD does not know keeps no name."""
    names = [cell.strip() for cell in cells]
    known = [FILE[name].name if name in FILE else "" for name in names]
    missing = [name for name in NEEDED if name not in known]
    if missing:
        raise UnreadableError(f"The header row lacks {', '.join(missing)}.")
    twice = sorted({name for name in known if name and known.count(name) > 1})
    if twice:
        raise UnreadableError(f"The header row names {', '.join(twice)} twice.")
    return known


def _following(reader, header: list[str]) -> Iterator[Row]:
    number = 1
    try:
        for number, cells in enumerate(reader, 2):
            if not any(cell.strip() for cell in cells):
                continue
            pairs = zip(header, cells, strict=False)  # a short row lacks its last cells
            row = Row(number, {name: cell.strip() for name, cell in pairs if name})
            if any(cell.strip() for cell in cells[len(header) :]):
                row.leave_out("(beyond the last)", "There are more cells than columns.")
            yield row
    except csv.Error as error:
        raise UnreadableError(f"Row {number + 1} is broken; nothing after it was read.") from error
