from django import forms

from records.forms import OrganizationForm


class StartForm(OrganizationForm, forms.Form):
    """Begins an intake for the organization that was in force when the page was opened (1.2)."""
