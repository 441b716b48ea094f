"""Add Case Assignment, its dates, its end, and handing over (5.3, 5.4)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import Organization, User
from agencies.user_lookup import UserField, chosen
from enrollments.forms.choice import EnrollmentField
from enrollments.models import CaseAssignment, Enrollment
from enrollments.querysets import EnrollmentQuerySet
from records.conflicts import ConflictDetectingForm
from records.form_fields import DateField
from records.forms import OrganizationForm, RecordForm

ACTIVE, INACTIVE = "active", "inactive"


class DatesForm(RecordForm):
    """The dates of an assignment; its status follows from them, so the two have to agree."""

    begins_on = DateField(label="Assignment beginning on")
    ends_on = DateField(
        label="Ending on",
        required=False,
        help_text="Blank: indefinite. From this day on the assignment is Inactive.",
    )
    status = forms.ChoiceField(label="Status", choices=[(ACTIVE, "Active"), (INACTIVE, "Inactive")])

    class Meta:
        model = CaseAssignment
        fields = ["begins_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        ends_on = self.instance.ends_on
        is_over = ends_on is not None and ends_on <= timezone.localdate()
        self.initial["status"] = INACTIVE if is_over else ACTIVE

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "ends_on" in self.errors:
            return data
        ends_on, today = data.get("ends_on"), timezone.localdate()
        is_over = ends_on is not None and ends_on <= today
        if data.get("status") == INACTIVE and not is_over:
            self.add_error("ends_on", "Enter the day it ended, today or before, or choose Active.")
        if data.get("status") == ACTIVE and is_over:
            self.add_error("status", "Choose Inactive: the assignment has ended. Or clear its end.")
        return data


class EditDatesForm(ConflictDetectingForm, DatesForm):
    """The dates of an assignment that two people may change at once."""

    follows = {"status": ("ends_on",)}


class CaseAssignmentForm(DatesForm):
    """Assigns a case manager to one of the active enrollments that are offered."""

    case_manager = UserField(label="Case Manager")
    enrollment = EnrollmentField(Enrollment.objects.none(), label="Enrollment", empty_label=None)
    field_order = ["case_manager", "begins_on", "ends_on", "enrollment", "status"]

    class Meta(DatesForm.Meta):
        fields = ["case_manager", "begins_on", "ends_on", "enrollment"]

    def __init__(self, *args: Any, enrollments: EnrollmentQuerySet, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["enrollment"].queryset = enrollments.select_related("project")
        offer_colleagues(self)
        self.initial |= {"case_manager": self.user.pk} | chosen(self.request)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        manager, enrollment = data.get("case_manager"), data.get("enrollment")
        if not manager or not enrollment or not self.chosen_organization:
            return data
        self.works_for = manager.organization_among(
            self.chosen_organization, enrollment.organization
        )
        self.instance.visibility = enrollment.visibility
        return data

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors:
            self.instance.organization = self.works_for


class EndForm(OrganizationForm, forms.Form):
    shows_organization = False
    on = DateField(label="Ending on")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class HandOverForm(OrganizationForm, forms.Form):
    """Gives an assignment, which ends, to somebody else."""

    shows_organization = False
    case_manager = UserField(label="Hand over to")
    on = DateField(label="Beginning on", help_text="The old assignment ends on that day.")

    def __init__(self, *args: Any, assignment: CaseAssignment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.assignment = assignment
        self.may_choose_anybody = self.user.may_change(assignment.enrollment)
        self.fields["on"].initial = timezone.localdate()
        offer_colleagues(self, but=assignment.case_manager)
        self.initial = chosen(self.request) | self.initial

    def clean_case_manager(self) -> User:
        manager: User = self.cleaned_data["case_manager"]
        given_to = self.assignment.organization
        if not self.may_choose_anybody and given_to not in manager.organizations:
            raise ValidationError(
                f"Choose a case manager of {given_to}. Others are assigned by users of "
                f"{self.assignment.enrollment.organization}, which enrolled the client."
            )
        return manager

    @property
    def works_for(self) -> Organization:
        """The organization that the new case manager works for."""
        if not self.may_choose_anybody:
            return self.assignment.organization
        manager = self.cleaned_data["case_manager"]
        return manager.organization_among(
            self.chosen_organization, self.assignment.enrollment.organization
        )


class HandOverSeveralForm(OrganizationForm, forms.Form):
    """Gives several assignments to one other user.

    Args:
        assignments: those that were selected.
    """

    shows_organization = False
    case_manager = UserField(label="Hand over to")
    on = DateField(label="Beginning on", help_text="The old assignments end on that day.")

    def __init__(self, *args: Any, assignments: list[CaseAssignment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        managers = {one.case_manager for one in assignments}
        query = urlencode([("assignment", one.pk) for one in assignments])
        next_url = f"{self.request.path}?{query}"
        only = managers.pop() if len(managers) == 1 else None
        offer_colleagues(self, but=only, next_url=next_url)
        self.initial = chosen(self.request) | self.initial


def offer_colleagues(
    form: OrganizationForm, *, but: User | None = None, next_url: str = ""
) -> None:
    """List oneself and colleagues, but who works on it already; others are looked up.

    `next_url` is the page to come back to where it has more than its path.
    """
    form.fields["case_manager"].offer_colleagues(
        form.user,
        form.organization_in_force,
        but=but,
        next_url=next_url or form.request.path,
    )
