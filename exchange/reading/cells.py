"""What people's spreadsheets and databases do to cells, undone: spaces, 1.0, NULL, dates.

Each repair is decided by the column's type alone, and every row that needs none costs next to
nothing.
"""

import re
from datetime import datetime
from functools import lru_cache

from exchange.violations import Say
from hud.columns import Column

WHOLE_NUMBER = re.compile(r"(-?\d+)\.0+")
YEAR_FIRST = re.compile(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[T ](.+))?")
MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ]+(.+))?")
TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([AP])\.?M\.?)?(?:Z| ?[+-]\d{2}:?\d{2})?", re.I
)
DATE = "A date that is not written yyyy-mm-dd was read as month, day and year."
NUMBER = "A whole number that is written with decimals was read without them."
WORD_NULL = "The word NULL was read as blank."


@lru_cache(maxsize=100_000)
def as_iso(text: str, type_: str) -> str:
    """A date, or date and time, as HUD writes it; the text as it is where it is none.

    American order where the year is last: month, day, year.
    """
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day, time = found.groups()
    elif found := MONTH_FIRST.fullmatch(text):
        month, day, year, time = found.groups()
    else:
        return text
    hour = minute = second = 0
    if time:
        if not (found := TIME.fullmatch(time)):
            return text
        hour, minute, second = (int(part or 0) for part in found.groups()[:3])
        if found[4]:
            hour = hour % 12 + 12 * (found[4].upper() == "P")
    try:
        moment = datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return text
    return moment.isoformat(" ") if type_ == "T" else moment.date().isoformat()


class Tidier:
    """Repairs the rows of a file, in the order of its columns."""

    def __init__(self, columns: list[Column | None]) -> None:
        """Args: the column of each cell, None for one that is unknown to the standard."""
        of_type = [(at, c, c.type) for at, c in enumerate(columns) if c]
        self._days = [(at, c.name, 10) for at, c, type_ in of_type if type_ == "D"]
        self._days += [(at, c.name, 19) for at, c, type_ in of_type if type_ == "T"]
        self._typed = [(at, c.name, type_ == "I") for at, c, type_ in of_type if type_ != "S"]

    def tidy(self, row: int, cells: list[str], say: Say) -> list[str]:
        """The row repaired; `say` is told of every repair but spaces."""
        line = "\t".join(cells)  # to see at once whether there is anything to do
        if " \t" in line or "\t " in line or line[:1].isspace() or line[-1:].isspace():
            cells = [cell.strip() for cell in cells]
        if ".0" in line or "NULL" in line:
            self._tidy_codes(row, cells, say)
        for at, name, length in self._days:
            text = cells[at]
            if text and (len(text) != length or text[4] != "-"):
                iso = as_iso(text, "D" if length == 10 else "T") if len(text) < 40 else text
                cells[at] = iso
                if iso != text:
                    say(row, name, "date repaired", DATE)
        return cells

    def _tidy_codes(self, row: int, cells: list[str], say: Say) -> None:
        for at, name, is_whole in self._typed:
            if cells[at] == "NULL":
                cells[at] = ""
                say(row, name, "cells repaired", WORD_NULL)
            elif is_whole and (found := WHOLE_NUMBER.fullmatch(cells[at])):
                cells[at] = found[1]
                say(row, name, "number repaired", NUMBER)
