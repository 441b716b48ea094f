"""Form fields of HUD's questions, named and filled by the data dictionary."""

from django import forms

from hud.choices.situations import listed
from hud.elements import FIELDS
from records.form_fields import LineField


def code(name: str, *, required: bool = False, help_text: str = "") -> forms.TypedChoiceField:
    """A field for a code of one of HUD's lists."""
    one = FIELDS[name]
    return forms.TypedChoiceField(
        label=one.label,
        choices=[("", "Choose…"), *listed(one.answers)],
        coerce=int,
        empty_value=None,
        required=required,
        help_text=help_text,
    )


def line(name: str, *, max_length: int, help_text: str = "") -> LineField:
    return LineField(
        label=FIELDS[name].label, required=False, max_length=max_length, help_text=help_text
    )
