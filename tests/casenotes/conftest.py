import pytest

from tests.casenotes.factories import CaseNoteFactory, ServiceTypeFactory
from tests.enrollments.conftest import john, shelter, stay, today

__all__ = ["john", "shelter", "stay", "today"]


@pytest.fixture
def bus_pass(harbor):
    return ServiceTypeFactory(organization=harbor, name="Bus pass")


@pytest.fixture
def counseling(harbor):
    return ServiceTypeFactory(organization=harbor, name="Counseling", unit="minutes")


@pytest.fixture
def note(stay, alice):
    """Alice's note about John, for Harbor's eyes."""
    return CaseNoteFactory(client=stay.client, created_by=alice, title="First visit")
