"""Rows of boxes, one beneath the other, each with the key of the record that it is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from records.form_fields import LineField

SPARE_ROWS = 3  # empty ones, where there is no script to add more


class RowsWidget(forms.Widget):
    template_name = "cas/rows.html"
    boxes: dict[str, LineField]
    most: int
    noun: str

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        empty = [""] * (len(self.boxes) + 1)
        rows = [*filter(any, value or []), *[empty] * SPARE_ROWS]
        context["rows"] = [
            (row[0], [(box, *pair) for box, pair in zip(self.boxes, self._pairs(row), strict=True)])
            for row in rows[: max(self.most, len(rows) - SPARE_ROWS)]
        ]
        return context | {"most": self.most, "noun": self.noun}

    def _pairs(self, row):
        return zip(self.boxes.values(), row[1:], strict=True)

    def value_from_datadict(self, data, files, name):
        if not hasattr(data, "getlist"):
            return data.get(name, [])
        columns = [data.getlist(f"{name}_{part}") for part in ("key", *self.boxes)]
        return [list(row) for row in zip(*columns, strict=False)]

    def value_omitted_from_data(self, data, files, name):
        return f"{name}_key" not in data

    def id_for_label(self, id_):
        return ""


class RowsField(forms.Field):
    """Rows, each a list of a record's key, empty for a new one, and a text for each box.

    A row whose boxes are all empty is dropped.

    Args:
        boxes: a field for each text, by name; the first that is required says what the row is.
        noun: what a row is called.
        most: how many rows there may be.
    """

    widget = RowsWidget

    def __init__(self, *, boxes: dict[str, LineField], noun: str, most: int, **options: Any):
        super().__init__(required=False, **options)
        self.boxes, self.noun, self.most = boxes, noun, most
        self.widget.boxes, self.widget.noun, self.widget.most = boxes, noun, most

    def clean(self, value) -> list[list[str]]:
        rows, errors = [], []
        for number, row in enumerate(value or [], 1):
            if not any(text.strip() for text in row[1:]):
                continue
            cleaned = [row[0]]
            for box, text in zip(self.boxes.values(), row[1:], strict=True):
                try:
                    cleaned.append(box.clean(text))
                except ValidationError as error:
                    errors += [f"{self.noun} {number}: {one}" for one in error.messages]
            rows.append(cleaned)
        if errors:
            raise ValidationError(errors)
        if len(rows) > self.most:
            raise ValidationError(f"Enter at most {self.most}.")
        return rows

    def has_changed(self, initial, data) -> bool:
        typed = [list(row) for row in data or [] if any(row[1:])]
        return [list(row) for row in initial or []] != typed
