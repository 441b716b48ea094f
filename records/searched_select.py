"""A select of what may be too much to choose from: then part of a name is typed, and searched."""

import operator
from collections.abc import Iterator
from functools import reduce
from itertools import islice
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator

MOST = 200  # options of a select
SEARCH = "_search"
SEVERAL = "?"  # no option's key: what is left of the list has to be chosen from


class SearchedSelect(forms.Select):
    """The options, or where there are more than 200 a box beside those that match what it holds.

    What matches one option alone is chosen by it; of several, one is chosen when the form is sent
    again. It needs no script.
    """

    text = ""
    read: list[tuple[Any, str]] | None = None  # the first options

    def __deepcopy__(self, memo: Any) -> "SearchedSelect":
        copy = super().__deepcopy__(memo)
        copy.text, copy.read = "", None
        return copy

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        self.text = " ".join(str(data.get(name + SEARCH) or "").replace("\0", "").split())[:100]
        if not self.text:
            return value
        keys = [str(key) for key, _ in self._found()]
        if str(value) in keys:
            return value
        return keys[0] if len(keys) == 1 else SEVERAL

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return super().value_omitted_from_data(data, files, name) and not data.get(name + SEARCH)

    @property
    def is_long(self) -> bool:
        return len(self._first()) > MOST

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> Any:
        every = self.choices
        if not self.is_long and self._rows is not None:
            self.choices = self._blank() + self._first()
        elif self.is_long:
            found = {str(key): (key, label) for key, label in self._blank() + self._found()}
            for one in self._chosen([str(one) for one in value]):
                found.setdefault(str(one[0]), one)
            self.choices = list(found.values())
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = every

    @property
    def template_name(self) -> str:  # type: ignore[override]
        return "records/searched_select.html" if self.is_long else forms.Select.template_name

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if not self.is_long:
            return context
        is_cut_off = bool(self.text) and len(self._found()) == MOST
        searched = {"name": name + SEARCH, "text": self.text, "is_cut_off": is_cut_off}
        return context | {"searched": searched}

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # what is typed may choose

    # What there is to choose from: rows of a queryset, or a list

    @property
    def _rows(self) -> Any:
        return self.choices.queryset if isinstance(self.choices, ModelChoiceIterator) else None

    def _option(self, row: Any) -> tuple[Any, str]:
        field = self.choices.field  # type: ignore[union-attr]
        return field.prepare_value(row), field.label_from_instance(row)

    def _first(self) -> list[tuple[Any, str]]:
        """As many as tell whether there are too many."""
        if self._rows is None:
            return list(islice(self._flat(), MOST + 1))
        if self.read is None:
            self.read = [self._option(row) for row in self._rows.all()[: MOST + 1]]
        return self.read

    def _flat(self) -> Iterator[tuple[Any, str]]:
        """The options of a list, those of its groups too."""
        for key, label in self.choices:
            if isinstance(label, (list, tuple)):
                yield from label
            else:
                yield key, label

    def _blank(self) -> list[tuple[Any, str]]:
        if self._rows is not None:
            empty = self.choices.field.empty_label  # type: ignore[union-attr]
            return [] if empty is None else [("", empty)]
        return [one for one in self._flat() if one[0] in ("", None)]

    def _found(self) -> list[tuple[Any, str]]:
        """The first of those that the text names."""
        if not self.text:
            return []
        if self._rows is not None:
            return [self._option(row) for row in _named(self._rows.all(), self.text)[:MOST]]
        words = self.text.casefold().split()
        options = ((key, label) for key, label in self._flat() if key not in ("", None))
        named = (one for one in options if all(word in str(one[1]).casefold() for word in words))
        return list(islice(named, MOST))

    def _chosen(self, keys: list[str]) -> list[tuple[Any, str]]:
        if self._rows is None:
            return [one for one in self._flat() if str(one[0]) in keys]
        field = self.choices.field  # type: ignore[union-attr]
        valid = [key for key in keys if key and key != SEVERAL]
        try:
            rows = self._rows.filter(**{f"{field.to_field_name or 'pk'}__in": valid})
            return [self._option(row) for row in rows]
        except (ValueError, TypeError, OverflowError):
            return []


def _named(rows: Any, text: str) -> Any:
    """The rows of which one of the `NAMES` has each word, or as the queryset's own `named` says."""
    if hasattr(rows, "named"):
        return rows.named(text)
    for word in text.split():
        names = (Q(**{f"{name}__icontains": word}) for name in rows.model.NAMES)
        rows = rows.filter(reduce(operator.or_, names))
    return rows


def searched(field: forms.ChoiceField) -> None:
    """Give a field of the plain select this one, with the same options."""
    if type(field.widget) is forms.Select:
        widget = SearchedSelect(field.widget.attrs)
        widget.is_required, widget.choices = field.widget.is_required, field.choices
        field.widget = widget
