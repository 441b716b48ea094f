"""Form fields that every package uses."""

import re
import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

DATE_FORMATS = ["%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%m.%d.%Y", "%m%d%Y", "%b %d, %Y", "%B %d, %Y"]
# Joiners that Persian, Indic scripts and emoji need; every other invisible character is a trap.
JOINERS = "\u200c\u200d"


class DateField(forms.DateField):
    """A day, typed as MM/DD/YYYY or as most people write it."""

    def __init__(self, **options):
        attributes = {
            "placeholder": "MM/DD/YYYY",
            "data-date": "",
            "autocomplete": "off",
            "maxlength": "20",
        }
        options = {
            "input_formats": DATE_FORMATS,
            "widget": forms.DateInput(format="%m/%d/%Y", attrs=attributes),
        } | options
        super().__init__(**options)
        self.error_messages["invalid"] = "Enter a date that exists, as MM/DD/YYYY."

    def to_python(self, value) -> date | None:
        day = super().to_python(value)
        if day and day.year < 1000:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class LineField(forms.CharField):
    """One line of visible text: white space is tidied, hidden characters are refused.

    A paste may bring control characters, or marks that turn the direction of the text around it.
    """

    def to_python(self, value) -> str:
        text = unicodedata.normalize("NFC", str(super().to_python(value)))
        return re.sub(r"\s+", " ", text)

    def validate(self, value) -> None:
        super().validate(value)
        if any(_is_hidden(char) for char in value):
            raise ValidationError(
                "Type this again: the text holds hidden characters, perhaps from a paste.",
                code="hidden_characters",
            )


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} and not _belongs(char)


def _belongs(char: str) -> bool:
    # Tags (U+E0020..) spell the flags of England, Scotland and Wales.
    return char in JOINERS or 0xE0020 <= ord(char) <= 0xE007F
