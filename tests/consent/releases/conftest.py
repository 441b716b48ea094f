from datetime import date

import pytest

from agencies.models import SharingPolicy
from clients.models import Release
from consent.actions import Answer, record_release
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today(time_machine):
    """Noon in New York on a fixed day."""
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    return TODAY


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


@pytest.fixture
def policy(db):
    """A function that sets how much agencies share without a release."""

    def set_to(chosen: str) -> None:
        row = {"policy": chosen}
        SharingPolicy.objects.update_or_create(pk=SharingPolicy.ONLY, defaults=row)

    return set_to


@pytest.fixture
def answer(harbor, bob):
    """A function that gives what clients said to Alice before Bob, changed as a test wants it."""

    def said(**changed) -> Answer:
        usual = {
            "kind": Release.Kind.VERBAL,
            "organization": harbor,
            "answered_on": TODAY,
            "guardian_name": "John Smith",
            "witness": bob,
        }
        return Answer(**usual | changed)

    return said


@pytest.fixture
def released(john, answer, alice):
    """John's verbal release for all organizations, from today until it is revoked."""
    return record_release(clients=[john], answer=answer(), by=alice)[0]
