"""HUD's code lists (3.12 Destination, 1.8 NoYesReasonsForMissingData, ...), by fiscal year.

Read from `data/fy<year>/lists.json` when first asked for, then kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from hud.years import CURRENT, UnknownYearError, fiscal_year_of, folder_of, standard_for

__all__ = [
    "CURRENT",
    "CodeList",
    "Key",
    "UnknownCodeError",
    "UnknownListError",
    "UnknownYearError",
    "code_list",
    "code_lists",
    "fiscal_year_of",
    "retired_lists",
    "standard_for",
]

Key = int | str


class UnknownListError(LookupError):
    """The standard of that year has no list of that number."""

    def __init__(self, number: str, year: int) -> None:
        super().__init__(f"HUD's FY{year} standard has no code list {number!r}.")


class UnknownCodeError(LookupError):
    """The list has no such code, not even among those that were retired."""

    def __init__(self, key: Key, codes: "CodeList") -> None:
        name = f"{codes.number} {codes.name}"
        super().__init__(f"HUD's list {name} (FY{codes.year}) has no code {key!r}.")


@dataclass(frozen=True)
class CodeList:
    """One list: codes with HUD's wording in HUD's order, and the CSV columns that use it.

    `retired` are the codes that older data may hold and nobody may choose any more.
    """

    number: str
    name: str
    values: tuple[tuple[Key, str], ...]
    used_by: tuple[str, ...]
    year: int
    retired: tuple[tuple[Key, str], ...] = ()

    @property
    def choices(self) -> list[tuple[Key, str]]:
        """For a form or model field."""
        return list(self.values)

    @cached_property
    def _labels(self) -> dict[Key, str]:
        return dict(self.retired + self.values)

    @cached_property
    def _keys(self) -> frozenset[Key]:
        return frozenset(key for key, _ in self.values)

    def label(self, key: Key) -> str:
        """HUD's wording of a code, a retired one too; raises UnknownCodeError."""
        try:
            return self._labels[key]
        except KeyError:
            raise UnknownCodeError(key, self) from None

    def __contains__(self, key: object) -> bool:
        """Whether the code may be chosen in this standard."""
        return key in self._keys


@cache
def _standard(year: int) -> dict[str, Any]:
    text = (folder_of(year) / "lists.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _build(number: str, year: int, facts: dict[str, Any], retired: dict[str, Any]) -> CodeList:
    return CodeList(
        number=number,
        name=facts["name"],
        values=_pairs(facts),
        used_by=tuple(facts["used_by"]),
        year=year,
        retired=_pairs(retired.get(number, {})),
    )


def _pairs(facts: dict[str, Any]) -> tuple[tuple[Key, str], ...]:
    return tuple((key, label) for key, label in facts.get("values", []))


@cache
def code_lists(year: int = CURRENT) -> Mapping[str, CodeList]:
    """Every list of a standard by its number; raises UnknownYearError."""
    standard = _standard(year)
    retired = standard["retired"]
    return MappingProxyType(
        {
            number: _build(number, year, facts, retired)
            for number, facts in standard["lists"].items()
        }
    )


@cache
def retired_lists(year: int = CURRENT) -> Mapping[str, CodeList]:
    """What this standard took out of the one before, by list number.

    Whole lists, or some codes of a list that stays.
    """
    retired = _standard(year)["retired"]
    return MappingProxyType(
        {number: _build(number, year, facts, {}) for number, facts in retired.items()}
    )


def code_list(number: str, year: int = CURRENT) -> CodeList:
    """The list of that number, such as "3.12"; raises UnknownYearError or UnknownListError."""
    try:
        return code_lists(year)[number]
    except KeyError:
        raise UnknownListError(number, year) from None
