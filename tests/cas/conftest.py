import pytest

from cas.models import Notification
from enrollments.assignments import actions as assignments
from enrollments.models import CaseAssignment
from tests.enrollments.conftest import (
    TODAY,
    assigned,
    child,
    enrollment,
    john,
    shelter,
    today,
)

__all__ = ["assigned", "child", "enrollment", "john", "shelter", "today"]  # fixtures


def assign(enrollment, user, *, by, **dates):
    """As the form of Add Case Assignment does it."""
    row = CaseAssignment(
        client=enrollment.client,
        enrollment=enrollment,
        case_manager=user,
        organization=user.organization_among(enrollment.organization),
    )
    for name, day in ({"begins_on": TODAY} | dates).items():
        setattr(row, name, day)
    return assignments.save_assignment(assignment=row, by=by)


@pytest.fixture
def notified(db):
    """A function that gives what a user has been notified: kinds, the newest first."""

    def kinds(user, **conditions):
        rows = Notification.objects.of(user).filter(**conditions)
        return [row.kind for row in rows]

    return kinds
