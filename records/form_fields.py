"""Form fields that every package uses."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from hud.text import ascii_digits
from records.typed_dates import YEARS_AHEAD, typed_date

LARGEST = Decimal("999999.99")
# Joiners that Persian, Indic scripts and emoji need; every other invisible character is a trap.
JOINERS = "\u200c\u200d"


class DateField(forms.DateField):
    """A day, typed as MM/DD/YYYY or as most people write and paste it (`records.typed_dates`).

    years_ahead: how far in the future a year of two digits may be.
    """

    years_ahead = YEARS_AHEAD

    def __init__(self, **options):
        attributes = {
            "placeholder": "MM/DD/YYYY",
            "data-date": "",
            "data-years-ahead": str(self.years_ahead),
            "autocomplete": "off",
            "maxlength": "30",
        }
        widget = forms.DateInput(format="%m/%d/%Y", attrs=attributes)
        super().__init__(**({"widget": widget} | options))
        self.error_messages["invalid"] = "Enter a date that exists, as MM/DD/YYYY."

    def to_python(self, value) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        today = timezone.localdate()
        day = typed_date(ascii_digits(value), today=today, years_ahead=self.years_ahead)
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class NotFutureDateField(DateField):
    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and value > timezone.localdate():
            raise ValidationError("Enter a date that is not in the future.", code="future")


class AmountField(forms.DecimalField):
    """Dollars a month, typed with or without signs."""

    def __init__(self, **options):
        limits = {"max_digits": 8, "decimal_places": 2, "max_value": LARGEST}
        super().__init__(**limits | options)
        self.error_messages["invalid"] = "Enter an amount in dollars, such as 850.00."

    def to_python(self, value):
        return super().to_python(str(value or "").replace("$", "").replace(",", "").strip())


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
    # Tags (U+E0020..) spell the flags of England, Scotland and Wales.
    belongs = char in JOINERS or 0xE0020 <= ord(char) <= 0xE007F
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} and not belongs
