"""A day, a seal, and a family, for the folders that ask for them."""

from datetime import date

import pytest

from tests.consent.sealing import keys
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory

TODAY = date(2026, 3, 2)


@pytest.fixture
def today(time_machine):
    """Noon in New York on a fixed day."""
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    return TODAY


@pytest.fixture(scope="session")
def pair():
    return keys.pair()


@pytest.fixture
def seal(settings, pair):
    """The seal in use."""
    keys.use(settings, pair)
    settings.RELEASE_TIMESTAMP_URL = settings.RELEASE_TIMESTAMP_CERTIFICATES = ""
    return pair


@pytest.fixture
def family(harbor, alice):
    """John, who heads the household, Jane, his wife, and Jimmy, who turns 18 on May 6, 2028."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    own = {"organization": harbor, "created_by": alice}
    people = [
        ClientFactory(first_name="John", dob=date(1980, 5, 17), **own),
        ClientFactory(first_name="Jane", dob=date(1983, 2, 3), **own),
        ClientFactory(first_name="Jimmy", dob=date(2010, 5, 6), **own),
    ]
    head = EnrollmentFactory(client=people[0], project=shelter, created_by=alice)
    for client, relationship in zip(people[1:], (3, 2), strict=True):
        EnrollmentFactory(
            client=client,
            project=shelter,
            household=head.household,
            relationship_to_hoh=relationship,
            created_by=alice,
        )
    return people


@pytest.fixture
def john(family):
    return family[0]


@pytest.fixture
def jane(family):
    return family[1]


@pytest.fixture
def jimmy(family):
    return family[2]
