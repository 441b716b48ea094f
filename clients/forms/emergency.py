from django import forms
from django.core.exceptions import ValidationError

from clients.models import EmergencyAccess
from hud.text import ascii_digits

LONGEST_ID = 18


class EmergencyForm(forms.Form):
    """Which restricted client is needed, and why."""

    client_id = forms.CharField(label="Client ID", max_length=20)
    reason = forms.ChoiceField(
        label="What is the emergency?",
        choices=EmergencyAccess.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the emergency is."},
    )
    explanation = forms.CharField(
        label="Why is this record needed now?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why this record is needed now."},
        help_text="The agency that keeps the record reads this.",
    )
    confirmed = forms.BooleanField(
        label="I need this record in an emergency, and the agency that keeps it is notified",
        error_messages={"required": "Confirm that this is an emergency."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client_id"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_client_id(self) -> int:
        typed = ascii_digits(self.cleaned_data["client_id"]).lstrip("#").strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_ID):
            raise ValidationError("A Client ID is a number. Enter only its digits.")
        return int(typed)
