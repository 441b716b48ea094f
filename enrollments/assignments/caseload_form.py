"""What My caseload is narrowed by. A name is never in an address: it is sent as a form's text."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms

from agencies.models import Project
from enrollments.assignments.listing import DueFilter, HouseholdFilter, Sort, Wanted
from records.form_fields import LineField
from records.searched_select import SEARCH, SearchedSelect

NOT_LISTED = {"invalid_choice": "Choose one of those that are listed."}


class CaseloadForm(forms.Form):
    """The filters, which are codes of the page, and harmless in an address.

    Args:
        projects: the IDs of those that the user has cases in.
    """

    project = forms.ModelChoiceField(
        Project.objects.none(),
        required=False,
        empty_label="All projects",
        widget=SearchedSelect,
        error_messages=NOT_LISTED,
    )
    due = forms.ChoiceField(
        choices=[("", "Any"), *DueFilter.choices], required=False, error_messages=NOT_LISTED
    )
    household = forms.ChoiceField(
        choices=[("", "Everybody"), *HouseholdFilter.choices],
        required=False,
        error_messages=NOT_LISTED,
    )
    group = forms.BooleanField(label="Group by household", required=False)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, projects: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.filter(pk__in=list(projects))

    def clean_sort(self) -> tuple[Sort, bool]:
        """The column, and whether it is sorted the other way; anything else is the usual order."""
        text = self.cleaned_data["sort"]
        name = text.removeprefix("-")
        is_known = name in list(Sort)
        return (Sort(name), text.startswith("-")) if is_known else (Sort.DUE, False)

    def wanted(self, text: str = "") -> Wanted:
        """What is asked for; everything where a filter is not understood."""
        if not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        sort, is_descending = data["sort"]
        return Wanted(
            project=data["project"] and data["project"].pk,
            due=DueFilter(data["due"]) if data["due"] else None,
            household=HouseholdFilter(data["household"]) if data["household"] else None,
            text=text,
            sort=sort,
            is_descending=is_descending,
            by_household=data["group"],
        )

    @property
    def is_plain(self) -> bool:
        return not any(self._given.values())

    @property
    def is_narrowed(self) -> bool:
        return any(map(self._given.get, ("project", "due", "household")))

    @property
    def address(self) -> str:
        """The query of an address with these filters."""
        return self.address_with()

    def address_with(self, **other: str) -> str:
        return urlencode({name: text for name, text in (self._given | other).items() if text})

    @property
    def _given(self) -> dict[str, str]:
        names = [*self.fields, "project" + SEARCH]
        return {name: str(self.data.get(name) or "")[:100] for name in names}


class CaseloadSearchForm(forms.Form):
    text = LineField(
        label="Search by name or Client ID",
        required=False,
        max_length=100,
        widget=forms.SearchInput,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["autocomplete"] = "off"
