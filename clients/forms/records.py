from django import forms

from clients.forms.fields import ADDRESS_LINES, add_lines
from clients.models import Alert, InterestedOther
from records.conflicts import ConflictDetectingForm
from records.form_fields import DateField, LineField
from records.forms import RecordForm

TYPES = [
    "Attorney",
    "Case worker at another agency",
    "Doctor or nurse",
    "Emergency contact",
    "Employer",
    "Family member",
    "Friend",
    "Guardian",
    "Landlord",
    "Parent",
    "Probation or parole officer",
    "School",
    "Sponsor",
]
LINES = {
    "type_description": "Type/Description",
    "relationship": "Relationship to Client",
    "first_name": "First Name",
    "last_name": "Last Name",
    "home_phone": "Home Phone",
    "work_phone": "Work Phone",
    "cell_phone": "Cell Phone",
    **ADDRESS_LINES,
}


class InterestedOtherForm(RecordForm):
    is_aware = forms.TypedChoiceField(
        label="Aware of Client's Situation",
        choices=[("", "Not known"), ("True", "Yes"), ("False", "No")],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
    )
    email = forms.EmailField(label="E-mail", required=False, max_length=254)

    class Meta:
        model = InterestedOther
        fields = [
            *("type_description", "relationship", "is_aware", "first_name", "last_name"),
            *("home_phone", "work_phone", "cell_phone", "email", *ADDRESS_LINES),
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        add_lines(self, LINES)
        self.order_fields(self.Meta.fields)
        self.fields["type_description"].error_messages["required"] = (
            "Enter a type or description, such as Parent or Landlord."
        )
        self.fields["type_description"].widget.attrs["list"] = "interested-other-types"
        self.types = TYPES


class EditInterestedOtherForm(ConflictDetectingForm, InterestedOtherForm):
    """An interested other whom two people may change at once."""


class AlertForm(RecordForm):
    text = LineField(label="Alert", max_length=200)
    begins_on = DateField(label="Begins on")
    ends_on = DateField(label="Ends on", required=False, help_text="Blank: until it is ended.")

    class Meta:
        model = Alert
        fields = ["text", "begins_on", "ends_on"]


class EditAlertForm(ConflictDetectingForm, AlertForm):
    """An alert that two people may change at once."""
