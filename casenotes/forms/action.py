"""The pop-up of a row: what can be done with a note beside reading and editing it (6.5)."""

from typing import Any

from django import forms

from agencies.models import User
from casenotes.models import CaseNote, NoteAction


class NoteActionForm(forms.Form):
    action = forms.TypedChoiceField(
        label="Action",
        coerce=NoteAction,
        error_messages={
            "required": "Choose what to do.",
            "invalid_choice": "The note was changed meanwhile. Choose from what can be done now.",
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
