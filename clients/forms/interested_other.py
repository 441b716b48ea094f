from django import forms

from clients.models import InterestedOther
from records.conflicts import ConflictDetectingForm
from records.contact_fields import ContactField, contact_field
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
    "address1": "Address",
    "address2": "Address line 2",
    "city": "City",
    "state": "State",
    "zip": "ZIP Code",
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
            "type_description",
            "relationship",
            "is_aware",
            "first_name",
            "last_name",
            "home_phone",
            "work_phone",
            "cell_phone",
            "email",
            "address1",
            "address2",
            "city",
            "state",
            "zip",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in LINES.items():
            column = InterestedOther._meta.get_field(name)
            self.fields[name] = contact_field(
                name, label=label, required=not column.blank, max_length=column.max_length
            )
            if isinstance(self.fields[name], ContactField):
                self.fields[name].keep(getattr(self.instance, name))
        self.order_fields(self.Meta.fields)
        self.fields["type_description"].error_messages["required"] = (
            "Enter a type or description, such as Parent or Landlord."
        )
        self.fields["type_description"].widget.attrs["list"] = "interested-other-types"
        self.types = TYPES


class EditInterestedOtherForm(ConflictDetectingForm, InterestedOtherForm):
    """An interested other whom two people may change at once."""
