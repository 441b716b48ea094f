"""The form that invites a user into an organization."""

from django import forms

from agencies.models import Membership, Organization, Role
from records.admin.scoped import own_organizations
from records.form_fields import LineField


class InviteForm(forms.Form):
    organization = forms.ModelChoiceField(queryset=Organization.objects.none(), empty_label=None)
    email = forms.EmailField(label="Work e-mail", max_length=254)
    first_name = LineField(label="First name", max_length=150)
    last_name = LineField(label="Last name", max_length=150)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.CASE_MANAGER)

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        own = [one.pk for one in own_organizations(request)]
        self.fields["organization"].queryset = Organization.objects.filter(pk__in=own)
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self):
        data = super().clean()
        email, organization = data.get("email"), data.get("organization")
        here = Membership.objects.filter(user__email=email, organization=organization)
        # An administrator's own access is nothing that an officer is told of.
        if email and organization and here.filter(user__is_superuser=False).exists():
            self.add_error("email", f"This user already has access to {organization} already.")
        return data
