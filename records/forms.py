"""The base of every form that writes a record."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from records.models import Record
from records.organization_form import StampedForm


class RecordForm(StampedForm, forms.ModelForm):
    """Files a new record under the form's organization and checks every constraint.

    Django leaves out a constraint that names a field which is not on the form; here the whole
    row is checked, so that the database never has to refuse what a person typed.
    """

    instance: Record

    def _post_clean(self) -> None:
        if self.instance._state.adding and self.filed_for:
            self.instance.organization = self.filed_for
        super()._post_clean()
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error)

    def save(self, *, by: Any, commit: bool = True):
        self.instance.stamp(by=by)
        return super().save(commit=commit)
