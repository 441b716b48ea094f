"""John, his wife Mary and their child Grace at Harbor's shelter since 5 January."""

import pytest

from enrollments.models import Enrollment
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory


@pytest.fixture
def member_of(enrollment):
    """A function that puts somebody into John's household."""

    def add(first_name, relationship, **values):
        given = {
            "household": enrollment.household,
            "project": enrollment.project,
            "organization": enrollment.organization,
            "created_by": enrollment.created_by,
            "relationship_to_hoh": relationship,
        }
        client = values.pop("client", None) or ClientFactory(
            first_name=first_name, organization=enrollment.organization
        )
        return EnrollmentFactory(client=client, **(given | values))

    return add


@pytest.fixture
def mary(member_of):
    return member_of("Mary", 3)


@pytest.fixture
def household(enrollment, mary, child):
    return [enrollment, mary, child]


def now(enrollment, *names):
    row = Enrollment.objects.get(pk=enrollment.pk)
    return tuple(getattr(row, name) for name in names)
