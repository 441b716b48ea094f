"""The forms that write records: they carry an organization and a one-time token (1.2)."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from records.breaks import unmark
from records.models import Record

NO_ACCESS = (
    "You do not have access to the organization that this form was opened for. "
    "Choose one of yours and save again."
)
NEVER_ASKED = {"breaks", "date_deleted"}  # of which every row has a value


class OrganizationForm(forms.BaseForm):
    """A form that remembers the organization in force when it was opened.

    A form that files nothing new sets `shows_organization` to False.
    """

    shows_organization = True
    adds_record = False  # whether a second Save makes a second record

    def __init__(self, *args: Any, request, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = request.user
        self.organization_in_force = request.organization
        self.fields["organization"] = forms.ChoiceField(
            label="Organization",
            choices=[(str(one.pk), str(one)) for one in self.user.organizations],
            initial=str(request.organization.pk),
            widget=forms.HiddenInput,
            error_messages={"invalid_choice": NO_ACCESS, "required": NO_ACCESS},
        )
        self.fields["form_token"] = forms.UUIDField(
            initial=uuid.uuid4, required=False, widget=forms.HiddenInput
        )
        # The ID of the draft that it goes on with, which is forgotten when the form is saved.
        self.fields["continued"] = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def add_error(self, field, error) -> None:
        """Let the user choose an organization where the posted one is refused."""
        super().add_error(field, error)
        if field == "organization":
            self.fields["organization"].widget = forms.Select(
                choices=self.fields["organization"].choices
            )

    @property
    def sent_before(self) -> Any:
        """The earlier save of a form that adds a record, if the user has gone back to it."""
        return getattr(self.request, "sent_before", None) if self.adds_record else None

    @property
    def chosen_organization(self) -> Any:
        """The organization that what this form saves belongs to."""
        pk = self["organization"].value()
        return next((one for one in self.user.organizations if str(one.pk) == str(pk)), None)

    def saved(self, what: str) -> str:
        """Return the sentence that tells what was saved, and for whom where that may surprise."""
        organization = self.chosen_organization
        if organization == self.organization_in_force:
            return f"{what} saved."
        return f"{what} saved for {organization}, which was in force when the form was opened."


class CheckedForm(forms.ModelForm):
    """Checks every constraint of the row, once.

    Django leaves out a constraint that names a field which is not on the form; here the whole
    row is checked, so that the database never has to refuse what a person typed.
    """

    def _get_validation_exclusions(self) -> set[str]:
        """A row that was chosen has been read: it need not be looked for again."""
        chosen = {
            name for name, value in self.cleaned_data.items() if isinstance(value, models.Model)
        }
        return super()._get_validation_exclusions() | chosen  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Beside other errors, what may be asked of the fields that have none.
        exclude = super()._get_validation_exclusions() - NEVER_ASKED if self.errors else None  # type: ignore[misc]
        unmark(self.instance)
        try:
            self.instance.validate_constraints(exclude=exclude)
        except ValidationError as error:
            self.add_error(None, error)


class RecordForm(OrganizationForm, CheckedForm):
    """Files a new record under the form's organization."""

    instance: Record

    @property
    def adds_record(self) -> bool:  # type: ignore[override]
        return self.instance._state.adding

    def _post_clean(self) -> None:
        if self.instance._state.adding and self.chosen_organization:
            self.instance.organization = self.chosen_organization
        super()._post_clean()

    def save(self, *, by: Any, commit: bool = True):
        self.instance.stamp(by=by)
        return super().save(commit=commit)
