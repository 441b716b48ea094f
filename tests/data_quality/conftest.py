from datetime import date

import pytest

from data_quality import background
from tests.enrollments.conftest import child, enrollment, john, shelter
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, ProjectFactory, UserFactory

OVERVIEW = "/admin/quality/"

__all__ = ["child", "enrollment", "john", "shelter"]


def count_all() -> int:
    """What `count_quality` does."""
    return background.run_all(step=lambda: None)


def overview_of(browser, query: str = ""):
    """The overview after the background has counted."""
    assert browser.get(OVERVIEW + query).status_code == 200
    count_all()
    return browser.get(OVERVIEW + query)


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


@pytest.fixture
def theirs(hostel, charlie, today):
    """An enrollment at Bridge House, as wrong as Harbor's."""
    client = ClientFactory(
        organization=hostel.organization, created_by=charlie, last_name="Bridger"
    )
    return EnrollmentFactory(client=client, project=hostel, created_by=charlie)
