from datetime import date

import pytest

from tests.enrollments.conftest import child, enrollment, john, shelter
from tests.factories import MembershipFactory, ProjectFactory, UserFactory

__all__ = ["child", "enrollment", "john", "shelter"]


@pytest.fixture
def hostel(bridge):
    return ProjectFactory(organization=bridge, project_name="Bridge Hostel")


@pytest.fixture
def both(dana, bridge):
    """Dana as the officer of two organizations."""
    MembershipFactory(user=dana, organization=bridge, role="dqo")
    return dana


@pytest.fixture
def boss(harbor):
    return UserFactory(email="admin@coc.example", is_superuser=True, is_staff=True)


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    return date(2026, 3, 2)
