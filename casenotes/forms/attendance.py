"""The forms of Attendance: whom to list, and who is ticked."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from agencies.models import Organization, Project
from casenotes.catalog_choices import offered_types
from casenotes.forms.fields import PastDateField, RowChoiceField
from casenotes.models import ServiceType
from casenotes.models.service_type import Unit
from records.forms import OrganizationForm
from records.searched_select import SearchedSelect


class AttendanceListForm(forms.Form):
    """Which service, when, and the clients of what. It is in the address, and names nobody."""

    project = forms.ModelChoiceField(
        Project.objects.none(),
        label="Clients",
        empty_label="My caseload",
        required=False,
        widget=SearchedSelect,
    )
    service_type = RowChoiceField(blank="Choose", label="Service")
    date = PastDateField(label="Date", initial=timezone.localdate)

    def __init__(self, *args: Any, organization: Organization | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        projects = Project.objects.filter(organization=organization).order_by("project_name")
        self.fields["project"].queryset = projects
        self.types = offered_types(organization)
        self.fields["service_type"].offer(self.types, lambda one: one.label)


class IdsField(forms.Field):
    """The primary keys of ticked rows."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        typed = [str(one) for one in value or []]
        return list(dict.fromkeys(int(one) for one in typed if re.fullmatch(r"\d{1,18}", one)))


class AttendanceForm(OrganizationForm, forms.Form):
    """Who is ticked. `marked` are those whom the page showed as recorded already."""

    units = forms.DecimalField(
        label="Units for each", required=False, min_value=0.01, max_digits=9, decimal_places=2
    )
    enrollments = IdsField(
        label="Clients", error_messages={"required": "Tick the clients who received the service."}
    )
    marked = IdsField(required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["units"].widget.attrs |= {"inputmode": "decimal", "step": "any"}
        self.fields["units"].help_text = "Empty: 1, where the service is counted."

    def has_units_of(self, service_type: ServiceType) -> bool:
        """Whether it is said how much; a service that is counted was provided once."""
        if self.cleaned_data["units"] is None and service_type.unit == Unit.COUNT:
            self.cleaned_data["units"] = 1
        if self.cleaned_data["units"] is None:
            self.add_error("units", f"Enter the {service_type.get_unit_display().lower()}.")
        return not self.errors
