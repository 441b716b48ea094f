"""The rows of one CSV file, by header name, in HUD's order of columns.

A row comes out with one cell for each of HUD's columns, or is refused and reported: its cells are
never shifted.
"""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from exchange.reading.cells import Tidier
from exchange.reading.members import Member
from exchange.reading.refusals import RefusedError
from exchange.reading.text import Utf8, text_of
from exchange.reading.upgrades import Upgrade
from exchange.violations import Say, Tell, Violation
from hud.columns import CSVFile

COPY_FORMAT = "FORMAT text, NULL ''"
MOST_COLUMNS = 500
LONGEST_CELL = 1_000_000  # characters
END = "\x1e end \x1e"  # comes after the last row, unless a quotation mark swallows it
NO_COLUMN = "The column is missing. It is blank then."
KEPT = "It is kept beside the record."
TOO_LONG = f"The row has a cell of more than {LONGEST_CELL:,} characters."
CHUNK = 1 << 17  # characters of a chunk for COPY
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
csv.field_size_limit(LONGEST_CELL)


class Row(NamedTuple):
    """A row: its number in a spreadsheet, HUD's columns, and what else it says, by name."""

    number: int
    values: list[str]
    others: dict[str, str]


class ReadFile:
    """One of HUD's files in a set.

    `header` is as it stands; `columns` are HUD's columns that it has, `missing` those it has not,
    `others` the names of columns that the standard does not know; `notes` say so.
    """

    def __init__(self, standard: CSVFile, member: Member, upgrade: Upgrade) -> None:
        self.name = standard.name
        self.standard = standard
        self._member = member
        self._upgrade = upgrade
        with self._reader() as (reader, _):
            try:
                first = next(reader)
            except csv.Error as error:
                raise RefusedError(f"{self.name}.csv has no header that can be read.") from error
        if first == [END]:
            raise RefusedError(f"{self.name}.csv is empty. A file without rows has its header.")
        if len(first) > MOST_COLUMNS:
            raise RefusedError(f"{self.name}.csv has more than {MOST_COLUMNS} columns.")
        self.header = [name.strip() for name in first]
        self._places = [standard.find(upgrade.new_name(name)) for name in self.header]
        known = [column.name for column in self._places if column]
        if twice := sorted({name for name in known if known.count(name) > 1}):
            raise RefusedError(f"{self.name}.csv has the column {twice[0]} twice.")
        if (key := standard.header[0]) not in known:
            raise RefusedError(f"{self.name}.csv has no column {key}.")
        self.columns = [name for name in standard.header if name in set(known)]
        self.missing = [name for name in standard.header if name not in set(known)]
        self.others = [
            name for name, column in zip(self.header, self._places, strict=True) if not column
        ]

    @property
    def notes(self) -> list[Violation]:
        """What is to be told of its header."""
        upgrade = self._upgrade
        retired = {name.lower() for name in upgrade.retired}
        found = [("", "upgrade", text) for text in upgrade.notes(self.header)]
        for name in self.missing:
            if name not in upgrade.default:
                found.append((name, "missing", NO_COLUMN))
        for name in self.others:
            if name.lower() not in retired:
                found.append(("", "kept", f"{name[:50]} is no column of HUD's. {KEPT}"))
        if [column.name for column in self._places if column] != self.columns:
            found.append(("", "header", "The columns are not in HUD's order."))
        return [Violation(self.name, None, *one) for one in found]

    def __repr__(self) -> str:
        return f"<{self.name}.csv>"

    @contextmanager
    def _reader(self) -> Iterator[tuple[Any, Utf8]]:
        raw = Utf8(self._member.open())
        with text_of(raw) as text:
            yield csv.reader(chain(text, [END])), raw

    def rows(self, tell: Tell | None = None) -> Iterator[Row]:
        """The rows, streamed; `tell` gets what was repaired or refused."""
        for number, values, others in self._rows(tell):
            yield Row(number, values, others)

    def copy_chunks(self, tell: Tell | None = None) -> Iterator[str]:
        """The rows for `COPY table (row, HUD's columns in order, others) FROM STDIN`.

        With the options `COPY_FORMAT`; the first column is the row's number, the last one a JSON
        object of what the standard does not know, or NULL.
        """
        ready: list[str] = []
        size = 0
        tabs = len(self.standard) - 1
        for number, values, others in self._rows(tell):
            line = "\t".join(values)
            if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != tabs:
                line = "\t".join([value.translate(ESCAPES) for value in values])
            kept = json.dumps(others).translate(ESCAPES) if others else ""
            ready.append(f"{number}\t{line}\t{kept}\n")
            size += len(line)
            if size > CHUNK:
                yield "".join(ready)
                ready, size = [], 0
        yield "".join(ready)

    def _rows(self, tell: Tell | None) -> Iterator[tuple[int, list[str], dict[str, str]]]:
        def say(row: int | None, column: str, rule: str, message: str) -> None:
            if tell:
                tell(Violation(self.name, row, column, rule, message))

        width = len(self.header)
        places = {column.name: at for at, column in enumerate(self._places) if column}
        # A blank cell is added, for the columns that are missing.
        order = [places.get(name, width) for name in self.standard.header]
        arranged = itemgetter(*order)
        in_order = order == list(range(width))
        others = [(at, name) for at, name in enumerate(self.header) if not self._places[at]]
        tidier = Tidier(self._places)
        upgrade = self._upgrade.of_rows(self.standard)
        with self._reader() as (reader, raw):
            next(reader)
            for number, record in self._records(reader, say):
                fitted = (
                    record if len(record) == width else self._fitted(number, record, width, say)
                )
                if not fitted:
                    continue
                cells = tidier.tidy(number, fitted, say)
                known = cells if in_order else list(arranged([*cells, ""]))
                if upgrade:
                    upgrade(number, known, say)
                yield number, known, {name: cells[at] for at, name in others if cells[at]}
            for rule, message in raw.found.items():
                say(None, "", rule, message)

    def _records(self, reader: Any, say: Say) -> Iterator[tuple[int, list[str]]]:
        """Number the records as a spreadsheet does: blank lines count, and are skipped."""
        number = 1
        lines = reader.line_num
        while True:
            try:
                for cells in reader:
                    if cells == [END]:
                        return
                    number += 1
                    if cells:
                        yield number, cells
                    lines = reader.line_num
                raise RefusedError(self._unclosed(number))
            except csv.Error as error:
                number += 1
                if reader.line_num > lines + 1:
                    raise RefusedError(self._unclosed(number)) from error
                lines = reader.line_num
                say(number, "", "cell too long", TOO_LONG)

    def _unclosed(self, number: int) -> str:
        return f"In {self.name}.csv, row {number}, a quotation mark is opened and never closed."

    @staticmethod
    def _fitted(number: int, cells: list[str], width: int, say: Say) -> list[str]:
        """The row without blank cells too many; empty, and reported, where it does not fit."""
        if len(cells) > width and not any(cells[width:]):
            say(number, "", "cells repaired", "Blank cells after the last column were left out.")
            return cells[:width]
        say(number, "", "cells", f"The row has {len(cells)} cells; the header has {width}.")
        return []
