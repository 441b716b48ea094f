"""Form fields of notes and services."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from casenotes.models import Service
from casenotes.models.note import LONGEST
from enrollments.models import Enrollment
from records.conflicts import ConflictDetectingForm
from records.form_fields import NotFutureDateField


class PastDateField(NotFutureDateField):
    """A day of which two digits of a year are never those of a coming one."""

    years_ahead = 0


class TypedTextField(forms.CharField):
    """A text kept as it was typed, white space at its ends included.

    Browsers send each line break as two characters; one is kept, as it was in the box. The one
    character that the database cannot hold is taken out: no keyboard types it.
    """

    def __init__(self, **options):
        super().__init__(**({"strip": False, "max_length": LONGEST} | options))
        # The browser must not cut a paste in silence; the form says what is too long.
        self.widget.attrs.pop("maxlength", None)
        self.error_messages["max_length"] = (
            f"A note has at most {LONGEST:,} characters and this one has %(show_value)d. "
            "Split it in two."
        )

    def to_python(self, value) -> str:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")

    def validate(self, value) -> None:
        super().validate(value)
        if self.required and not value.strip():
            raise ValidationError(self.error_messages["required"], code="required")


class RowChoiceField(forms.TypedChoiceField):
    """A choice among rows that were read already, without another query; `offer` says which."""

    def __init__(self, *, blank: str, **options):
        super().__init__(**({"required": False, "empty_value": None, "choices": []} | options))
        self.blank = blank

    def offer(self, rows: Iterable[Model], label_of: Callable[[Any], str]) -> None:
        by_key = {str(row.pk): row for row in rows}
        self.coerce = by_key.get
        self.choices = [("", self.blank), *((key, label_of(row)) for key, row in by_key.items())]

    def prepare_value(self, value):
        return str(value.pk) if isinstance(value, Model) else value

    def has_changed(self, initial, data) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


class RowsConflictForm(ConflictDetectingForm):
    """A form of what two people may change at once, some of whose fields hold rows."""

    def _initial(self, name: str) -> Any:
        is_row = isinstance(self.fields[name], RowChoiceField) and not self.instance._state.adding
        return getattr(self.instance, name) if is_row else super()._initial(name)


def day_in_enrollment(
    day: date | None, enrollment: Enrollment | None, *, service: Service | None = None
) -> None:
    """Refuse a service outside the enrollment that it is filed under; the day of exit is inside.

    Args:
        service: the row as it is on file. What a corrected exit or start left outside stays open
            to every other correction (docs/adr/0025).
    """
    if not day or not enrollment:
        return
    if service and service.pk and (service.date, service.enrollment_id) == (day, enrollment.pk):
        return
    first, last = enrollment.entry_date, enrollment.exit_date
    if day < first or (last and day > last):
        until = f"to {last:%m/%d/%Y}" if last else "on"
        raise ValidationError(
            f"Enter a date within this enrollment, from {first:%m/%d/%Y} {until}.",
            code="enrollment",
        )
