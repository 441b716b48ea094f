"""The boxes of Find Client (2.1) and what they are searched as."""

import re
from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError

from clients.forms.fields import ClientNumberField, PartialDateField
from clients.models import ClientSearch
from clients.models.search import RETURN_TO
from clients.names import sorted_into_boxes
from clients.search import Criteria
from hud.rules.dob import Precision
from hud.text import ascii_digits

LINE = "line"
BOXES = ["first_name", "last_name", "dob", "ssn", "client_id"]


class FindClientForm(forms.Form):
    first_name = forms.CharField(label="First Name", required=False, max_length=200)
    last_name = forms.CharField(label="Last Name", required=False, max_length=200)
    dob = PartialDateField(required=False)
    ssn = forms.CharField(label="SSN", required=False, max_length=20)
    client_id = ClientNumberField(required=False)
    # A name typed into the global search, of which the boxes show the likeliest reading.
    line = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        self.fields["ssn"].widget.attrs |= {
            "inputmode": "numeric",
            "placeholder": "All nine digits or the last four",
        }

    def clean_ssn(self) -> str:
        digits = re.sub(r"[\s.\-]", "", ascii_digits(self.cleaned_data["ssn"]))
        if digits and not re.fullmatch(r"\d{9}|\d{4}", digits, re.ASCII):
            raise ValidationError("Enter all nine digits of the SSN, or only the last four.")
        return digits

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.get(box) for box in BOXES):
            raise ValidationError("Fill at least one box to search.")
        return data

    @property
    def criteria(self) -> Criteria:
        boxes = {box: self.cleaned_data[box] for box in BOXES}
        line = self.cleaned_data[LINE]
        return Criteria(**boxes, dob_precision=self.dob_precision, line=line)

    @property
    def dob_precision(self) -> Precision:
        return PartialDateField.precision_of(self.data.get(self.add_prefix("dob"), ""))

    def save_search(self, *, user, return_to: str = "", is_held: bool = False) -> ClientSearch:
        """Store what was typed under a random id; held results wait for the user's reason."""
        search = ClientSearch(user=user, is_held=is_held)
        typed = {box: self.data.get(self.add_prefix(box), "") for box in [*BOXES, LINE]}
        typed[RETURN_TO] = return_to
        search.criteria = {box: text for box, text in typed.items() if text}
        search.save()
        return search


def boxes_from_text(text: str) -> dict[str, str]:
    """Sort one line typed into the global search into the boxes of Find Client (1.6).

    A date is a date of birth, nine digits are an SSN, four with "ssn" before them its last four.
    Anything else is a name: "last, first", or a line that may be read in several ways.
    """
    text = " ".join(ascii_digits(text).split())
    if re.fullmatch(r"\d{3}[- ]?\d{2}[- ]?\d{4}", text):
        return {"ssn": text}
    with suppress(ValidationError):
        if re.search(r"\D", text) and PartialDateField().to_python(text):
            return {"dob": text}
    if last4 := re.fullmatch(r"(?i)(?:ssn\s*|[x*•]+-?[x*•]*-?)(\d{4})", text):
        return {"ssn": last4[1]}
    if text.lstrip("#").isdigit():
        return {"client_id": text}
    names = sorted_into_boxes(text)
    return {"first_name": names.first, "last_name": names.last, LINE: text}
