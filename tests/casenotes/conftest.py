import pytest

from tests.casenotes.factories import CaseNoteFactory, ServiceTypeFactory
from tests.enrollments.conftest import child, enrollment, john, shelter, today

__all__ = ["child", "enrollment", "john", "shelter", "today"]


@pytest.fixture
def bus_pass(harbor):
    return ServiceTypeFactory(organization=harbor, name="Bus pass")


@pytest.fixture
def counseling(harbor):
    return ServiceTypeFactory(organization=harbor, name="Counseling", unit="minutes")


@pytest.fixture
def note(enrollment, alice):
    """Alice's note about John, for Harbor's eyes."""
    return CaseNoteFactory(client=enrollment.client, created_by=alice, title="First visit")
