"""What a user types to find a note, as the search index understands it."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

MOST_WORDS = 12
# Thai, Lao, Myanmar, Khmer, kana, Han: no spaces between words.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True)
class Words:
    """The words of a search: those that begin a word of the text, those found anywhere in it."""

    beginnings: tuple[str, ...] = ()
    unspaced: tuple[str, ...] = ()

    @classmethod
    def of(cls, typed: str) -> Self:
        text = unicodedata.normalize("NFC", typed)
        text = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in text)
        parts = list(dict.fromkeys(text.split()))[:MOST_WORDS]
        return cls(
            tuple(part for part in parts if not UNSPACED.search(part)),
            tuple(part for part in parts if UNSPACED.search(part)),
        )

    @property
    def as_tsquery(self) -> str:
        """Every word, as a prefix; quoted, so that nothing typed is an operator."""
        return " & ".join(f"'{word}':*" for word in self.beginnings)
