"""Form fields of HUD's questions, named and filled by the data dictionary."""

from django import forms

from hud.choices.situations import listed
from hud.elements import FIELDS
from records.form_fields import DateField, LineField


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


def field_of(name: str) -> forms.Field:
    """A field for a question of the data dictionary: a list, a number or a date."""
    one = FIELDS[name]
    if one.answers:
        return code(name)
    if one.between:
        least, most = one.between
        return forms.IntegerField(label=one.label, required=False, min_value=least, max_value=most)
    return DateField(label=one.label, required=False)


def line(name: str, *, max_length: int, help_text: str = "") -> LineField:
    return LineField(
        label=FIELDS[name].label, required=False, max_length=max_length, help_text=help_text
    )
