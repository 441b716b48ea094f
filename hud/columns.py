"""The files of the HMIS CSV exchange format and their columns, by fiscal year.

`Column.field` is the name that our models use. Read from `data/fy<year>/columns.json` when first
asked for.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from hud.lists import CodeList, code_list
from hud.years import CURRENT, folder_of


def snake_case(name: str) -> str:
    """A HUD column name as a Python name: RelationshipToHoH is relationship_to_hoh."""
    # HoH and CoC are words, and a closing ID is one of its own (HealthAndDVID).
    name = re.sub(r"ID$", "Id", name.replace("HoH", "Hoh").replace("CoC", "Coc"))
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


@dataclass(frozen=True)
class Column:
    """One column of a file.

    `type` is HUD's letter: S string, I integer, D date, T date and time, M money, M+ money that is
    not negative. `list_by` maps another column's code to the list, where the list depends on it.
    """

    name: str
    type: str
    null: bool
    max_length: int | None = None
    hashed_max_length: int | None = None
    list_number: str | None = None
    list_by: Mapping[str, Any] | None = None
    key: str | None = None
    element: str | None = None
    note: str = ""
    year: int = CURRENT

    @cached_property
    def field(self) -> str:
        """The column's name in our models."""
        return snake_case(self.name)

    @property
    def codes(self) -> CodeList | None:
        """The code list, where the column alone tells which."""
        return code_list(self.list_number, self.year) if self.list_number else None


@dataclass(frozen=True)
class CSVFile:
    """One file of the exchange: its columns in HUD's order."""

    name: str
    columns: tuple[Column, ...]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name.lower(): column for column in self.columns}

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, name: str) -> Column:
        """A column by its header, in any letter case, as real files need."""
        return self._by_name[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._by_name

    def find(self, name: str) -> Column | None:
        """A column by its header; None for one that the standard does not know."""
        return self._by_name.get(name.lower())

    @property
    def header(self) -> list[str]:
        """The header row."""
        return [column.name for column in self.columns]


@cache
def csv_files(year: int = CURRENT) -> Mapping[str, CSVFile]:
    """Every file of the exchange by its name without `.csv`, in HUD's order."""
    standard = json.loads((folder_of(year) / "columns.json").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: CSVFile(name, tuple(Column(**facts, year=year) for facts in columns))
            for name, columns in standard.items()
        }
    )


def csv_file(name: str, year: int = CURRENT) -> CSVFile:
    """One file, such as "Enrollment"; raises UnknownYearError or KeyError."""
    return csv_files(year)[name]
