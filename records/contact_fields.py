"""Telephone numbers, states and ZIP codes: what cannot be one is refused, what is stored stays.

Columns keep a number as it was typed, extension and all: people read it and dial it. Of
django-phonenumber-field only the library beneath it is used: its fields store a number in a form of
their own and refuse to show an odd one that is stored.
"""

import re
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from localflavor.us.us_states import STATES_NORMALIZED

from hud.text import ascii_digits
from records.form_fields import LineField

COUNTRY = "US"
_ZIP = re.compile(r"(\d{5})[- ]?(\d{4})?", re.ASCII)


class ContactField(LineField):
    """A line that is checked when it is changed; an odd stored one is shown and may stay."""

    sentence = ""
    stored = ""

    def keep(self, stored: str) -> None:
        """Let the value that is stored pass, and point out that it is odd."""
        self.stored = stored
        if stored and self.canonical(stored) is None:
            self.help_text = f"On file as it is. {self.sentence}"

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text or text == self.stored:
            return text
        found = self.canonical(text)
        if found is None:
            raise ValidationError(self.sentence, code="invalid")
        return found

    def canonical(self, text: str) -> str | None:
        """The value to store; None where the text cannot be one."""
        raise NotImplementedError


class PhoneField(ContactField):
    """A number with area code, or with + and country code; an extension may follow (x12)."""

    sentence = (
        "Enter the phone number with its area code, such as (617) 555-0142 or 617-555-0142 x12."
    )

    def __init__(self, **options):
        super().__init__(**options)
        self.widget.input_type = "tel"

    def canonical(self, text: str) -> str | None:
        # x12 and ext.12 are taken apart into words and digits.
        apart = re.sub(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", " ", text)
        if re.search(r"[^\W\d_]{2,}", re.sub(r"(?i)\b(extension|ext|x)\b", "", apart)):
            return None  # words, which would be read as the letters on the keys
        try:
            number = phonenumbers.parse(ascii_digits(text), COUNTRY)
        except phonenumbers.NumberParseException:
            return None
        return text if _is_possible(number) else None


def _is_possible(number: phonenumbers.PhoneNumber) -> bool:
    if phonenumbers.is_possible_number_with_reason(number) != (
        phonenumbers.ValidationResult.IS_POSSIBLE
    ):
        return False
    digits = phonenumbers.national_significant_number(number)
    # In North America neither area code nor exchange begins with 0 or 1; new ones come every year.
    return number.country_code != 1 or bool(re.fullmatch(r"[2-9]\d{2}[2-9]\d{6}", digits))


class StateField(ContactField):
    """A state or territory, by its code or its name; stored as the code."""

    sentence = "Enter a state or territory of the United States, such as TX or Texas."

    def __init__(self, **options):
        super().__init__(**(options | {"max_length": 40}))

    def canonical(self, text: str) -> str | None:
        name = " ".join(text.replace(".", "").lower().split())
        code = "DC" if name == "dc" else STATES_NORMALIZED.get(name)
        return str(code) if code else None


class ZIPField(ContactField):
    """Five digits, or nine with a hyphen."""

    sentence = "Enter a ZIP code of five or nine digits, such as 01850 or 01850-1234."

    def __init__(self, **options):
        super().__init__(**(options | {"max_length": 20}))

    def canonical(self, text: str) -> str | None:
        match = _ZIP.fullmatch(ascii_digits(text))
        return "-".join(filter(None, match.groups())) if match else None


def contact_field(name: str, **options: Any) -> LineField:
    """The field of a column by its name: phone, state, zip, or a plain line."""
    kinds = {"state": StateField, "zip": ZIPField}
    kind = PhoneField if name.endswith("phone") else kinds.get(name, LineField)
    return kind(**options)
