"""Add New Case Note and its later changes."""

import hashlib
from typing import Any

from django import forms

from agencies.models import User
from casenotes.enrollment_choices import enrollments_for, only_open
from casenotes.forms.fields import PastDateField, RowChoiceField, RowsConflictForm, TypedTextField
from casenotes.models import CaseNote, NoteAction
from enrollments.forms.choice import enrollment_label
from records.conflicts import MINE, THEIRS
from records.form_fields import LineField
from records.forms import OrganizationForm, RecordForm
from records.visibility import Visibility

WHO_SEES = {
    Visibility.OWN_ORGANIZATION: "Only my organization",
    Visibility.ALL_ORGANIZATIONS: "All organizations",
}


class NoteFields(RecordForm):
    """The boxes of a note; those of its services are `casenotes.forms.service_rows`."""

    date = PastDateField(label="Date")
    title = LineField(label="Title", max_length=200, error_messages={"required": "Enter a title."})
    text = TypedTextField(
        label="Note",
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto", "spellcheck": "true"}),
        error_messages={"required": "Write the note."},
    )
    enrollment = RowChoiceField(blank="None", label="Default Enrollment")
    visibility = forms.ChoiceField(
        label="Who may see this note", choices=WHO_SEES.items(), widget=forms.RadioSelect
    )

    class Meta:
        model = CaseNote
        fields = ["date", "title", "text", "enrollment", "visibility", "read_only"]
        help_texts = {
            "read_only": "The note can then be printed, and nobody can edit or delete it. "
            "Only its author or a Data Quality Officer can clear the box.",
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        note = self.instance
        self.enrollments = enrollments_for(note.client, self.user)
        listed = {row.pk: row for row in self.enrollments}
        if note.enrollment:
            listed.setdefault(note.enrollment.pk, note.enrollment)
        self.fields["enrollment"].offer(listed.values(), enrollment_label)
        if note._state.adding:
            self.initial["enrollment"] = only_open(self.enrollments)
        elif not note.may_be_shared_by(self.user):
            del self.fields["visibility"]


class NoteForm(RowsConflictForm, NoteFields):
    """A note that two people may have opened at once."""

    record_name = "note"

    def signed(self, name: str, value: Any) -> Any:
        """The text itself would double a long request; whether it changed is all that counts."""
        if name != "text" or not value:
            return value
        return hashlib.sha256(value.encode()).hexdigest()

    def _offer_choice(self, name: str, mine: Any) -> None:
        super()._offer_choice(name, mine)
        if name == "text":
            self.fields["choose_text"].choices = [
                (MINE, "Keep what is in the box below: my text, and what I add to it from theirs"),
                (THEIRS, f"Keep {self.instance.updated_by}'s text and drop mine"),
            ]

    def save(self, *, by: User, commit: bool = True) -> CaseNote:
        if not self.instance._state.adding:
            self.instance.version += 1
        return super().save(by=by, commit=commit)


class ReadOnlyForm(OrganizationForm, forms.Form):
    """All that can be done with a Read Only note, by its author or a DQO: untick the box."""

    read_only = forms.BooleanField(label="Read Only", required=False, initial=True)

    def __init__(self, *args: Any, instance: CaseNote, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.instance = instance


class NoteActionForm(forms.Form):
    """The pop-up of a row: what can be done beside reading and editing the note (6.5)."""

    action = forms.TypedChoiceField(
        label="Action",
        coerce=NoteAction,
        error_messages={
            "required": "Choose what to do.",
            "invalid_choice": "The note has changed. Choose from what can be done now.",
        },
    )
    services = forms.BooleanField(label="Delete its services too", required=False, initial=True)

    def __init__(self, *args: Any, note: CaseNote, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = [one for one in NoteAction if one.is_open_to(user, note)]
        self.fields["action"].choices = [("", "Choose"), *((one, one.label) for one in offered)]
        self.is_empty = not offered
        count = note.services.count() if NoteAction.DELETE in offered else 0
        if count:
            self.fields["services"].help_text = f"{count} recorded with this note."
        else:
            del self.fields["services"]
