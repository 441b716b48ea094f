"""The pop-up of a row: what can be done with a note beside reading and editing it (6.5)."""

from typing import Any

from django import forms
from django.db import models

from agencies.models import User
from casenotes import actions
from casenotes.models import CaseNote
from records.visibility import Visibility


class Action(models.TextChoices):
    LOCK = "lock", "Make Read Only"
    UNTICK = "untick", "Clear Read Only"
    SHARE = "share", "Share with all organizations"
    UNSHARE = "unshare", "Share with my organization only"
    DELETE = "delete", "Delete"

    def is_open_to(self, user: User, note: CaseNote) -> bool:
        match self:
            case Action.UNTICK:
                return note.may_be_unticked_by(user)
            case Action.SHARE:
                return not note.is_shared and self._may_share(user, note)
            case Action.UNSHARE:
                return note.is_shared and self._may_share(user, note)
        return note.may_be_edited_by(user)

    @staticmethod
    def _may_share(user: User, note: CaseNote) -> bool:
        return not note.read_only and note.may_be_shared_by(user)

    @property
    def done(self) -> str:
        return {
            Action.LOCK: "The note is now Read Only. It can be printed.",
            Action.UNTICK: "Read Only is off. The note can be edited and deleted.",
            Action.SHARE: "All organizations that have access to the client can now read the note.",
            Action.UNSHARE: "Now only your organization can read the note.",
            Action.DELETE: "Note deleted. A Data Quality Officer can restore it.",
        }[self]


class NoteActionForm(forms.Form):
    action = forms.TypedChoiceField(
        label="Action",
        coerce=Action,
        error_messages={
            "required": "Choose what to do.",
            "invalid_choice": "The note was changed meanwhile. Choose from what can be done now.",
        },
    )
    services = forms.BooleanField(label="Delete its services too", required=False, initial=True)

    def __init__(self, *args: Any, note: CaseNote, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.note, self.user = note, user
        offered = [one for one in Action if one.is_open_to(user, note)]
        self.fields["action"].choices = [("", "Choose"), *((one, one.label) for one in offered)]
        self.is_empty = not offered
        count = note.services.count() if Action.DELETE in offered else 0
        if count:
            self.fields["services"].help_text = f"{count} recorded with this note."
        else:
            del self.fields["services"]

    def apply(self) -> Action:
        action, note, user = self.cleaned_data["action"], self.note, self.user
        match action:
            case Action.LOCK | Action.UNTICK:
                note.set_read_only(action == Action.LOCK, by=user)
            case Action.SHARE:
                note.set_visibility(Visibility.ALL_ORGANIZATIONS, by=user)
            case Action.UNSHARE:
                note.set_visibility(Visibility.OWN_ORGANIZATION, by=user)
            case Action.DELETE:
                with_services = self.cleaned_data.get("services", False)
                actions.delete_note(note=note, with_services=with_services, by=user)
        return action
