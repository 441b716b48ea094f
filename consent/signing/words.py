"""What the page says to whoever signs, in the signer's language where we have its words."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from consent.languages import Language

WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Words:
    """The words around a text; `language` is the one that they are in."""

    language: Language

    def __getitem__(self, name: str) -> str:
        return WORDS[self.language][name]

    @property
    def tag(self) -> str:
        """For `lang`, where these words stand."""
        return self.language.value

    @property
    def direction(self) -> str:
        return self.language.direction

    def say(self, name: str, **values: Any) -> str:
        """A sentence with its blanks filled in."""
        return self[name].format(**values)

    def day(self, day: date) -> str:
        month = WORDS[self.language]["months"][day.month - 1]
        return self.say("date", day=day.day, month=month, year=day.year)

    def listed(self, names: Sequence[str]) -> str:
        """Names in one phrase."""
        *others, last = names
        return self.say("and", first=", ".join(others), last=last) if others else last


def words_in(language: str) -> Words:
    """The words for a text in this language; the English ones where there are none."""
    return Words(Language(language) if language in WORDS else Language.ENGLISH)
