"""What the names of two clients say: legal names and aliases, in their boxes or swapped."""

from math import log2
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from clients.duplicates.comparison import NOTHING, FieldComparison, Kind
from clients.duplicates.frequencies import TermFrequencies
from clients.duplicates.person import Name, Person
from clients.search.similarity import NICKNAME, PART, SPELLING, nicknames, variants

FIRST_SAME, LAST_SAME = 0.62, 0.60  # of two records of one person, how many have it the same
FIRST_DIFFERS, LAST_DIFFERS = -3.3, -3.0
MOST = 13.0  # of a rare name that is the same
LEAST = 3.0
SWAPPED = -3.0
INITIAL = 2.0
CALLED = 5.0
AS_PART = 6.0
ONE_EDIT, BEGINS, TWO_EDITS, CLOSE = 7.0, 4.5, 4.5, 4.5
ONE_EDIT_OF_A_SHORT_NAME, NEAR = 3.5, 3.0  # of another name, which speaks against less

SAME_NAME = "Same name"
SAME_FIRST, SAME_LAST = "Same first name", "Same last name"
OTHER_FIRST, OTHER_LAST = "Different first name", "Different last name"


class Names(NamedTuple):
    """The comparisons of first and of last names of the pair that agrees best."""

    first: FieldComparison
    last: FieldComparison
    is_swapped: bool = False

    @property
    def stranger(self) -> float:
        return self.first.stranger + self.last.stranger

    @property
    def agree(self) -> bool:
        return self.first.kind.agrees and self.last.kind.agrees

    @property
    def are_same(self) -> bool:
        return self.first.kind is Kind.SAME and self.last.kind is Kind.SAME


def compare_names(one: Person, two: Person, frequencies: TermFrequencies) -> Names:
    """The best that any name of the one and any name of the other say."""
    if len(one.names) == len(two.names) == 1:
        return _pair(one.names[0], two.names[0], frequencies)
    pairs = (_pair(first, second, frequencies) for first in one.names for second in two.names)
    return max(pairs, key=lambda names: names.stranger)


def _pair(one: Name, two: Name, frequencies: TermFrequencies) -> Names:
    straight = Names(_first(one.first, two.first, frequencies), _last(one, two, frequencies))
    if straight.agree:
        return straight
    if all((*one[:2], *two[:2])) and one.first + one.last == two.first + two.last:
        same = FieldComparison(Kind.SAME, MOST / 2, 0, "")
        return Names(same, same)  # Mary Ann + Lee, Mary + Ann Lee
    # Quick to tell: nearly every misspelling leaves one of the four first letters as it was.
    if one.first[:1] == two.last[:1] != "" or one.last[:1] == two.first[:1] != "":
        crossed = _crossed(one, two, frequencies)
        if crossed.stranger > straight.stranger:
            return crossed
    return straight


def _crossed(one: Name, two: Name, frequencies: TermFrequencies) -> Names:
    """The names swapped; or the one that is in the other box as the last, where only one is."""
    last = _alike(one.last, two.first, _common(frequencies, one.last, two.first))
    first = _alike(one.first, two.last, _common(frequencies, one.first, two.last))
    if first.kind.agrees and not last.kind.agrees:
        first, last = last, first
    if not first.kind.agrees:
        first = _other(FIRST_DIFFERS, OTHER_FIRST) if first.kind.differs else NOTHING
    last = last._replace(stranger=last.stranger + SWAPPED)
    return Names(first, last, is_swapped=True)


def _common(frequencies: TermFrequencies, one: str, two: str) -> float:
    """How common a name is in whichever box: swapped ones are strangers' names only by chance."""
    return max(frequencies.more_frequent(kind, one, two) for kind in ("first", "last"))


def _first(one: str, two: str, frequencies: TermFrequencies) -> FieldComparison:
    if not one or not two:
        return NOTHING
    if one == two:
        return FieldComparison(Kind.SAME, _bits(FIRST_SAME, frequencies.frequency("first", one)))
    if two in nicknames(one) or one in nicknames(two):
        return FieldComparison(Kind.ALIKE, CALLED, 0, NICKNAME)
    if len(one) == 1 or len(two) == 1:
        same = one[0] == two[0]
        return FieldComparison(Kind.OPEN, INITIAL) if same else _other(FIRST_DIFFERS, OTHER_FIRST)
    found = _alike(one, two, frequencies.more_frequent("first", one, two))
    return found if found.kind.agrees else _other(FIRST_DIFFERS + found.stranger, OTHER_FIRST)


def _last(one: Name, two: Name, frequencies: TermFrequencies) -> FieldComparison:
    if not one.last or not two.last:
        return NOTHING
    if one.last == two.last:
        return FieldComparison(Kind.SAME, _bits(LAST_SAME, frequencies.frequency("last", one.last)))
    found = _alike(one.last, two.last, frequencies.more_frequent("last", one.last, two.last))
    if found.kind.agrees and found.stranger >= AS_PART:
        return found
    if _is_part(one, two) or _is_part(two, one):
        return FieldComparison(Kind.ALIKE, AS_PART, 0, PART)
    return found if found.kind.agrees else _other(LAST_DIFFERS + found.stranger, OTHER_LAST)


def _is_part(one: Name, two: Name) -> bool:
    """García-López and López, or García."""
    if not one.last_part:
        return False
    whole = two.last_part or two.last
    return len(whole) > 2 and (one.last_part == whole or one.last.startswith(two.last))


def _other(weight: float, reason: str) -> FieldComparison:
    return FieldComparison(Kind.DIFFERENT, weight, 0, reason)


def _bits(alike: float, frequency: float) -> float:
    return min(MOST, max(LEAST, log2(alike / frequency)))


def _alike(one: str, two: str, frequency: float) -> FieldComparison:
    """Two names by their letters; how common they are limits what a likeness can say."""
    if not one or not two:
        return NOTHING
    most = _bits(FIRST_SAME, frequency)
    if one == two:
        return FieldComparison(Kind.SAME, most)
    is_variant = one[0] == two[0] and (two in variants(one) or one in variants(two))
    weight = ONE_EDIT if is_variant else _likeness(one, two)
    if weight >= BEGINS:
        return FieldComparison(Kind.ALIKE, min(weight, most - 0.5), 0, SPELLING)
    return FieldComparison(Kind.DIFFERENT, weight)


def _likeness(one: str, two: str) -> float:
    """From BEGINS on they may be one name; below, as Mary and Gary, they only look alike."""
    shorter, longer = sorted((len(one), len(two)))
    if shorter < 2:
        return 0
    edits = OSA.distance(one, two, score_cutoff=2)
    if edits == 1:
        if longer > 4 or sorted(one) == sorted(two):
            return ONE_EDIT
        return BEGINS if shorter != longer else ONE_EDIT_OF_A_SHORT_NAME
    if edits == 2 and shorter >= 6:
        return TWO_EDITS
    if shorter > 2 and (one.startswith(two) or two.startswith(one)):
        return BEGINS
    close = JaroWinkler.similarity(one, two, score_cutoff=0.85)
    return CLOSE if close >= 0.9 else NEAR if close else 0
