"""A household is listed in one order on every page: its head, then the oldest first."""

from datetime import date

import pytest
from django.urls import reverse

from enrollments.intake.draft.household import in_household_order
from enrollments.models import Enrollment
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory

# relationship, date of birth; in the order in which they were filed
FILED = [
    ("Child", 2, date(2015, 3, 1)),
    ("Unknown", 5, None),
    ("Head", 1, date(1990, 1, 1)),
    ("Grandmother", 4, date(1950, 1, 1)),
    ("Spouse", 3, date(1988, 1, 1)),
]
LISTED = ["Head", "Grandmother", "Spouse", "Child", "Unknown"]


@pytest.fixture
def family(today, harbor, shelter, alice):
    first = None
    for name, relationship, born in FILED:
        row = EnrollmentFactory(
            client=ClientFactory(
                first_name=name,
                organization=harbor,
                dob=born,
                dob_data_quality=1 if born else 99,
                created_by=alice,
            ),
            project=shelter,
            relationship_to_hoh=relationship,
            created_by=alice,
            **({"household": first.household} if first else {}),
        )
        first = first or row
    return list(Enrollment.objects.filter(household=first.household))


def test_query_and_draft_list_it_alike(family):
    rows = Enrollment.objects.of_household(family[0].household_id)
    assert [row.client.first_name for row in rows] == LISTED
    assert [one.client.first_name for one in in_household_order(family)] == LISTED


@pytest.mark.parametrize("name", ["exit", "delete_enrollment"])
def test_pages_that_pick_members_list_it_alike(portal, alice, family, name):
    child = next(one for one in family if one.client.first_name == "Child")
    page = portal(alice).get(reverse(f"enrollments:{name}", args=[child.client_id, child.pk]))
    form = page.context["form"]
    assert [one.client.first_name for one in form.candidates] == LISTED


def test_enrollment_page_and_list_show_it_alike(portal, alice, family):
    child = next(one for one in family if one.client.first_name == "Child")
    for url in (
        reverse("enrollments:enrollment", args=[child.client_id, child.pk]),
        reverse("enrollments:enrollments", args=[child.client_id]),
    ):
        page = portal(alice).get(url)
        listed = page.context.get("enrollment") or page.context["rows"][0][0]
        assert [one.client.first_name for one in listed.household.members] == LISTED
