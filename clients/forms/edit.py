from typing import Any

from django import forms

from agencies.models import User
from clients.encryption import keyed_hash
from clients.forms.client import ClientForm
from clients.models import Client
from clients.models.described import masked
from records.conflicts import THEIRS, ConflictDetectingForm


class EditClientForm(ConflictDetectingForm, ClientForm):
    """Changes a client; the SSN on file stays hidden and is kept unless another is typed."""

    not_compared = ("remove_ssn",)
    follows = {
        "name_data_quality": ("first_name", "last_name"),
        "ssn_data_quality": ("ssn",),
        "dob_data_quality": ("dob",),
    }
    remove_ssn = forms.BooleanField(label="Remove the SSN on file", required=False)

    def prepare(self) -> None:
        self.stored = dict(vars(self.instance))
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
        is_left_alone = "ssn" in data and not data["ssn"] and not data.get("remove_ssn")
        if "ssn" in self.chosen(THEIRS) or (self.stored_ssn and is_left_alone):
            data["ssn"] = self.stored_ssn
            data["ssn_data_quality"] = self.instance.ssn_data_quality
        return data

    def typed_text(self, name: str) -> str:
        return "" if name in self.chosen(THEIRS) else super().typed_text(name)

    # The page carries what tells one SSN from another, never the SSN.

    def stored_value(self, name: str) -> Any:
        return self._told_apart(self.stored_ssn) if name == "ssn" else super().stored_value(name)

    def typed(self, name: str) -> Any:
        if name == "ssn":
            # Never the stored one: an answer would let everybody who edits find it by trying.
            of = "typed" if self.typed_text("ssn") else "client"
            return self._told_apart(self.cleaned_data.get("ssn", ""), of=of)
        return super().typed(name)

    def as_shown(self, name: str) -> Any:
        value = super().as_shown(name)
        return self._told_apart(self.fields["ssn"].to_python(value)) if name == "ssn" else value

    def shown(self, name: str, value: Any) -> str:
        return super().shown(name, value[0] if name == "ssn" and value else value)

    def label_of(self, name: str) -> str:
        return "SSN" if name == "ssn" else super().label_of(name)

    def _told_apart(self, ssn: str, *, of: str = "client") -> list[str]:
        return [masked(ssn), keyed_hash(f"{of} {self.instance.pk} {ssn}")] if ssn else []

    @property
    def aliases_changed(self) -> bool:
        return "aliases" in self.changed_data

    @property
    def aliases_deleted(self) -> int:
        """How many were taken out; none where others came in: an alias may be a correction."""
        wanted = set(self.cleaned_data["aliases"])
        stored = {(one.first_name, one.last_name) for one in self.stored_aliases}
        return len(stored - wanted) if wanted <= stored else 0

    @property
    def written(self) -> list[str] | None:
        """What differs from the stored row; all of it with another SSN, which has derived columns.

        Triggers of columns that stay are not run, and names that stay are not remembered again.
        """
        now, names = vars(self.instance), [one.attname for one in Client._meta.concrete_fields]
        changed = [name for name in names if now.get(name) != self.stored.get(name)]
        return None if "ssn" in changed else changed

    def save(self, *, by: User, commit: bool = True) -> Client:
        self.instance.version += 1
        return super().save(by=by, commit=commit)
