"""The ways to begin a name: by every word of the first, the middle or the last name.

Juan Carlos (middle name María) de la Cruz López is found by Carlos + Cruz and by María + López as
well as by Juan + de la Cruz. A generation (Jr, III) is no part of a name.
"""

import re
from itertools import product
from typing import NamedTuple

from hud.text import normalised

# Words that tell nobody apart: particles, articles, generations.
SMALL_WORDS = frozenset(
    {"al", "bin", "da", "das", "de", "dei", "del", "della", "der", "di", "do", "dos", "du", "el"}
    | {"ibn", "la", "las", "le", "los", "san", "santa", "st", "ten", "van", "ver", "von"}
    | {"ii", "iii", "iv", "jr", "sr", "junior", "senior"}
)
GENERATIONS = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv", "2nd", "3rd", "4th"})
MOST_FORMS = 12  # of one name beside the whole
MOST_WORDS = 5  # of a line that are tried as first and last name
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015.,/()\"\u201c\u201d]+")
_LAST_WORD = re.compile(r"^(.*\S)[\s,]+(\S+)$", re.DOTALL)


class Names(NamedTuple):
    first: str
    last: str
    generation: str = ""


def name_parts(name: str) -> list[str]:
    """The keys of the words of a double name, in order; none for a name of one word."""
    parts = [normalised(word) for word in re.split(r"[\s\-\u2010-\u2015]+", name)]
    parts = [part for part in parts if len(part) > 1 and part not in SMALL_WORDS]
    return parts if parts != [normalised(name)] else []


def last_part(name: str) -> str:
    """The key of the last word of a double name, by which prefixes of the whole cannot find it."""
    return (name_parts(name) or [""])[-1]


def without_generation(name: str) -> tuple[str, str]:
    """A name and the generation that stood behind it; a name that is nothing else stays."""
    match = _LAST_WORD.match(name.strip())
    if match and normalised(match[2]) in GENERATIONS:
        return match[1].rstrip(", "), match[2].strip(",")
    return name, ""


def name_forms(first: str, middle: str, last: str) -> list[tuple[str, str]]:
    """First and last keys by which a name begins, but for the whole ones; at most twelve."""
    whole = normalised(first), normalised(last)
    firsts = _beginnings(whole[0], [*_words(first), *_words(middle)])
    lasts = _beginnings(whole[1], _words(without_generation(last)[0]))
    pairs = dict.fromkeys(product(firsts, lasts))
    pairs.pop(whole, None)
    return list(pairs)[:MOST_FORMS]


def _words(name: str) -> list[str]:
    return [word for word in map(normalised, _BETWEEN.split(name or "")) if word]


def _beginnings(whole: str, words: list[str]) -> list[str]:
    """The whole key, then what begins with a later word, then the later words by themselves."""
    rest = ["".join(words[at:]) for at in range(len(words)) if len(words[at]) > 1 or at == 0]
    single = [word for word in words[1:] if len(word) > 1 and word not in SMALL_WORDS]
    return list(dict.fromkeys([whole, *rest, *single]))


def sorted_into_boxes(line: str) -> Names:
    """A name typed in one line: `Last, First`, or the first name before the last.

    What follows a particle belongs to the last name (Ana de la Cruz, Van Heerdenburg).
    """
    line, generation = without_generation(" ".join(line.split()))
    if "," in line:
        last, first = (part.strip() for part in line.split(",", 1))
        last, behind_last = without_generation(last)
        first, behind_first = without_generation(first)
        return Names(first, last, generation or behind_last or behind_first)
    words = line.split(" ")
    particles = [at for at, word in enumerate(words[:-1]) if normalised(word) in SMALL_WORDS]
    at = particles[0] if particles else len(words) - 1
    return Names(" ".join(words[:at]), " ".join(words[at:]), generation)


def readings(line: str) -> list[tuple[str, str]]:
    """First and last name as which a line may be meant, the likeliest first."""
    likeliest = sorted_into_boxes(line)
    line = " ".join(without_generation(line)[0].split())
    if "," in line:
        return [(likeliest.first, likeliest.last)]
    words = line.split(" ")[:MOST_WORDS]
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return list(dict.fromkeys([likeliest[:2], ("", line), (line, ""), *splits]))
