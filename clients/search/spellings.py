"""Which of the names that clients have may be meant by a name as it was typed.

Answered by the dictionary of spellings, not by the clients: it grows with the variety of names.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import BooleanField, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Length

from clients.double_names import name_parts
from clients.models import NameSpelling
from clients.models.spelling import DoubleMetaphone, slips
from clients.search.nicknames import nicknames
from clients.search.similarity import NICKNAME, PART, Likeness, alike_names
from hud.text import normalised

SHORTEST = 4  # fewer letters are the beginning of a name, not a name
LONGEST = 40
BY_SLIP, BY_TRIGRAM, BY_SOUND = 60, 30, 60  # rows of the dictionary that are looked at
KEPT = 12  # spellings of one name with which clients are looked up
TRIGRAMS_FROM = (
    6  # letters; one slip in a shorter name is found by its edits, two make another name
)


class Typed(NamedTuple):
    """A name as it was typed, and whether it is a first name."""

    name: str
    is_first: bool

    @property
    def key(self) -> str:
        return normalised(self.name)[:LONGEST]


class Levenshtein(Func):
    """fuzzystrmatch's number of letters that differ."""

    function = "levenshtein"
    output_field = IntegerField()


Spellings = dict[str, Likeness]


def spellings_of(names: Iterable[Typed]) -> dict[Typed, Spellings]:
    """For each name the keys that it may stand for, itself first, at most 12 or so of them.

    One statement, or none when every name is too short.
    """
    found: dict[Typed, Spellings] = {name: _own(name) for name in names}
    searched = [name for name in found if len(name.key) >= SHORTEST]
    queries = [query for at, name in enumerate(searched) for query in _queries(at, name.key)]
    if queries:
        for at, part, key, sounds in queries[0].union(*queries[1:], all=True):
            _add(found[searched[at]], searched[at], part, key, sounds=sounds)
    return {name: _best(spellings) for name, spellings in found.items()}


def _own(name: Typed) -> Spellings:
    """What needs no dictionary: the name, the parts of a double one, nicknames."""
    own = {name.key: Likeness(1)} if name.key else {}
    for part in name_parts(name.name):
        own.setdefault(part[:LONGEST], Likeness(0.85, PART))
    if name.is_first:
        for nickname in sorted(nicknames(name.key)):
            own[nickname] = Likeness(0.9, NICKNAME)
    return own


def _best(spellings: Spellings) -> Spellings:
    best = sorted(spellings.items(), key=lambda item: -item[1].score)
    free = [item for item in best if item[1].reason == NICKNAME]
    others = [item for item in best if item[1].reason != NICKNAME]
    return dict(sorted(others[:KEPT] + free, key=lambda item: -item[1].score))


def _add(spellings: Spellings, name: Typed, part: str, key: str, *, sounds: bool) -> None:
    likeness = alike_names(name.key, part, sounds=sounds, first=name.is_first)
    if likeness is None:
        return
    if part != key:
        likeness = Likeness(likeness.score * 0.85, likeness.reason or PART)
    if key not in spellings or likeness.score > spellings[key].score:
        spellings[key] = likeness


def _queries(at: int, key: str) -> Iterator[QuerySet]:
    """Three looks into the dictionary: one slip away, alike in trigrams, alike in sound."""
    words = NameSpelling.objects.alias(whole=Length("key"))
    slipped = words.filter(slips__overlap=slips(key)).alias(edits=Levenshtein("part", Value(key)))
    yield _rows(at, slipped.order_by("edits", "whole")[:BY_SLIP])
    words = words.alias(similarity=TrigramSimilarity("part", key))
    if len(key) >= TRIGRAMS_FROM:
        similar = words.filter(part__trigram_similar=key)
        yield _rows(at, similar.order_by("-similarity", "whole")[:BY_TRIGRAM])
    if key.isascii():
        sounding = words.filter(~Q(sound=""), sound=DoubleMetaphone(Value(key)))
        yield _rows(at, sounding.order_by("-similarity", "whole")[:BY_SOUND], sounds=True)


def _rows(at: int, rows: QuerySet, *, sounds: bool = False) -> QuerySet:
    return rows.values_list(
        Value(at, output_field=IntegerField()),
        "part",
        "key",
        Value(sounds, output_field=BooleanField()),
    )
