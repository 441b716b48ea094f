"""Forms that ask why a user needs what is not shown otherwise."""

from typing import Any

from django import forms

from clients.forms.fields import ClientNumberField
from clients.models import EmergencyAccess, SSNReveal
from records.form_fields import LineField

Reason = SSNReveal.Reason


class RevealForm(forms.Form):
    """Why a full SSN is needed (R3.6)."""

    reason = forms.ChoiceField(
        label="What do you need the full SSN for?",
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose why the SSN is needed.",
            "invalid_choice": "Choose one of the listed reasons.",
        },
    )
    other = LineField(
        label="What is it?", required=False, max_length=200, help_text="Only for Other."
    )
    remember = forms.BooleanField(
        label="Use the same reason for this client for 15 minutes", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, auto_id="reveal_%s", **kwargs)
        self.fields["other"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason") != Reason.OTHER:
            data["other"] = ""
        elif not data.get("other") and "other" not in self.errors:
            self.add_error("other", "Write in a few words what it is needed for.")
        return data


class EmergencyForm(forms.Form):
    """Which client that is not shared is needed, and why."""

    client_id = ClientNumberField()
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
        help_text="The agency that keeps the record will read this.",
    )
    confirmed = forms.BooleanField(
        label=(
            "I need this record in an emergency and understand that the agency that keeps "
            "it is notified"
        ),
        error_messages={"required": "Confirm that this is an emergency."},
    )
