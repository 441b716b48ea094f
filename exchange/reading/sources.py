"""A set of HMIS CSV files, opened: which of HUD's files it has, of which standard."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exchange.reading.files import ReadFile
from exchange.reading.members import Member, members_of
from exchange.reading.refusals import RefusedError
from exchange.reading.upgrades import NOTHING, UPGRADES, year_of
from exchange.violations import Violation
from hud.columns import CSVFile, csv_files
from hud.years import CURRENT

# Every other row hangs on one of these, and without exits everybody would still be enrolled.
REQUIRED = ("Export", "Organization", "Project", "Client", "Enrollment", "Exit")


@dataclass
class Source:
    """An open set of files.

    Args:
        files: those that it has, by HUD's name, in HUD's order.
        export: the row of Export.csv, by column.
        year: the standard's fiscal year; rows of an older one are upgraded as they are read.
        notes: what opening it has to tell, such as a file that is missing.
    """

    files: dict[str, ReadFile]
    export: dict[str, str]
    year: int
    notes: list[Violation]


@contextmanager
def open_source(source: Path | BinaryIO, password: str = "") -> Iterator[Source]:
    """Open a set of files, from a folder, a zip, or an open zip.

        with open_source(path) as source:
            for name, file in source.files.items():
                for row in file.rows(report.add): ...

    Raises RefusedError with a sentence where it is no set that can be read; so does reading rows,
    where a file turns out to be damaged.
    """
    with members_of(source, password) as members:
        standard = csv_files(CURRENT)
        found, notes = found_files(members, standard)
        if missing := [name for name in REQUIRED if name not in found]:
            raise RefusedError(f"{missing[0]}.csv is missing. Without it nothing can be read.")
        export = export_row(ReadFile(standard["Export"], found["Export"], NOTHING))
        client = ReadFile(standard["Client"], found["Client"], NOTHING)
        year = year_of(export["CSVVersion"], client.header)
        files = {
            name: ReadFile(standard[name], found[name], UPGRADES[year].get(name, NOTHING))
            for name in standard
            if name in found
        }
        for name in standard:
            if name in files:
                notes += files[name].notes
            else:
                notes.append(note(name, "missing", f"{name}.csv is missing. It has no rows then."))
        yield Source(files, export, year, notes)


def note(file: str, rule: str, message: str) -> Violation:
    return Violation(file, None, "", rule, message)


def found_files(
    members: list[Member], standard: Mapping[str, CSVFile]
) -> tuple[dict[str, Member], list[Violation]]:
    """HUD's files among the members, and what is to be told of the rest."""
    by_name = {f"{name}.csv".lower(): name for name in standard}
    found: dict[str, Member] = {}
    notes = []
    for member in members:
        name = by_name.get(member.path.name.lower())
        if name is None:
            notes.append(note("", "ignored", "A file that is none of HUD's was not read."))
        elif name in found:
            raise RefusedError(f"There are two files called {name}.csv. Keep the right one.")
        else:
            found[name] = member
    folders = {member.path.parent for member in found.values()}
    if len(folders) > 1:
        raise RefusedError("The CSV files are in several folders. Put them into one.")
    if folders and folders.pop().parts:
        notes.append(note("", "set", "The files are in a folder, not at the top level."))
    return found, notes


def export_row(file: ReadFile) -> dict[str, str]:
    """The one row of Export.csv; raises RefusedError where there is not exactly one."""
    rows = list(file.rows())
    if len(rows) != 1:
        raise RefusedError(f"Export.csv has {len(rows)} rows. It must have one.")
    return dict(zip(file.standard.header, rows[0].values, strict=True))
