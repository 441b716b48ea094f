"""What every form carries: the organization it was opened for and a one-time token (1.2)."""

import uuid
from typing import Any

from django import forms

NO_ACCESS = (
    "You do not have access to the organization that this form was opened for. "
    "Choose one of yours and save again."
)


class StampedForm(forms.BaseForm):
    """A form that remembers the organization in force when it was opened.

    Args:
        request: gives the user, the user's organizations and the one in force.

    A form that files nothing new sets `files_nothing`: its page names no organization.
    """

    files_nothing = False

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

    def add_error(self, field, error) -> None:
        """Let the user choose an organization where the posted one is refused."""
        super().add_error(field, error)
        if field == "organization":
            self.fields["organization"].widget = forms.Select(
                choices=self.fields["organization"].choices
            )

    @property
    def filed_for(self) -> Any:
        """The organization that this form stamps on what it saves."""
        pk = self["organization"].value()
        return next((one for one in self.user.organizations if str(one.pk) == str(pk)), None)

    def saved(self, what: str) -> str:
        """Return the sentence that tells what was saved, and for whom where that may surprise."""
        if self.filed_for == self.organization_in_force:
            return f"{what} saved."
        return f"{what} saved for {self.filed_for}, which was in force when the form was opened."
