"""The parts of a name of several words: García-López, Mary Ann, de la Cruz."""

import re

from hud.text import normalised

# Words that tell nobody apart: particles, articles, generations.
SMALL_WORDS = frozenset(
    {"al", "bin", "da", "das", "de", "dei", "del", "della", "der", "di", "do", "dos", "du", "el"}
    | {"ibn", "la", "las", "le", "los", "san", "santa", "st", "ten", "van", "ver", "von"}
    | {"ii", "iii", "iv", "jr", "sr", "junior", "senior"}
)


def name_parts(name: str) -> list[str]:
    """The keys of the words of a double name, in order; none for a name of one word."""
    parts = [normalised(word) for word in re.split(r"[\s\-\u2010-\u2015]+", name)]
    parts = [part for part in parts if len(part) > 1 and part not in SMALL_WORDS]
    return parts if parts != [normalised(name)] else []


def last_part(name: str) -> str:
    """The key of the last word of a double name, by which prefixes of the whole cannot find it."""
    return (name_parts(name) or [""])[-1]
