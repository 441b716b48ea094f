"""HUD's code lists (3.12 Destination, 1.8 NoYesReasonsForMissingData, ...), by fiscal year.

Read from `data/fy<year>/lists.json` when first asked for, then kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from hud.years import CURRENT, folder_of

Key = int | str


@dataclass(frozen=True)
class CodeList:
    """One list: codes with HUD's wording in HUD's order, and the CSV columns that use it.

    `retired` are the codes that older data may hold and nobody may choose any more.
    """

    number: str
    name: str
    values: tuple[tuple[Key, str], ...]
    used_by: tuple[str, ...]
    retired: tuple[tuple[Key, str], ...] = ()

    @property
    def choices(self) -> list[tuple[Key, str]]:
        """For a form or model field."""
        return list(self.values)

    @cached_property
    def _labels(self) -> dict[Key, str]:
        return dict(self.retired + self.values)

    def label(self, key: Key) -> str:
        """HUD's wording of a code, a retired one too; raises KeyError."""
        return self._labels[key]

    def __contains__(self, key: object) -> bool:
        """Whether the code may be chosen in this standard."""
        return any(key == code for code, _ in self.values)


def _pairs(facts: dict[str, Any]) -> tuple[tuple[Key, str], ...]:
    return tuple((key, label) for key, label in facts.get("values", []))


@cache
def code_lists(year: int = CURRENT) -> Mapping[str, CodeList]:
    """Every list of a standard by its number; raises UnknownYearError."""
    standard = json.loads((folder_of(year) / "lists.json").read_text(encoding="utf-8"))
    retired = standard["retired"]
    return MappingProxyType(
        {
            number: CodeList(
                number,
                facts["name"],
                _pairs(facts),
                tuple(facts["used_by"]),
                _pairs(retired.get(number, {})),
            )
            for number, facts in standard["lists"].items()
        }
    )


def code_list(number: str, year: int = CURRENT) -> CodeList:
    """The list of that number, such as "3.12"; raises UnknownYearError or KeyError."""
    return code_lists(year)[number]
