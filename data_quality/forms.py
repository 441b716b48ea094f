"""The filters of the data quality pages; all of them are harmless codes and dates."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from agencies.models import Organization, Project, User
from data_quality.rules.scope import Scope
from records.form_fields import DateField
from records.searched_select import SearchedSelect

NOT_YOURS = {"invalid_choice": "Choose one of those that are listed."}


class ProjectField(forms.ModelChoiceField):
    with_organization = False

    def label_from_instance(self, project: Project) -> str:
        return f"{project} ({project.organization})" if self.with_organization else str(project)


class ScopeForm(forms.Form):
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        required=False,
        empty_label="All organizations",
        widget=SearchedSelect,
        error_messages=NOT_YOURS,
    )
    project = ProjectField(
        Project.objects.none(),
        required=False,
        empty_label="All projects",
        widget=SearchedSelect,
        error_messages=NOT_YOURS,
    )
    active_from = DateField(label="Enrolled from", required=False)
    active_to = DateField(label="Enrolled to", required=False)
    entered_since = DateField(label="Started since", required=False)

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        own = user.dqo_organizations
        projects = Project.objects.filter(organization__in=own)
        if len(own) > 1:
            self.fields["organization"].queryset = Organization.objects.filter(pk__in=own)
            self.fields["project"].with_organization = True
            projects = projects.select_related("organization")
        else:
            del self.fields["organization"]
        self.fields["project"].queryset = projects

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        organization, project = data.get("organization"), data.get("project")
        if organization and project and project.organization_id != organization.pk:
            self.add_error("project", ValidationError("Choose a project of this organization."))
        first, last = data.get("active_from"), data.get("active_to")
        if first and last and last < first:
            self.add_error("active_to", ValidationError("Enter a day on or after the first one."))
        return data

    @property
    def scope(self) -> Scope | None:
        """Whose records are looked at; None where a filter is not understood."""
        if not self.is_valid():
            return None
        return Scope(user=self.user, today=self.today, **self.cleaned_data)

    @property
    def is_filtering(self) -> bool:
        return any(self._chosen.values())

    @property
    def address(self) -> str:
        """The query of an address with these filters."""
        return urlencode({name: value for name, value in self._chosen.items() if value})

    @property
    def _chosen(self) -> dict[str, str]:
        return {name: str(self[name].value() or "")[:20] for name in self.fields}
