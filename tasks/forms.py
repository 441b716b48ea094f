"""Add New Task and Edit Task: what is to be done, by which day and by whom."""

from typing import Any

from django import forms
from django.utils import timezone

from agencies.models import Organization
from agencies.user_lookup import UserField, chosen
from clients.models import Client
from enrollments.forms.choice import EnrollmentField
from enrollments.models import Enrollment
from records.conflicts import ConflictDetectingForm
from records.form_fields import DateField, LineField
from records.forms import RecordForm
from tasks.models import Task


class TaskForm(RecordForm):
    """A task for oneself or for a colleague of the organization that it is filed under."""

    text = LineField(
        label="Task",
        max_length=200,
        help_text="What is to be done, such as “Call about the lease”.",
        error_messages={"required": "Enter what is to be done."},
    )
    due_on = DateField(
        label="Due on",
        error_messages={"required": "Enter the day by which it is to be done."},
    )
    assigned_to = UserField(label="Assigned to")
    enrollment = EnrollmentField(
        Enrollment.objects.none(), label="Enrollment", empty_label="None", required=False
    )

    class Meta:
        model = Task
        fields = ["text", "due_on", "assigned_to", "enrollment"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        seen = Enrollment.objects.visible_to(self.user).of_client(self.instance.client_id)
        kept = self.instance.enrollment_id
        if kept and not seen.filter(pk=kept).exists():
            del self.fields["enrollment"]  # the task stays with one that is not theirs to see
        else:
            self.fields["enrollment"].queryset = seen.newest_first().select_related("project")
        self.fields["assigned_to"].offer_colleagues(
            self.user, self.its_organization, next_url=self.request.path
        )
        if self.instance._state.adding:
            self.initial |= {"assigned_to": self.user.pk}
        self.initial |= chosen(self.request)

    @property
    def its_organization(self) -> Organization | None:
        """The one that the task belongs to, or will."""
        is_new = self.instance._state.adding
        return self.chosen_organization if is_new else self.instance.organization

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if "due_on" in self.changed_data and day < timezone.localdate():
            raise forms.ValidationError("Enter today or a day to come.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        user, organization = data.get("assigned_to"), self.its_organization
        if user and organization:
            if organization not in user.organizations:
                self.add_error(
                    "assigned_to", f"Choose an active user of {organization}, whose task this is."
                )
            elif not Client.objects.visible_to(user).filter(pk=self.instance.client_id).exists():
                self.add_error(
                    "assigned_to",
                    f"{user} cannot see this client. Choose a colleague who can.",
                )
        return data


class EditTaskForm(ConflictDetectingForm, TaskForm):
    """A task that two people may change at once."""
