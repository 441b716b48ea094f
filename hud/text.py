"""Names as keys: what stays equal however a name was typed (HUD 3.01, duplicates and search).

Two spellings of one name must meet: Muñoz and MUNOZ, O'Neil and oneil, Søren and soren. Letters of
every script stay, and so do vowel signs without which a word of its script would be another word.
"""

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent.
# The dotless i among them.
_UNDIVIDED = str.maketrans("øłđð\u0131ħŧŋĸɓɖɗƙƴɨəɛɔ", "olddihtnkbddkyieeo") | str.maketrans(
    {"þ": "th", "æ": "ae", "œ": "oe"}
)

# Accents, and points that their script may leave out. A mark of Devanagari or Thai is a vowel: it
# stays.
_ACCENTS = (
    (0x02B0, 0x02FF),  # spacing modifiers, the Hawaiian okina among them: apostrophes
    (0x0300, 0x036F),  # Latin, Greek, Cyrillic
    (0x0483, 0x0487),  # Cyrillic
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A),  # Arabic
    (0x0640, 0x0640),  # Arabic tatweel: a longer stroke, no letter
    (0x064B, 0x065F),  # Arabic points
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x0730, 0x074A),  # Syriac
    (0x180B, 0x180F),  # variation selectors: another drawing of the same letter
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)
_ACCENT_CODES = frozenset(code for first, last in _ACCENTS for code in range(first, last + 1))

_NOT_ASCII_KEY = re.compile(r"[^a-z0-9]+")


def ascii_digits(text: str) -> str:
    """Digits of any script, full-width ones too, as 0-9; everything else stays."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def as_id(text: str) -> int | None:
    """The ID that was typed, with its # or without; None for what cannot be one."""
    typed = ascii_digits(text).strip().lstrip("#").strip()
    return int(typed) if re.fullmatch(r"\d{1,18}", typed, re.ASCII) else None


def normalised(name: str | None) -> str:
    """A name as a key: lower case, accents off, letters and digits only; "" where nothing is left.

    Idempotent, and the same for both Unicode forms of a text.
    """
    if (name or "").isascii():  # most are, and this takes a tenth of the time
        return _NOT_ASCII_KEY.sub("", (name or "").lower())
    # Case again: compatibility signs such as ℡ come apart into capitals.
    text = unicodedata.normalize("NFKD", (name or "").casefold()).casefold().translate(_UNDIVIDED)
    kept = "".join(
        char
        for char in text
        if ord(char) not in _ACCENT_CODES and unicodedata.category(char)[0] in "LNM"
    )
    return unicodedata.normalize("NFC", ascii_digits(kept))
