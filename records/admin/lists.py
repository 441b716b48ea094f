"""Lists that open in the same time over ten rows and over a million."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

MOST_PAGES = 200  # so that no address makes the database walk through a whole table
# Stand in one line: a day, a moment, an e-mail address of usual length.
WHOLE = re.compile(r"\d\d/\d\d/\d{4}( \d{1,2}:\d\d [AP]M)?|[^\s@]{1,40}@[^\s@]{1,40}")


def column(heading: str, read: Callable[[Any], Any], *, ordering: str | None = None) -> Callable:
    """A column, or a line of a row's page, that says of a row what `read` returns."""
    return admin.display(lambda _, row: read(row), description=heading, ordering=ordering)


class MoreChangeList(ChangeList):
    """A page of rows that knows whether there are more; nobody counts how many."""

    has_more = False

    def get_filters_params(self, params=None) -> dict[str, Any]:
        """A box of the filters that was left empty asks for nothing."""
        found = super().get_filters_params(params)
        return {name: values for name, values in found.items() if any(values)}

    def get_results(self, request) -> None:
        if not 1 <= self.page_num <= MOST_PAGES:
            raise IncorrectLookupParameters
        first = (self.page_num - 1) * self.list_per_page
        rows = list(self.queryset[first : first + self.list_per_page + 1])
        self.has_more = len(rows) > self.list_per_page and self.page_num < MOST_PAGES
        self.is_cut_off = len(rows) > self.list_per_page and self.page_num == MOST_PAGES
        self.result_list = rows[: self.list_per_page]
        self.result_count = first + len(self.result_list)
        self.first_number = first + 1
        self.full_result_count = self.paginator = None
        self.show_full_result_count = self.can_show_all = False
        self.show_admin_actions = bool(rows)
        self.multi_page = self.has_more or self.page_num > 1

    @property
    def boxes(self) -> list[dict[str, Any]]:
        """The filters, each as a box of one form."""
        return [self._box(spec) for spec in self.filter_specs]

    def _box(self, spec) -> dict[str, Any]:
        name = getattr(spec, "parameter_name", None) or spec.lookup_kwarg
        if kind := getattr(spec, "input_type", ""):
            value = spec.value() or ""
            box = {"title": spec.title, "name": name, "kind": kind, "value": value}
            return box | {"is_date": spec.is_date, "error": spec.error}
        options = [
            (_value(choice["query_string"], name), choice["display"], choice["selected"])
            for choice in spec.choices(self)
        ]
        return {"title": spec.title, "name": name, "options": options}

    @property
    def next_url(self) -> str:
        return self.get_query_string({"p": self.page_num + 1})

    @property
    def previous_url(self) -> str:
        return self.get_query_string({"p": self.page_num - 1 if self.page_num > 2 else None})

    @cached_property
    def headers(self) -> list[dict[str, Any]]:
        """The columns, with the address that sorts by each that can be sorted by."""
        columns = result_headers(self)
        return [
            {
                "text": column["text"],
                "name": name,
                "url": column.get("url_primary") if column["sortable"] else None,
                "sort": self._sort(column),
                "is_tick": name == "action_checkbox",
            }
            for name, column in zip(self.list_display, columns, strict=True)
        ]

    @staticmethod
    def _sort(column: dict[str, Any]) -> str:
        if not column["sortable"] or not column["sorted"]:
            return ""
        return "ascending" if column["ascending"] else "descending"

    @property
    def table(self) -> list[list[dict[str, Any]]]:
        """The cells of each row: what it says, its column, and where it leads."""
        return [self._cells(row) for row in self.result_list]

    def _cells(self, row: models.Model) -> list[dict[str, Any]]:
        cells = [
            {"text": self._text(row, column["name"]), "label": column["text"], "url": None}
            | {"is_tick": column["is_tick"], "is_head": False}
            for column in self.headers
        ]
        for cell in cells:
            text = str(cell["text"])
            cell["is_whole"] = WHOLE.fullmatch(text) is not None
            cell["is_address"] = cell["is_whole"] and "@" in text
        head = next((cell for cell in cells if not cell["is_tick"]), None)
        if head:
            head["is_head"] = True
            head["url"] = self.url_for_result(row) if self.list_display_links else None
        return cells

    def _text(self, row: models.Model, name: str) -> str:
        field, _, value = lookup_field(name, row, self.model_admin)
        if isinstance(value, (bool, date)):
            return plain(value)
        if field is None or field.auto_created:
            return display_for_value(value, "—") or "—"
        if isinstance(field.remote_field, models.ManyToOneRel):
            related = getattr(row, field.name)
            return "—" if related is None else str(related)
        return display_for_field(value, field, "—", avoid_link=True) or "—"


def plain(value: bool | date) -> str:
    """A yes or no, a day or a moment as the rest of the portal writes it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%m/%d/%Y %-I:%M %p}"
    return f"{value:%m/%d/%Y}"


def _value(query_string: str, name: str) -> str:
    return parse_qs(query_string.removeprefix("?")).get(name, [""])[0]
