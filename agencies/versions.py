"""Two people edit one record: the second to save sees what changed meanwhile and chooses (3.5).

A form carries the version that it was opened at and a signed snapshot of its values then. On
saving, the three states of each field are compared: as opened, as it is now, as typed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model

from agencies.forms import RecordForm

MINE, THEIRS = "mine", "theirs"
SALT = "agencies.versions"


@dataclass(frozen=True)
class Change:
    """What became of one field while the form was open; values as they are shown."""

    name: str
    label: str
    before: str
    now: str
    typed: str
    is_conflict: bool


class VersionedForm(RecordForm):
    """A form for a model with an integer `version`; `unversioned` names fields left out."""

    unversioned: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name not in ("organization", "form_token")]
        self.versioned = [name for name in names if name not in self.unversioned]
        self.current = {name: _plain(self._initial(name)) for name in self.versioned}
        self.changes: list[Change] = []
        self._hidden("version", forms.IntegerField, self.instance.version)
        opened = {name: self.signed(name, value) for name, value in self.current.items()}
        self._hidden("opened", forms.CharField, signing.dumps(opened, salt=SALT))
        self._hidden("conflicting", forms.CharField, "", required=False)
        for name in self._conflicting():
            self._offer_choice(name, self.current[name], _plain(self[name].value()))

    def signed(self, name: str, value: Any) -> Any:
        """What the snapshot keeps of a value; a digest will do for a long one."""
        return value

    def _initial(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _hidden(self, name: str, field: type[forms.Field], initial: Any, **options: Any) -> None:
        self.fields[name] = field(widget=forms.HiddenInput, initial=initial, **options)

    def _conflicting(self) -> list[str]:
        posted = self.data.get(self.add_prefix("conflicting"), "")
        return [name for name in posted.split(",") if name in self.versioned]

    def _offer_choice(self, name: str, theirs: Any, mine: Any) -> None:
        label = self.fields[name].label
        self.fields[f"choose_{name}"] = forms.ChoiceField(
            label=f"Which {label} is right?",
            choices=[
                (MINE, f"Keep what I typed: {self.shown(name, mine)}"),
                (THEIRS, f"Keep {self.instance.updated_by}'s: {self.shown(name, theirs)}"),
            ],
            widget=forms.RadioSelect,
            error_messages={"required": f"Choose which {label} to keep."},
        )

    @property
    def choices_to_make(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("choose_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in self._conflicting():
            if data.get(f"choose_{name}") == THEIRS:
                data[name] = self._initial(name)
        return data

    def _post_clean(self) -> None:
        if not self.errors and self.cleaned_data["version"] != self.instance.version:
            self._compare(self._opened())
        super()._post_clean()

    def _opened(self) -> dict[str, Any]:
        try:
            return signing.loads(self.cleaned_data["opened"], salt=SALT)
        except signing.BadSignature:
            return {}

    def _compare(self, opened: dict[str, Any]) -> None:
        for name in self.versioned:
            before, now = opened.get(name), self.current[name]
            if before == self.signed(name, now):
                continue
            typed = _plain(self.cleaned_data.get(name))
            shown = [self.shown(name, value) for value in (before, now, typed)]
            is_conflict = self.signed(name, typed) not in (before, self.signed(name, now))
            label = str(self.fields[name].label)
            self.changes.append(Change(name, label, *shown, is_conflict=is_conflict))
        if self.changes:
            self.add_error(None, ValidationError("This record changed meanwhile.", code="stale"))

    def resolution(self) -> "VersionedForm":
        """Return the form that lets the user choose: what both left alone or one changed is merged.

        Fields that only the other person changed show the new value, the user's own entries stay.
        """
        merged = {
            name: self.cleaned_data[name] for name in self.versioned if name in self.cleaned_data
        }
        merged |= {
            change.name: self._initial(change.name)
            for change in self.changes
            if not change.is_conflict
        }
        fresh = type(self.instance)._base_manager.get(pk=self.instance.pk)
        form = type(self)(instance=fresh, initial=merged, request=self.request)
        form.changes = self.changes
        conflicts = [change for change in self.changes if change.is_conflict]
        form.fields["conflicting"].initial = ",".join(change.name for change in conflicts)
        form.fields["opened"].initial = self.fields["opened"].initial
        for change in conflicts:
            mine = _plain(self.cleaned_data.get(change.name))
            form._offer_choice(change.name, self.current[change.name], mine)
        return form

    def shown(self, name: str, value: Any) -> str:
        """A plain value as a person reads it."""
        labels = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", [])}
        return _in_words(value, labels) or "(empty)"


def _plain(value: Any) -> Any:
    """A value as JSON keeps it, so that states of a field can be compared."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return f"{value:%m/%d/%Y}"
    if isinstance(value, Model):
        return str(value.pk)
    return "" if value is None else str(value)


def _in_words(value: Any, labels: dict[str, str]) -> str:
    if isinstance(value, list):
        separator = ", " if labels or any(isinstance(one, list) for one in value) else " "
        return separator.join(filter(None, (_in_words(one, labels) for one in value)))
    return labels.get(value, value or "")
