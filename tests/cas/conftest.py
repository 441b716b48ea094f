from datetime import date

import pytest

from cas.models import Notification
from enrollments.assignments import actions as assignments
from enrollments.models import CaseAssignment
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory

TODAY = date(2026, 3, 2)


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
def today(time_machine):
    """Noon in New York on a fixed day."""
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    return TODAY


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")


@pytest.fixture
def enrollment(today, john, shelter, alice):
    """John's open enrollment at Harbor's shelter since 5 January."""
    return EnrollmentFactory(client=john, project=shelter, created_by=alice)


@pytest.fixture
def assigned(enrollment, alice):
    """Alice is John's case manager."""
    return CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice)


@pytest.fixture
def notified(db):
    """A function that gives what a user has been notified: kinds, the newest first."""

    def kinds(user, **conditions):
        rows = Notification.objects.of(user).filter(**conditions)
        return [row.kind for row in rows]

    return kinds
