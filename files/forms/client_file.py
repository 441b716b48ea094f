from typing import Any

from django import forms

from files.inspection import portrait
from files.kinds import CHOOSABLE_PICTURES
from files.models import ClientFile
from files.uploads import LONGEST_NAME, UploadField, clean_name
from records.conflicts import ConflictDetectingForm
from records.form_fields import DateField, LineField
from records.forms import OrganizationForm, RecordForm


class ClientFileForm(RecordForm):
    document_name = LineField(label="Document Name", max_length=LONGEST_NAME)
    expires_on = DateField(label="Expires on", required=False)

    class Meta:
        model = ClientFile
        fields = ["document_name", "category", "expires_on"]
        labels = {"category": "Category"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "Choose one, if you like")] + [
            choice for choice in self.fields["category"].choices if choice[0]
        ]
        self.fields["document_name"].error_messages["required"] = "Enter a document name."


class EditClientFileForm(ConflictDetectingForm, ClientFileForm):
    """A file whose name or category two people may change at once."""


class AddClientFileForm(ClientFileForm):
    """One file. Where several are chosen, the page sends a form for each (uploads.js).

    `together` is how many are saved with this one.
    """

    file = UploadField(label="Choose File")
    together = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    field_order = ["file", "document_name", "category", "expires_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_name"].required = False
        self.fields["document_name"].help_text = "Left empty, the name of the file."
        self.fields["file"].widget.attrs["data-names"] = "id_document_name"

    @property
    def takes_papers(self) -> str:
        """Who takes what may not go here, from users without access to Document Check."""
        return self.organization_in_force.takes_papers

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        upload = data.get("file")
        if upload and not data.get("document_name"):
            data["document_name"] = clean_name(upload.name)
        return data


class ClientPhotoForm(OrganizationForm, forms.Form):
    # Not scanned: what is kept is drawn by us, and nothing of the file itself is.
    photo = UploadField(
        label="Choose File", look=portrait, accept=CHOOSABLE_PICTURES, is_scanned=False
    )
