"""HUD's own specification of the CSV files, by fiscal year: what a validator may ask of a file.

From HUD's machine-readable draft, as it stands, in `data/fy<year>/spec.json`. It differs from what
our models are made of (`hud.columns`, `hud.lists`) in a few places; tests/hud/test_spec.py names
each of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from hud.columns import Column, CSVFile
from hud.years import CURRENT, folder_of

# C4, translation assistance: the draft has them, the standard's final columns do not.
OPTIONAL = frozenset({"TranslationNeeded", "PreferredLanguage", "PreferredLanguageDifferent"})


@dataclass(frozen=True)
class Condition:
    """One of HUD's conditional rules: of which codes a column is, in which rows.

    Args:
        when: codes that other columns of the row have, all of them, where the rule holds.
        unless: codes where it does not hold; blank is none of them.
        codes: the codes that the column may have, or may not where `refuses` is true. Blank is
            always allowed: whether it is, is the column's own matter.
    """

    file: str
    column: str
    codes: frozenset[str]
    when: Mapping[str, str]
    unless: Mapping[str, str]
    refuses: bool = False
    list_number: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads; the one that it is about comes last."""
        return (*self.when, *self.unless, self.column)

    def allows(self, *values: str) -> bool:
        """Whether it allows the values of its `columns`."""
        *others, value = values
        asked = [*self.when.values(), *self.unless.values()]
        equal = [other == code for other, code in zip(others, asked, strict=True)]
        is_held = all(equal[: len(self.when)]) and not any(equal[len(self.when) :])
        return not value or not is_held or (value in self.codes) != self.refuses


@dataclass(frozen=True)
class Specification:
    """One standard's files, the codes of its lists as they stand in a file, and its conditions."""

    files: Mapping[str, CSVFile]
    lists: Mapping[str, frozenset[str]]
    conditions: tuple[Condition, ...]

    def codes(self, column: Column) -> frozenset[str] | None:
        """The codes that a column may have; None where it has no list of its own."""
        return self.lists[column.list_number] if column.list_number else None


@cache
def specification(year: int = CURRENT) -> Specification:
    """HUD's specification of a standard; raises UnknownYearError."""
    found = json.loads((folder_of(year) / "spec.json").read_text(encoding="utf-8"))
    lists = {number: frozenset(map(str, codes)) for number, codes in found["lists"].items()}
    files = {
        name: CSVFile(name, tuple(Column(**facts, year=year) for facts in columns))
        for name, columns in found["columns"].items()
    }
    conditions = tuple(_condition(facts, lists) for facts in found["conditions"])
    return Specification(MappingProxyType(files), MappingProxyType(lists), conditions)


def _condition(facts: dict[str, Any], lists: Mapping[str, frozenset[str]]) -> Condition:
    number = facts.get("list_number", "")
    codes = lists[number] if number else map(str, facts.get("in") or facts["not_in"])
    when, unless = (
        {name: str(code) for name, code in facts.get(key, {}).items()} for key in ("when", "unless")
    )
    return Condition(
        facts["file"], facts["column"], frozenset(codes), when, unless, "not_in" in facts, number
    )
