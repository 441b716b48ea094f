"""Form fields of a person: names, aliases, date of birth, SSN, race and ethnicity."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from hud.choices import RACES, RaceNone
from hud.rules import dob as dob_rules
from hud.rules import ssn as ssn_rules
from hud.rules.dob import Precision
from hud.text import as_id, ascii_digits
from records.contact_fields import ContactField, contact_field
from records.form_fields import DateField, LineField

ALIAS_ROWS = 2  # empty rows that are offered without JavaScript
MOST_ALIASES = 20
ADDRESS_LINES = {
    "address1": "Address",
    "address2": "Address line 2",
    "city": "City",
    "state": "State",
    "zip": "ZIP Code",
}


class SSNField(forms.CharField):
    """Nine digits or the last four, as HUD stores them (`xxxxx1234`)."""

    def __init__(self, **options):
        super().__init__(**({"label": "SSN"} | options))
        self.widget.attrs |= {"autocomplete": "off", "inputmode": "numeric"}
        self.widget.attrs |= {"data-ssn": "", "placeholder": "###-##-####"}

    def to_python(self, value) -> str:
        return ssn_rules.clean(super().to_python(value))

    def validate(self, value) -> None:
        super().validate(value)
        reason = ssn_rules.invalid_reason(value)
        if reason:
            raise ValidationError(reason, code="invalid")


class PartialDateField(DateField):
    """A date of birth, or its year or month and year where no more is known."""

    years_ahead = 0

    def __init__(self, **options):
        super().__init__(**({"label": "Date of Birth"} | options))
        self.widget.attrs["data-date"] = "partial"
        self.error_messages["invalid"] = (
            "Enter a date that exists, as MM/DD/YYYY, or only its year, or month and year."
        )

    @staticmethod
    def precision_of(text: str) -> Precision:
        """How much of a date was typed."""
        match = _YEAR_OR_MONTH.fullmatch(ascii_digits(text or ""))
        if match is None:
            return Precision.DAY
        return Precision.MONTH if match["month"] else Precision.YEAR

    def to_python(self, value) -> date | None:
        if isinstance(value, str) and (match := _YEAR_OR_MONTH.fullmatch(ascii_digits(value))):
            value = f"{match['month'] or 1}/1/{match['year']}"
        return super().to_python(value)


_YEAR_OR_MONTH = re.compile(r"\s*(?:(?P<month>\d{1,2})\s*[/.-]\s*)?(?P<year>\d{4})\s*", re.ASCII)


class DateOfBirthField(PartialDateField):
    """A date of birth that somebody may have (HUD 3.03)."""

    def __init__(self, *, today, **options):
        super().__init__(**options)
        self.today = today

    def validate(self, value) -> None:
        super().validate(value)
        for issue in dob_rules.issues(value, today=self.today()):
            if issue.blocks:
                raise ValidationError(issue.message, code="impossible")


class RaceField(forms.MultipleChoiceField):
    """HUD 3.04: any number of races and ethnicities, or one reason that there is none."""

    def __init__(self, **options):
        unanswered = [(f"none_{value}", label) for value, label in RaceNone.choices]
        super().__init__(
            label="Race and Ethnicity",
            choices=[*RACES, *unanswered],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            **options,
        )

    def validate(self, value) -> None:
        super().validate(value)
        reasons = [one for one in value if one.startswith("none_")]
        if len(reasons) > 1 or (reasons and len(value) > 1):
            raise ValidationError("Choose races and ethnicities, or one reason; not both.")


class ClientNumberField(forms.CharField):
    """A Client ID, with its # or without."""

    def __init__(self, **options):
        super().__init__(**({"label": "Client ID", "max_length": 20} | options))
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value) -> int | None:
        typed = super().clean(value)
        number = as_id(typed)
        if number is None and (self.required or typed.strip("# ")):
            raise ValidationError("A Client ID is a number. Enter only its digits.")
        return number


class AliasWidget(forms.Widget):
    template_name = "clients/alias_rows.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["rows"] = [*filter(any, value or []), *[("", "")] * ALIAS_ROWS]
        return context

    def value_from_datadict(self, data, files, name):
        if not hasattr(data, "getlist"):
            return data.get(name, [])
        return list(zip(data.getlist(f"{name}_first"), data.getlist(f"{name}_last"), strict=False))

    def value_omitted_from_data(self, data, files, name):
        return f"{name}_first" not in data

    def id_for_label(self, id_):
        return ""


class AliasesField(forms.Field):
    """Pairs of first and last name; rows left empty are dropped."""

    widget = AliasWidget

    def __init__(self, **options):
        super().__init__(label="Aliases", required=False, **options)
        self.name = LineField(required=False, max_length=50)

    def clean(self, value) -> list[tuple[str, str]]:
        rows = [(self.name.clean(first), self.name.clean(last)) for first, last in value or []]
        aliases = list(dict.fromkeys(row for row in rows if any(row)))
        if len(aliases) > MOST_ALIASES:
            raise ValidationError(f"Enter at most {MOST_ALIASES} aliases.")
        return aliases

    def has_changed(self, initial, data) -> bool:
        rows = [tuple(row) for row in data or [] if any(row)]
        return [tuple(row) for row in initial or []] != rows


def add_lines(form: forms.ModelForm, lines: dict[str, str]) -> None:
    """Give the form a box for each of these columns of text, by name and label."""
    for name, label in lines.items():
        column = form._meta.model._meta.get_field(name)
        field = contact_field(
            name, label=label, required=not column.blank, max_length=column.max_length
        )
        if isinstance(field, ContactField):
            field.keep(getattr(form.instance, name))
        form.fields[name] = field
