from datetime import date

import pytest

from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory

TODAY = date(2026, 3, 2)


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
def child(enrollment, john):
    """Grace, who entered with John."""
    return EnrollmentFactory(
        household=enrollment.household,
        project=enrollment.project,
        client=ClientFactory(first_name="Grace", organization=john.organization),
        relationship_to_hoh=2,
        created_by=enrollment.created_by,
    )
