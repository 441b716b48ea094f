"""The search of the help: every word has to begin a word of the text."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from hmis.help.topics import topics
from hud.explanations import explanations
from records.markdown import parsed, words_of

WORD = re.compile(r"\w+")
TITLE, WORDS, LEAD, TEXT = 8, 5, 3, 1  # how much a word weighs where it is found
MOST = 20
EXCERPT = 160  # characters


@dataclass(frozen=True)
class Entry:
    """What can be found: its address, and its words by where they stand."""

    title: str
    lead: str
    url: str
    places: tuple[tuple[int, frozenset[str]], ...]

    def weight(self, word: str) -> int:
        """The weight of the best place of a word; 0 where it begins none."""
        return max(
            (weight for weight, words in self.places if any(one.startswith(word) for one in words)),
            default=0,
        )


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return frozenset(
        WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    )


def _entry(title: str, words: str, lead: str, text: str, url: str) -> Entry:
    places = ((TITLE, title), (WORDS, words), (LEAD, lead), (TEXT, text))
    found = tuple((weight, _words(one)) for weight, one in places)
    shown = lead if len(lead) <= EXCERPT else f"{lead[:EXCERPT].rpartition(' ')[0]}…"
    return Entry(title, shown, url, found)


@cache
def entries() -> tuple[Entry, ...]:
    """All topics, then what HUD's questions mean."""
    of_topics = [
        _entry(one.title, one.words, one.lead, one.text, one.url) for one in topics().values()
    ]
    place = reverse("help_questions")
    of_questions = []
    for number, one in enumerate(explanations(), 1):
        text = words_of(parsed(one.text))
        words = f"{one.words} {' '.join(one.elements)}"
        of_questions.append(_entry(one.heading, words, text, text, f"{place}#question-{number}"))
    return (*of_topics, *of_questions)


def find(text: str) -> list[Entry]:
    """What has every word of a text, the best first."""
    wanted = _words(text)
    weighed = ((one, [one.weight(word) for word in wanted]) for one in entries())
    found = [(sum(weights), one) for one, weights in weighed if weights and all(weights)]
    return [one for _, one in sorted(found, key=lambda pair: -pair[0])][:MOST]
