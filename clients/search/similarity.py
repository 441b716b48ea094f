"""How alike two names, two dates of birth or two SSNs are, and why: words for a case worker."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from hud.rules.dob import BirthDate, Precision

SAME = ""
NICKNAME = "Nickname"
SOUND = "Name sounds alike"
SPELLING = "Similar spelling"
PART = "One part of a double name"
SWAPPED_NAMES = "First and last name swapped"


SHORTEST_NICKNAME = 3  # Jo is the beginning of a name


class Likeness(NamedTuple):
    """`score` from 0 to 1; `reason` is empty when the two are the same.

    Below 0 where the two speak against each other; the same SSN is more than any name or date.
    """

    score: float
    reason: str = SAME


def alike_names(
    typed: str, key: str, *, sounds: bool = False, first: bool = False, known: bool = True
) -> Likeness | None:
    """Whether `key` may be meant by `typed`; strict enough that Mary is not offered for Gary.

    sounds: whether both have the same double metaphone.
    first: whether they are first names, which have nicknames.
    known: whether somebody bears the name as it was typed: Xohn, whom nobody is called, is John.
    """
    if typed == key:
        return Likeness(1)
    if first and len(typed) >= SHORTEST_NICKNAME and key in nicknames(typed):
        return Likeness(0.9, NICKNAME)
    edits = OSA.distance(typed, key, score_cutoff=2)
    is_misspelling = _may_be_misspelled(typed, key, edits)
    if is_misspelling and sorted(typed) == sorted(key):
        return Likeness(0.92, SPELLING)
    spelling = 0.95 - edits / max(len(typed), len(key)) * 0.8 if is_misspelling else 0
    if sounds and _sound_close(typed, key, edits):
        sound = 0.7 + JaroWinkler.similarity(typed, key) / 10
        return Likeness(max(sound, spelling) + 0.02, SOUND)
    if is_misspelling:
        return Likeness(spelling, SPELLING)
    return None if known else _unknown(typed, key, edits, first=first)


SHORTEST_UNKNOWN = 4


def _unknown(typed: str, key: str, edits: int, *, first: bool) -> Likeness | None:
    """A name that nobody bears may be wrong in its first letter, a first name in any."""
    is_one_letter = edits == 1 and (first or typed[1:] == key[1:])
    if is_one_letter and key.isascii() and min(len(typed), len(key)) >= SHORTEST_UNKNOWN:
        return Likeness(0.72, SPELLING)
    return None


UNLIKE = Likeness(0)
ROUGH = 0.6  # the most that a rough likeness scores
LEAST_ROUGH = 0.65 * ROUGH
ROUGH_SPELLING = 0.8 * ROUGH


def roughly_alike(typed: str, key: str) -> Likeness:
    """How alike two names are where something else says more: too little by itself."""
    score = JaroWinkler.similarity(typed, key) * ROUGH
    if score < LEAST_ROUGH:
        return UNLIKE
    return Likeness(score, SPELLING if score >= ROUGH_SPELLING else SAME)


# Letters that are often written for one another; Hall and Hill sound alike to an algorithm only.
_WRITTEN_ALIKE = str.maketrans("ykzj", "icsg")


def _sound_close(typed: str, key: str, edits: int) -> bool:
    shorter = min(len(typed), len(key))
    if shorter <= 4:
        same = typed.translate(_WRITTEN_ALIKE) == key.translate(_WRITTEN_ALIKE)
        return same or (edits <= 1 and len(typed) != len(key))
    return JaroWinkler.similarity(typed, key) >= (0.8 if shorter == 5 else 0.7)


def _may_be_misspelled(typed: str, key: str, edits: int) -> bool:
    shorter, longer = sorted((len(typed), len(key)))
    if shorter < 3 or edits > (1 if longer <= 6 else 2):
        return False
    if not (typed.isascii() and key.isascii()):
        return edits == 1 and typed[0] == key[0]
    if shorter <= 4 and len(typed) == len(key):
        return sorted(typed) == sorted(key) and typed[0] == key[0]  # two letters swapped
    return typed[0] == key[0] or (longer >= 6 and edits == 1)


SAME_DOB = Likeness(1, "Same date of birth")
OTHER_DOB = Likeness(-1, "Different date of birth")
DAY_AND_MONTH = Likeness(0.8, "Day and month swapped")
DOB_DIGIT = Likeness(0.6, "One digit of the date of birth differs")
DOB_DIGITS = Likeness(0.6, "Two digits of the date of birth swapped")


def alike_dobs(typed: date, dob: date) -> Likeness | None:
    """Whether one may be a mistake for the other; a generation apart is another person."""
    if typed == dob:
        return SAME_DOB
    if (typed.year, typed.month, typed.day) == (dob.year, dob.day, dob.month):
        return DAY_AND_MONTH
    one, two = (f"{day:%Y%m%d}".zfill(8) for day in (typed, dob))
    differing = [place for place in range(8) if one[place] != two[place]]
    if abs(typed.year - dob.year) > 10:
        return None
    if len(differing) == 1:
        return DOB_DIGIT
    return DOB_DIGITS if len(differing) == 2 and OSA.distance(one, two) == 1 else None


SAME_MONTH = Likeness(0.6, "Same month of birth, the day is not known")
SAME_YEAR = Likeness(0.5, "Same year of birth, the day is not known")
ROUGHLY = Likeness(0, "Approximate date of birth")
ROUGHLY_YEARS = 2


def alike_births(typed: BirthDate, known: BirthDate) -> Likeness | None:
    """The same where either date may be approximate: as far as both are known."""
    precision = min(typed.precision, known.precision)
    if precision is Precision.DAY:
        return alike_dobs(typed.day, known.day)
    if typed.agrees(known):
        return SAME_YEAR if precision is Precision.YEAR else SAME_MONTH
    return ROUGHLY if abs(typed.day.year - known.day.year) <= ROUGHLY_YEARS else None


def dobs_like(typed: date) -> list[date]:
    """All dates for which `alike_dobs` finds a likeness, `typed` itself first."""
    text = f"{typed:%Y%m%d}".zfill(8)
    dates = {day_and_month_swapped(typed), *map(_date, _one_edit(text, start=2))} - {typed}
    return [typed, *sorted(day for day in dates if day and alike_dobs(typed, day))]


def day_and_month_swapped(day: date) -> date | None:
    """The other reading of 03/04; None where there is no other."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


