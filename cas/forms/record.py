"""What forms of events and of assessments have in common: an enrollment, and a day within it."""

from typing import Any

from django.utils import timezone

from agencies.models import Project
from casenotes.enrollment_choices import only_open
from casenotes.forms.fields import RowChoiceField, RowsConflictForm
from enrollments.forms.choice import enrollment_label
from enrollments.models import Enrollment
from records.forms import RecordForm

MOST_LOCATIONS = 300  # offered while one types


class EnrollmentRecordForm(RecordForm):
    """A record of one of the client's enrollments.

    Args:
        enrollments: those that it may be recorded of, the newest first.
    """

    day_name = ""  # the field of its day
    location_name = ""  # the field of its place

    enrollment = RowChoiceField(
        label="Enrollment",
        blank="Choose the enrollment",
        required=True,
        error_messages={"required": "Choose the enrollment that it belongs to."},
    )

    def __init__(self, *args: Any, enrollments: list[Enrollment], **kwargs: Any):
        self.enrollments = enrollments
        super().__init__(*args, **kwargs)
        self.fields["enrollment"].offer(enrollments, enrollment_label)
        self.fields[self.location_name].widget.attrs["list"] = "cas-locations"
        if self.instance._state.adding:
            self.initial |= {
                self.day_name: timezone.localdate(),
                "enrollment": only_open(enrollments),
            }
        else:
            self.initial["enrollment"] = self.instance.enrollment

    @property
    def locations(self) -> list[str]:
        """Names of projects to choose from while typing."""
        return sorted({str(one) for one in Project.objects.all()[:MOST_LOCATIONS]})

    def check_day(self, *, until_exit: bool = True) -> None:
        """4.19, 4.20: within it. What a corrected exit or start left outside may stay."""
        row, name = self.instance, self.day_name
        day, enrollment = self.cleaned_data.get(name), self.cleaned_data.get("enrollment")
        if not day or not enrollment:
            return
        if row.pk and (getattr(row, name), row.enrollment_id) == (day, enrollment.pk):
            return
        first, last = enrollment.entry_date, enrollment.exit_date
        if day < first:
            self.add_error(name, f"Enter a day on or after the project start, {first:%m/%d/%Y}.")
        elif until_exit and last and day > last:
            self.add_error(name, f"Enter a day on or before the project exit, {last:%m/%d/%Y}.")


class EditEnrollmentRecordForm(RowsConflictForm):
    """Mixed into one of these, it changes a record that somebody else may have changed."""

    enrollments: list[Enrollment]

    def reload(self) -> "EditEnrollmentRecordForm":
        fresh = type(self.instance)._base_manager.get(pk=self.instance.pk)
        return type(self)(instance=fresh, enrollments=self.enrollments, request=self.request)
