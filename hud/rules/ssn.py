"""3.02 Social Security Number: how it is stored, and which numbers nobody has.

Stored as nine characters, `x` for a digit that is not known: the last four alone are `xxxxx1234`
(HMIS CSV specification, Client.SSN). What cannot be a number follows the Social Security
Administration: area (first three), group (next two) and serial (last four) that are never given
out, numbers from advertisements, and digits typed to fill the box.
"""

import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise

from hud.choices import SSNDataQuality
from hud.rules.issues import Issue, collected, error
from hud.text import ascii_digits

RULE = "3.02"
LENGTH = 9
UNKNOWN = "x"

ADVERTISED = {
    "219099999": "Ask for the client's own number: this one comes from an old government pamphlet.",
    "078051120": "Ask for the client's own number: this one comes from a card sold with wallets.",
}


class Shape(StrEnum):
    """How much of a number it is, which says nothing about whose."""

    NONE = ""
    WHOLE = "whole"
    PART = "part"
    IMPOSSIBLE = "impossible"


_RUN_STEPS = ({1}, {9})  # up or down: where 0 follows 9, nine up is one down


def clean(text: str | None) -> str:
    """What was typed as it is stored: "" where nothing is known, `xxxxx1234` for the last four.

    Spaces, dashes and dots go, digits of any script become 0-9. Any other character stays, so that
    the rule refuses it: a masked number that a page sends back must not pass for a partial one.
    """
    folded = unicodedata.normalize("NFKC", ascii_digits(text or "")).lower()
    ssn = "".join(char for char in folded if not _separates(char))
    if len(ssn) == 4 and _is_digits(ssn):
        ssn = UNKNOWN * 5 + ssn
    return ssn if ssn.strip(UNKNOWN) else ""


def is_partial(ssn: str | None) -> bool:
    """Whether some of the nine digits are known and some are not."""
    ssn = clean(ssn)
    return len(ssn) == LENGTH and UNKNOWN in ssn and _is_digits(ssn.replace(UNKNOWN, ""))


def is_valid(ssn: str | None) -> bool:
    """Whether it is a whole number that somebody may have."""
    ssn = clean(ssn)
    return _is_whole(ssn) and invalid_reason(ssn) is None


def invalid_reason(ssn: str | None) -> str | None:
    """What to do about a number that nobody has; None for a possible, a partial or a blank one."""
    ssn = clean(ssn)
    if not ssn:
        return None
    if not _is_whole(ssn) and not is_partial(ssn):
        return "Enter nine digits, or only the last four."
    return _filler_reason(ssn) or _part_reason(ssn)


def shape(ssn: str | None) -> Shape:
    """The shape of a number; impossible is one that the rule refuses."""
    ssn = clean(ssn)
    if not ssn:
        return Shape.NONE
    if invalid_reason(ssn):
        return Shape.IMPOSSIBLE
    return Shape.WHOLE if _is_whole(ssn) else Shape.PART


@collected
def issues(ssn: str | None, *, quality: int | None = None) -> Iterator[Issue]:
    """A number that nobody has, or a partial one whose `quality` says that it is full."""
    reason = invalid_reason(ssn)
    if reason:
        yield error(RULE, "ssn", reason)
    elif quality == SSNDataQuality.FULL and is_partial(ssn):
        yield error(RULE, "ssn", "Enter all nine digits, or mark the number as partial.")


def _filler_reason(ssn: str) -> str | None:
    if ssn in ADVERTISED:
        return ADVERTISED[ssn]
    if _is_repeated(ssn):
        return "Leave the number blank if it is not known: this is one digit nine times."
    if _is_run(ssn):
        return "Leave the number blank if it is not known: these digits only count up or down."
    return None


def _part_reason(ssn: str) -> str | None:
    area, group, serial = ssn[:3], ssn[3:5], ssn[5:]
    if area in {"000", "666"} or area.startswith("9"):
        return "Check the first three digits: no number begins with 000, 666 or 9."
    if group == "00":
        return "Check the fourth and fifth digit: they are never 00."
    if serial == "0000":
        return "Check the last four digits: they are never 0000."
    return None


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_whole(ssn: str) -> bool:
    return len(ssn) == LENGTH and _is_digits(ssn)


def _is_repeated(ssn: str) -> bool:
    return _is_whole(ssn) and len(set(ssn)) == 1


def _is_run(ssn: str) -> bool:
    if not _is_whole(ssn):
        return False
    return {(int(b) - int(a)) % 10 for a, b in pairwise(ssn)} in _RUN_STEPS


def _separates(char: str) -> bool:
    # Dashes, spaces of all kinds, line ends, and control and format characters that a paste brings.
    return char == "." or unicodedata.category(char) in {"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"}
