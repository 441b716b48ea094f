from typing import Any

from django import forms
from django.utils import timezone

from files.models import Checklist, DocumentCheck
from files.uploads import UploadField
from records.conflicts import ConflictDetectingForm
from records.form_fields import LineField, NotFutureDateField
from records.forms import RecordForm

ITEMS = (
    "Current homelessness",
    "Chronic homelessness: 12 months",
    "Chronic homelessness: 4 episodes in 3 years",
    "Disabling condition",
)
DOCUMENTS = (
    "HMIS record of shelter stays",
    "Letter from a shelter",
    "Written observation by an outreach worker",
    "Self-certification",
    "Verification by a licensed professional",
    "Social Security award letter",
    "VA disability letter",
)


class DocumentCheckForm(RecordForm):
    checklist = forms.ChoiceField(
        label="Checklist", choices=Checklist.choices, widget=forms.RadioSelect
    )
    item = LineField(label="Item Requiring Verification", max_length=150)
    acceptable_document = LineField(label="Acceptable Document", max_length=150)
    comments = forms.CharField(
        label="Comments",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    verified_on = NotFutureDateField(label="Verification Date")

    class Meta:
        model = DocumentCheck
        fields = ["checklist", "item", "acceptable_document", "comments", "verified_on"]

    items, documents = ITEMS, DOCUMENTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checklist"].error_messages["required"] = "Choose Homeless or Disability."
        self.fields["item"].widget.attrs["list"] = "check-items"
        self.fields["acceptable_document"].widget.attrs["list"] = "check-documents"
        if self.instance._state.adding:
            self.initial.setdefault("verified_on", timezone.localdate())


class EditDocumentCheckForm(ConflictDetectingForm, DocumentCheckForm):
    """A document check that two people may change at once."""


class AddDocumentCheckForm(DocumentCheckForm):
    file = UploadField(
        label="Choose File",
        required=False,
        help_text="Without a file: the original document was checked.",
    )