SAME_SSN = Likeness(1.5, "Same SSN")
OTHER_SSN = Likeness(-1, "Different SSN")
SSN_DIGIT = Likeness(0.7, "One digit of the SSN differs")
SSN_DIGITS = Likeness(0.7, "Two digits of the SSN swapped")
LAST_FOUR = Likeness(0.4, "Same last four digits of the SSN")


def ssns_like(ssn: str) -> dict[str, Likeness]:
    """The SSN itself, and the 81 + 8 that one wrong digit or two swapped ones make of it."""
    swapped = {ssn[:at] + ssn[at + 1] + ssn[at] + ssn[at + 2 :] for at in range(len(ssn) - 1)}
    others = dict.fromkeys(_one_edit(ssn), SSN_DIGIT) | dict.fromkeys(swapped, SSN_DIGITS)
    return others | {ssn: SAME_SSN}


def ssns_like_in_last_four(ssn: str) -> dict[str, Likeness]:
    """Those of `ssns_like` that differ in the last four digits, which everybody sees.

    Whoever finds by them has the others right, and learns no digit that was not typed.
    """
    return {one: why for one, why in ssns_like(ssn).items() if one[:-4] == ssn[:-4]}


def _one_edit(digits: str, start: int = 0) -> Iterator[str]:
    for at in range(start, len(digits)):
        for digit in "0123456789":
            if digit != digits[at]:
                yield digits[:at] + digit + digits[at + 1 :]
        if at + 1 < len(digits) and digits[at] != digits[at + 1]:
            yield digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]


FILE = Path(__file__).with_name("nicknames.txt")


@cache
def _groups() -> dict[str, frozenset[str]]:
    lines = [line.partition("#")[0].split() for line in FILE.read_text("utf-8").splitlines()]
    heads = {line[0] for line in lines if line}
    groups: dict[str, frozenset[str]] = {}
    for name, *nicks in filter(None, lines):
        groups[name] = groups.get(name, frozenset()) | frozenset(nicks)
        # Bob may be Rob; but John is not Nathan, though a Jonathan may be called either.
        called = frozenset(nick for nick in nicks if nick not in heads)
        for nick in nicks:
            others = called if nick in called else frozenset()
            groups[nick] = groups.get(nick, frozenset()) | others | {name}
    return groups


def nicknames(key: str) -> frozenset[str]:
    """The other names that a bearer of the first name `key` may go by, as keys."""
    return _groups().get(key, frozenset()) - {key}


_BEGINNINGS = (("sainte", "ste"), ("saint", "st"), ("mac", "mc"))
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
SHORTEST_REST = 3


def variants(key: str) -> list[str]:
    """Other spellings of the name `key`, as keys."""
    found: dict[str, None] = {}
    for pair in _BEGINNINGS:
        for written, other in (pair, pair[::-1]):
            rest = key.removeprefix(written)
            if rest != key and len(rest) >= SHORTEST_REST:
                found[other + rest] = None
    without_umlauts = key
    for written, other in _UMLAUTS:  # whose dots a key has lost
        without_umlauts = without_umlauts.replace(written, other)
    if len(without_umlauts) >= SHORTEST_REST:
        found[without_umlauts] = None
    found.pop(key, None)
    return list(found)
