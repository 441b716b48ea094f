from typing import Any

from django import forms

from clients.models import SSNReveal
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
        label="What is it?",
        required=False,
        max_length=200,
        help_text="Only for Other.",
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
