"""A service without a note, for one client or for several members of a household."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.models import User
from casenotes.catalog_choices import offered_types
from casenotes.enrollment_choices import enrollments_for, only_open
from casenotes.forms.asked import SUB_TYPE, AskedFields
from casenotes.forms.fields import (
    PastDateField,
    RowChoiceField,
    RowsConflictForm,
    day_in_enrollment,
)
from casenotes.models import Service, ServiceType
from casenotes.models.service_type import Unit
from casenotes.repeats import MOST_DAYS, Repeat
from enrollments.forms.choice import enrollment_label
from enrollments.models import Enrollment
from hud.rules.services import COLUMNS
from records.forms import RecordForm

QUESTIONS = [name for name in COLUMNS if name != SUB_TYPE]


class ServiceFields(AskedFields):
    """What a service is chosen from, and what it has to be."""

    units = forms.DecimalField(
        label="Units", required=False, min_value=0.01, max_digits=9, decimal_places=2
    )

    class Meta:
        model = Service
        fields = ["service_type", "date", "units", "enrollment", *QUESTIONS]

    def offer(self, types: list[ServiceType], enrollments: list[Enrollment]) -> None:
        """Offer these services and enrollments, and those that the row has."""
        service = self.instance
        if not service._state.adding:
            types = [*dict.fromkeys([*types, service.service_type])]
            enrollments = [*dict.fromkeys([*enrollments, service.enrollment])]
        self.fields["service_type"].offer(types, lambda one: one.label)
        self.fields["enrollment"].offer(enrollments, enrollment_label)
        self.fields["units"].widget.attrs |= {"inputmode": "decimal", "step": "any"}
        self.ask(types)
        self.has_types = bool(types)

    def check_service(self, data: dict[str, Any]) -> None:
        service_type = data.get("service_type")
        self.check_questions(data)
        if service_type and data.get("units") is None and "units" not in self.errors:
            if service_type.unit == Unit.COUNT:
                data["units"] = 1
            else:
                self.add_error("units", f"Enter the {service_type.get_unit_display().lower()}.")
        try:
            day_in_enrollment(data.get("date"), data.get("enrollment"), service=self.instance)
        except ValidationError as error:
            self.add_error("date", error)


class ServiceForm(ServiceFields, RecordForm):
    service_type = RowChoiceField(
        blank="Choose",
        label="Service",
        required=True,
        error_messages={"required": "Choose the service."},
    )
    date = PastDateField(label="Date")
    enrollment = RowChoiceField(
        blank="Choose",
        label="Enrollment",
        required=True,
        error_messages={"required": "Choose the enrollment that this service belongs to."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        service = self.instance
        is_new = service._state.adding
        organization = self.chosen_organization if is_new else service.organization
        types = offered_types(organization)
        self.enrollments = enrollments_for(service.client, self.user)
        if is_new:
            self.initial["enrollment"] = only_open(self.enrollments)
        self.offer(types, self.enrollments)
        self.fields["units"].help_text = "Empty: 1, where the service is counted."

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_service(data)
        return data

    def save(self, *, by: User, commit: bool = True) -> Service:
        if not self.instance._state.adding:
            self.instance.version += 1
        self.instance.visibility = self.cleaned_data["enrollment"].visibility
        return super().save(by=by, commit=commit)


class EditServiceForm(RowsConflictForm, ServiceForm):
    """A service that two people may change at once."""


class AddServiceForm(ServiceForm):
    """The same service for several members of the household, and on several days, at once."""

    repeat = forms.TypedChoiceField(
        label="Repeats",
        choices=[("", "No"), *Repeat.choices],
        coerce=Repeat,
        empty_value=None,
        required=False,
    )
    until = PastDateField(
        label="Until",
        required=False,
        help_text=f"Today at the latest; at most {MOST_DAYS} days. Each is a service of its own.",
    )
    members = forms.TypedMultipleChoiceField(
        label="Also for",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Household members who received the same service that day.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        households = {one.household_id for one in self.enrollments}
        others = Enrollment.objects.openly_visible_to(self.user).beside(
            self.instance.client, self.user
        )
        self.members = {
            str(one.pk): one
            for one in others.select_related("client", "project").in_household_order()
            if one.household_id in households
        }
        field = self.fields["members"]
        field.choices = [
            (key, f"{one.client.display_name}: {enrollment_label(one)}")
            for key, one in self.members.items()
        ]
        field.coerce = self.members.get
        if not self.members:
            del self.fields["members"]

    @property
    def days(self) -> list[date]:
        """When the service was provided."""
        first, repeat, last = (self.cleaned_data.get(key) for key in ("date", "repeat", "until"))
        return repeat.days(first, last) if repeat and first and last else [first]

    def _check_days(self, data: dict[str, Any]) -> None:
        first, repeat, last = (data.get(name) for name in ("date", "repeat", "until"))
        if last and not repeat:
            self.add_error("repeat", "Choose how often, or leave Until empty.")
        elif repeat and not last and "until" not in self.errors:
            self.add_error("until", "Enter the day until which it was repeated.")
        if not (first and repeat and last) or "date" in self.errors:
            return
        if last < first:
            self.add_error("until", "Enter a day that is not before the first one.")
        elif len(self.days) > MOST_DAYS:
            self.add_error("until", f"Enter an earlier day: {MOST_DAYS} days at most.")
        else:
            try:
                day_in_enrollment(self.days[-1], data.get("enrollment"))
            except ValidationError as error:
                self.add_error("until", error)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._check_days(data)
        enrollment = data.get("enrollment")
        for member in data.get("members", []):
            name = member.client.display_name
            if enrollment and member.household_id != enrollment.household_id:
                self.add_error(
                    "members", f"{name} is not in the household of the enrollment chosen above."
                )
                continue
            try:
                for day in {self.days[0], self.days[-1]}:
                    day_in_enrollment(day, member)
            except ValidationError as error:
                self.add_error("members", f"{name}: {error.message}")
        return data
