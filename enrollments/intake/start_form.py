from django import forms

from records.organization_form import StampedForm


class StartForm(StampedForm, forms.Form):
    """Begins an intake for the organization that was in force when the page was opened (1.2)."""
