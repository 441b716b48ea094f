"""The text of a release: its placeholders, and the hash of what was shown of it."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError

PLACEHOLDERS = ("client", "organization", "today", "end")
# Letter for letter what the database checks (`template_text_has_known_placeholders`).
KNOWN = rf"^([^{{}}]|\{{({'|'.join(PLACEHOLDERS)})\}})*$"
IN_BRACES = re.compile(r"\{([^{}]*)\}")
SAYABLE = "{client}, {organization}, {today} or {end}"
LONGEST = 20_000


def normalized(text: str) -> str:
    """Text in the one form in which it is stored and hashed (NFC, lines that end alike)."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def check_placeholders(text: str) -> None:
    """Refuse what looks like a placeholder and is none."""
    unknown = [name for name in IN_BRACES.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        raise ValidationError(
            "{%(name)s} is not a placeholder. Write %(known)s.",
            code="unknown_placeholder",
            params={"name": unknown[0][:40], "known": SAYABLE},
        )
    if re.search(r"[{}]", IN_BRACES.sub("", text)):
        raise ValidationError(
            "There is a brace too many or too few. Braces stand around %(known)s alone.",
            code="open_brace",
            params={"known": SAYABLE},
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values of its placeholders; braces within a value stay as they are."""
    return normalized(IN_BRACES.sub(lambda found: values[found[1]], text))


def hash_of(*, version_id: int, number: int, signed: str, texts: Iterable[Sequence[str]]) -> str:
    """SHA-256 of a text as it was shown, in hexadecimal.

    Args:
        version_id: with `number`, the version of the template.
        signed: the language in which it was signed.
        texts: language, title and text of everything that was shown, in its order.
    """
    shown = {
        "version": version_id,
        "number": number,
        "signed": signed,
        "texts": [[normalized(part) for part in one] for one in texts],
    }
    written = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
