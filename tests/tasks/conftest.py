from datetime import date

import pytest

from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.tasks.factories import TaskFactory

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today(time_machine):
    """Noon in New York on a fixed day."""
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    return TODAY


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def enrollment(john, harbor, alice):
    """John's open enrollment at Harbor's shelter since 5 January."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    return EnrollmentFactory(client=john, project=shelter, created_by=alice)


@pytest.fixture
def assigned(enrollment, alice):
    """Alice is John's case manager."""
    return CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice)


@pytest.fixture
def task(john):
    """What Alice has to do for John."""
    return TaskFactory(client=john)
