"""Requests of clients and their answers, legal holds, and what goes into a copy."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from privacy.actions import answers_to, why_not
from privacy.copy.pdfs import NOTES_IN_A_PART
from privacy.models import ClientRequest, LegalHold
from records.form_fields import DateField, NotFutureDateField
from records.forms import NO_ACCESS, OrganizationForm, RecordForm

State = ClientRequest.State
WHAT_TO_DO = {
    State.GRANTED: "Grant it",
    State.REFUSED: "Refuse it",
    State.WITHDRAWN: "The client has withdrawn it",
    State.DONE: "It was carried out",
}


class OfOfficersForm(OrganizationForm):
    """Belongs to an organization whose officer the user is."""

    def clean_organization(self) -> str:
        chosen = self.cleaned_data["organization"]
        if int(chosen) not in self.user.dqo_organizations:
            raise ValidationError(NO_ACCESS)
        return chosen


class ClientRequestForm(OfOfficersForm, RecordForm):
    asked_on = NotFutureDateField(label="Asked on")
    due_on = DateField(label="Due on")

    class Meta:
        model = ClientRequest
        fields = ["kind", "asked_by", "identified_by", "asked_on", "due_on", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "text": "What is wrong and what is right, or which part is wanted. Leave out what the "
            "answer does not need."
        }

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("kind", "asked_by", "identified_by"):
            self.fields[name].choices = [("", "Select"), *self.fields[name].choices[1:]]

    def clean(self):
        kept = super().clean() or {}
        if kept.get("kind") == ClientRequest.Kind.CORRECTION and not kept.get("text"):
            self.add_error("text", "Write what is to be corrected.")
        return kept


class AnswerForm(OrganizationForm, forms.Form):
    shows_organization = False

    answer = forms.ChoiceField(label="Answer", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Required for a refusal. The client receives it word for word.",
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, about: ClientRequest, **options: Any):
        super().__init__(*args, **options)
        choices = [(one.value, WHAT_TO_DO[one]) for one in answers_to(about, self.user)]
        self.fields["answer"].choices = choices
        self.fields["seen"].initial = about.state
        if self.is_bound:
            reason = why_not(about, seen=self.data.get("seen", ""))
            self.fields["answer"].error_messages["invalid_choice"] = reason

    def clean(self):
        kept = super().clean() or {}
        if kept.get("answer") == State.REFUSED and not kept.get("reason"):
            self.add_error("reason", "Write the reason: the client has a right to know it.")
        return kept


class LegalHoldForm(OfOfficersForm, RecordForm):
    class Meta:
        model = LegalHold
        fields = ["reason"]
        help_texts = {"reason": "Such as a subpoena and its date. Only officers can read it."}


class CopyForm(forms.Form):
    """What a copy holds beside what every copy does: the full SSN (R3.6), and not all `notes`."""

    has_full_ssn = forms.BooleanField(
        label="Include the whole Social Security Number",
        required=False,
        help_text="Otherwise its last four digits. Including it is logged as a reveal.",
    )
    kind = forms.ChoiceField(choices=[("zip", "ZIP"), ("pdf", "PDF")])

    def __init__(self, *args, notes: list[int], may_reveal_ssn: bool, **options):
        super().__init__(*args, **options)
        self.notes = notes
        if not may_reveal_ssn:
            del self.fields["has_full_ssn"]

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        if kind == "pdf" and len(self.notes) > NOTES_IN_A_PART:
            raise ValidationError("There are too many case notes for one PDF: download the ZIP.")
        return kind

    @property
    def withheld(self) -> frozenset[int]:
        """The notes that are ticked, as far as they are the officer's to leave out."""
        typed = self.data.getlist("withhold")  # type: ignore[attr-defined]
        known = {str(pk): pk for pk in self.notes}
        return frozenset(known[one] for one in typed if one in known)
