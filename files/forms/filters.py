"""The filters and the order of Client Files; what is typed is kept out of the address (2.8)."""

from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from agencies.models import Organization
from files.models import Category
from files.models.client_file import EXPIRES_SOON
from files.querysets import SORTS, ClientFileQuerySet
from records.form_fields import LineField


class Expiry(models.TextChoices):
    SOON = "soon", "Expires within 30 days"
    EXPIRED = "expired", "Expired"


class FileFilterForm(forms.Form):
    """Boxes of the address: harmless codes. `choices` come from the client's own files."""

    view = forms.ChoiceField(choices=[("grid", "Grid View")], required=False)
    category = forms.ChoiceField(
        label="Category", required=False, choices=[("", "All categories"), *Category.choices]
    )
    filed_by = forms.ChoiceField(label="Organization", required=False)
    expiry = forms.ChoiceField(
        label="Expiry", required=False, choices=[("", "Any"), *Expiry.choices]
    )
    sort = forms.ChoiceField(choices=[(key, key) for key in SORTS], required=False)

    def __init__(self, *args: Any, organizations: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filed_by"].choices = [("", "All organizations")] + [
            (str(one.pk), str(one)) for one in organizations
        ]

    def chosen(self, name: str) -> str:
        """What was chosen; nothing where the address asks for something unknown."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    @property
    def is_grid(self) -> bool:
        return self.chosen("view") == "grid"

    @property
    def order(self) -> str:
        return self.chosen("sort") or "-date"

    @property
    def is_filtering(self) -> bool:
        return any(self.chosen(name) for name in ("category", "filed_by", "expiry"))

    def apply(self, rows: ClientFileQuerySet) -> ClientFileQuerySet:
        if category := self.chosen("category"):
            rows = rows.filter(category=category)
        if organization := self.chosen("filed_by"):
            rows = rows.filter(organization=organization)
        today = timezone.localdate()
        if self.chosen("expiry") == Expiry.SOON:
            rows = rows.expiring_between(today, today + EXPIRES_SOON)
        if self.chosen("expiry") == Expiry.EXPIRED:
            rows = rows.expired_on(today)
        return rows.sorted_by(self.order)

    def address(self, **other: str) -> str:
        """The query of an address with these filters, some of them otherwise."""
        names = ("view", "category", "filed_by", "expiry", "sort")
        boxes = {name: self.chosen(name) for name in names} | other
        return "&".join(f"{name}={value}" for name, value in boxes.items() if value)

    @property
    def columns(self) -> list[dict[str, str]]:
        """The heads of the table, each with the address that sorts by it."""
        heads = [
            ("name", "Document Name"),
            ("category", "Category"),
            ("date", "Date"),
            ("organization", "Organization"),
            ("expires", "Expires on"),
            ("size", "Size"),
        ]
        ways = {self.order.removeprefix("-"): "ascending"}
        if self.order.startswith("-"):
            ways = {self.order[1:]: "descending"}
        return [
            {
                "label": label,
                "sorted": ways.get(key, ""),
                "query": self.address(sort=f"-{key}" if self.order == key else key),
            }
            for key, label in heads
        ]


class NameFilterForm(forms.Form):
    text = LineField(label="Document Name", required=False, max_length=100)
