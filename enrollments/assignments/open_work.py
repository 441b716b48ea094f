"""Case assignments that somebody still has, for the officer who ends the access."""

from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from agencies.work import MOST, Work
from enrollments.models import CaseAssignment


def case_assignments(user: User, organizations: list[int]) -> list[Work]:
    """Return the open assignments for these organizations; each leads to Hand over."""
    rows = CaseAssignment.objects.open_work_of(user, organizations, timezone.localdate())
    return [
        Work(
            text=f"Client {row.client_id}, {row.enrollment.project}",
            url=reverse("enrollments:hand_over", args=[row.client_id, row.pk]),
        )
        for row in rows[: MOST + 1]
    ]
