"""An enrollment to choose from a list."""

from django import forms

from enrollments.models import Enrollment


def enrollment_label(enrollment: Enrollment) -> str:
    """The dates, and then the project: on a phone a list cuts off the end of a long name."""
    end = f"to {enrollment.exit_date:%m/%d/%Y}" if enrollment.exit_date else "open"
    return f"{enrollment.entry_date:%m/%d/%Y}, {end} · {enrollment.project}"


class EnrollmentField(forms.ModelChoiceField):
    label_from_instance = staticmethod(enrollment_label)  # type: ignore[assignment]
