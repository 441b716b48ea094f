from typing import Any

from django import forms

from agencies.models import User
from agencies.versions import VersionedForm
from clients.forms.client import ClientForm
from clients.models import Client


class EditClientForm(VersionedForm, ClientForm):
    """Changes a client; the SSN on file stays hidden and is kept unless another is typed."""

    unversioned = ("ssn", "remove_ssn")
    remove_ssn = forms.BooleanField(label="Remove the SSN on file", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.stored_ssn = self.instance.ssn
        self.initial["ssn"] = ""
        if self.stored_ssn:
            self.fields["ssn"].label = "New SSN"
        else:
            del self.fields["remove_ssn"]
        if not self.user.may_change(self.instance):
            del self.fields["visibility"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "ssn" in data and not data["ssn"] and self.stored_ssn and not data.get("remove_ssn"):
            data["ssn"] = self.stored_ssn
            data["ssn_data_quality"] = self.instance.ssn_data_quality
        return data

    def save(self, *, by: User, commit: bool = True) -> Client:
        self.instance.version += 1
        return super().save(by=by, commit=commit)
