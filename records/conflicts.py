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
from django.utils.functional import cached_property

from records.forms import OrganizationForm, RecordForm
from records.models import Record

MINE, THEIRS = "mine", "theirs"
SALT = "records.conflicts"


def concurrent_change(what: str, then: str) -> str:
    """The sentence that refuses what somebody else changed first: what, and what to do then."""
    return f"Somebody else {what} in the meantime. {then}"


@dataclass(frozen=True)
class Change:
    """What became of one field while the form was open; values as they are shown."""

    name: str
    label: str
    before: str
    now: str
    typed: str
    is_conflict: bool


class ConflictDetection(OrganizationForm):
    """A form that changes `record`; `not_compared` names fields left out.

    `follows` names fields that say how another one is answered, such as its data quality: where
    that one is chosen, they come along and are not asked about.
    """

    record: Record
    record_name = ""
    not_compared: tuple[str, ...] = ()
    follows: dict[str, tuple[str, ...]] = {}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.prepare()
        left_out = {"organization", "form_token", "continued", *self.not_compared}
        self.compared = [name for name in self.fields if name not in left_out]
        self.current = {name: self.stored_value(name) for name in self.compared}
        self.changes: list[Change] = []
        # Plain fields take anything: what is forged or missing is compared as opened long ago.
        self._hidden("version", version_of(self.record))
        opened = {name: self.signed(name, value) for name, value in self.current.items()}
        self._hidden("opened", signing.dumps(opened, salt=SALT))
        self._hidden("conflicting", "")
        for name in self.asked:
            self._offer_choice(name, self.as_shown(name))

    def prepare(self) -> None:
        """Change the fields before the stored values are noted."""

    def stored_value(self, name: str) -> Any:
        """The plain value of a field as it is now."""
        return _plain(self._initial(name))

    def typed(self, name: str) -> Any:
        """The plain value of a field after cleaning."""
        return _plain(self.cleaned_data.get(name))

    def as_shown(self, name: str) -> Any:
        """The plain value of a field as it stands in its box."""
        return _plain(self[name].value())

    def label_of(self, name: str) -> str:
        return str(self.fields[name].label)

    def signed(self, name: str, value: Any) -> Any:
        """What the snapshot keeps of a value; a digest will do for a long one."""
        return value

    def _initial(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _hidden(self, name: str, initial: Any) -> None:
        self.fields[name] = forms.Field(widget=forms.HiddenInput, initial=initial, required=False)

    @cached_property
    def asked(self) -> list[str]:
        """The conflicting fields for which the user was asked to choose."""
        posted = self.data.get(self.add_prefix("conflicting"), "").split(",")
        return [name for name in dict.fromkeys(posted) if name in self.compared]

    def _offer_choice(self, name: str, mine: Any) -> None:
        label = self.label_of(name)
        theirs = self.shown(name, self.current[name])
        self.fields[f"choose_{name}"] = forms.ChoiceField(
            label=f"Which {label} is right?",
            choices=[
                (MINE, f"Keep what I typed: {self.shown(name, mine)}"),
                (THEIRS, f"Keep {self.record.updated_by}'s: {theirs}"),
            ],
            widget=forms.RadioSelect,
            error_messages={"required": f"Choose which {label} to keep."},
        )

    @property
    def choices_to_make(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("choose_")]

    def chosen(self, choice: str) -> set[str]:
        """The conflicting fields for which `choice` (MINE or THEIRS) was made, with followers."""
        data = {name: self.data.get(self.add_prefix(f"choose_{name}")) for name in self.asked}
        names = {name for name, made in data.items() if made == choice}
        return names | {name for name, leads in self.follows.items() if names & set(leads)}

    @cached_property
    def changed_data(self) -> list[str]:
        """What the user changed: not what was left to the other, but all that was insisted on."""
        names = dict.fromkeys([*super().changed_data, *self.chosen(MINE)])
        return [name for name in names if name not in self.chosen(THEIRS)]

    def _clean_fields(self) -> None:
        super()._clean_fields()
        for name in self.chosen(THEIRS):
            self._errors.pop(name, None)
            self.cleaned_data[name] = self._initial(name)

    def _post_clean(self) -> None:
        version = str(self.cleaned_data.get("version"))
        is_stale = not self.record._state.adding and version != version_of(self.record)
        if is_stale and not self.errors:
            try:
                opened = signing.loads(str(self.cleaned_data.get("opened")), salt=SALT)
            except signing.BadSignature:
                opened = {}
            self._compare(opened)
        super()._post_clean()

    def _compare(self, opened: dict[str, Any]) -> None:
        changes = [self._change(name, opened) for name in self.compared]
        found = [change for change in changes if change]
        conflicts = {change.name for change in found if change.is_conflict}
        self.changes = [
            change for change in found if not conflicts & set(self.follows.get(change.name, ()))
        ]
        if self.changes:
            self.add_error(
                None, ValidationError("This record has changed in the meantime.", code="stale")
            )

    def _change(self, name: str, opened: dict[str, Any]) -> Change | None:
        now, typed = self.current[name], self.typed(name)
        states = [self.signed(name, value) for value in (now, typed)]
        before = opened.get(name, states[1] if typed == now else None)
        if before == states[0]:
            return None
        shown = [self.shown(name, value) for value in (before, now, typed)]
        is_conflict = states[1] not in (before, states[0])
        return Change(name, self.label_of(name), *shown, is_conflict=is_conflict)

    def reload(self) -> "ConflictDetection":
        """The same form, opened now."""
        raise NotImplementedError

    def conflict_form(self) -> "ConflictDetection":
        """Return the form that lets the user choose: what both left alone or one changed is merged.

        Fields that only the other person changed show the new value, the user's own entries stay.
        """
        form = self.reload()
        merged = {change.name for change in self.changes if not change.is_conflict}
        form.initial |= {name: self.kept(name) for name in self.fields if name not in merged}
        form.changes = self.changes
        conflicts = [change.name for change in self.changes if change.is_conflict]
        form.initial["conflicting"] = ",".join(conflicts)
        for name in ("version", "opened"):
            form.initial[name] = form.fields[name].initial
        for name in conflicts:
            form._offer_choice(name, self.typed(name))
        return form

    def kept(self, name: str) -> Any:
        """What a field shows when the form is offered again: as typed, what follows as derived."""
        return self.cleaned_data.get(name) if name in self.follows else self[name].value()

    def shown(self, name: str, value: Any) -> str:
        """A plain value as a person reads it."""
        labels = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", [])}
        return _in_words(value, labels) or "(empty)"


class ConflictDetectingForm(ConflictDetection, RecordForm):
    """A record's own form."""

    @property
    def record(self) -> Record:  # type: ignore[override]
        return self.instance

    @property
    def record_name(self) -> str:  # type: ignore[override]
        return str(self.instance._meta.verbose_name)

    def reload(self) -> "ConflictDetectingForm":
        fresh = type(self.instance)._base_manager.get(pk=self.instance.pk)
        return type(self)(instance=fresh, request=self.request)


def version_of(record: Record) -> str:
    """What differs after every change: a count where the model keeps one, else the moment."""
    return str(getattr(record, "version", record.date_updated.isoformat()))


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
