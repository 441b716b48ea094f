"""Which of the names that clients have may be meant by a name as it was typed.

Answered by the dictionary of spellings, not by the clients: it grows with the variety of names.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from django.db.models import BooleanField, Func, IntegerField, Q, Value
from django.db.models.functions import Length

from clients.models import NameSpelling
from clients.models.names import BUCKETS, deletion_variants, double_metaphone
from clients.names import name_parts
from clients.search.kept import Given, Slot, Sql, Statement, sql_of
from clients.search.similarity import (
    NICKNAME,
    PART,
    SHORTEST_NICKNAME,
    SPELLING,
    Likeness,
    alike_names,
    nicknames,
    variants,
)
from hud.text import normalised

SHORTEST = 4  # fewer letters are the beginning of a name, not a name
LONGEST = 40
BY_DELETION, BY_SOUND = 60, 60  # rows of the dictionary that are read
KEPT = 12  # spellings of one name with which clients are looked up


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
NOTHING = Likeness(-1)


def spellings_of(names: Iterable[Typed]) -> dict[Typed, Spellings]:
    """For each name the keys that it may stand for, itself first, at most 12 or so; none for "".

    One statement, or none when every name is too short.
    """
    found: dict[Typed, Spellings] = {name: _own(name) for name in names}
    searched = [name for name in found if len(name.key) >= SHORTEST]
    rows = _look_up(searched)
    borne = {(at, part) for at, part, _, _ in rows}
    for at, part, key, sounds in rows:
        name = searched[at]
        known = (at, name.key) in borne or bool(nicknames(name.key))
        likeness = alike_names(name.key, part, sounds=sounds, first=name.is_first, known=known)
        if likeness and part != key:
            likeness = Likeness(likeness.score * 0.85, likeness.reason or PART)
        if likeness and likeness.score > found[name].get(key, NOTHING).score:
            found[name][key] = likeness
    return {name: _best(spellings) for name, spellings in found.items()}


def _own(name: Typed) -> Spellings:
    """What needs no dictionary: the name, the parts of a double one, nicknames."""
    own = {name.key: Likeness(1)} if name.key else {}
    for part in name_parts(name.name):
        own.setdefault(part[:LONGEST], Likeness(0.85, PART))
    for variant in variants(name.key):
        own.setdefault(variant[:LONGEST], Likeness(0.93, SPELLING))
    if name.is_first and len(name.key) >= SHORTEST_NICKNAME:
        for nickname in sorted(nicknames(name.key)):
            own[nickname] = Likeness(0.9, NICKNAME)
    return own


def _best(spellings: Spellings) -> Spellings:
    best = sorted(spellings.items(), key=lambda item: -item[1].score)
    free = [item for item in best if item[1].reason == NICKNAME]
    others = [item for item in best if item[1].reason != NICKNAME]
    return dict(sorted(others[:KEPT] + free, key=lambda item: -item[1].score))


def _look_up(names: list[Typed]) -> list[tuple[int, str, str, bool]]:
    """Two look-ups in the dictionary for each name: one or two letters away, and alike in sound.

    Returns: the place of the name in `names`, what is alike, the key for it, whether by sound.
    """
    if not names:
        return []
    database = NameSpelling.objects.db
    values: dict[str, Any] = {}
    for at, name in enumerate(names):
        values |= {f"key{at}": name.key, f"variants{at}": deletion_variants(name.key)}
    statement = _statement(tuple(name.key.isascii() for name in names), database)
    return statement.rows(database, values, [])


@cache
def _statement(are_ascii: tuple[bool, ...], database: str) -> Statement:
    """The look-ups of so many names, put together once: only what is in ASCII has a sound."""
    parts = [part for at, one in enumerate(are_ascii) for part in _sources(at, is_ascii=one)]
    return Statement.of(parts, database)


def _sources(at: int, *, is_ascii: bool) -> Iterator[Sql]:
    # One look-up for each: the planner expects so much of `&&` that it reads it all.
    yield (
        "SELECT %s, part, key, false FROM (SELECT DISTINCT found.part, found.key"  # noqa: S608
        " FROM unnest(%s::integer[]) AS variant CROSS JOIN LATERAL"
        f" (SELECT part, key FROM {NameSpelling._meta.db_table}"
        f" WHERE clients_deletion_buckets(deletion_variants) @> ARRAY[variant & {BUCKETS - 1}]"
        " AND deletion_variants @> ARRAY[variant] LIMIT %s) AS found) AS alike"
        " ORDER BY levenshtein(part, %s::text), length(key), part, key LIMIT %s",
        (at, Slot(f"variants{at}"), BY_DELETION, Slot(f"key{at}"), BY_DELETION),
    )
    if is_ascii:
        key = Given(f"key{at}")
        sounding = NameSpelling.objects.filter(~Q(sound=""), sound=double_metaphone(key))
        nearest = sounding.order_by(Levenshtein("part", key), Length("key"), "part", "key")
        rows = nearest.values_list(
            Value(at, output_field=IntegerField()),
            "part",
            "key",
            Value(True, output_field=BooleanField()),
        )
        yield sql_of(rows[:BY_SOUND])
