"""Two people at once: one result, and a clear sentence for the second."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from enrollments import actions
from enrollments.assignments import actions as assignments
from enrollments.family import actions as family
from enrollments.models import CaseAssignment, Enrollment, Household, HouseholdChange
from records.constraints import constraint_messages
from records.retries import again_if_rolled_back
from tests.enrollments.factories import START, CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory
from tests.waits import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 3, 2)


def refusals_at_once(*calls):
    """Do all of it at once; what was told to those who were refused."""
    outcomes = at_once(*calls, refusal=ValidationError)
    return [" ".join(one.messages) for one in outcomes if isinstance(one, ValidationError)]


@pytest.fixture
def enrollment(john, shelter, alice):
    return EnrollmentFactory(client=john, project=shelter, created_by=alice)


@constraint_messages()
def enroll(client, project, by):
    Enrollment.objects.create(
        household=Household.objects.create(),
        client=client,
        project=project,
        organization=project.organization,
        entry_date=DAY,
        relationship_to_hoh=1,
        created_by=by,
        updated_by=by,
    )


def test_two_enrolling_one_client_in_one_project_end_with_one_open_enrollment(
    harbor, shelter, alice, bob
):
    client = ClientFactory(organization=harbor)
    # Two rows that exclude each other may each wait for the other: one of them is tried again.
    refusals = refusals_at_once(
        lambda: again_if_rolled_back(lambda: enroll(client, shelter, alice)),
        lambda: again_if_rolled_back(lambda: enroll(client, shelter, bob)),
    )
    assert refusals == [
        "This client is already enrolled in this project on these dates. "
        "Exit or delete that enrollment first."
    ]
    assert Enrollment.objects.filter(exit_date=None).count() == 1
    assert Household.objects.count() == 1


def test_two_handing_over_end_with_one_successor(enrollment, harbor, alice, bob, dana):
    assignment = CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)

    def hand_over(to):
        return lambda: assignments.hand_over(
            assignment=assignment, to=to, organization=harbor, on=DAY, by=alice
        )

    refusals = refusals_at_once(hand_over(bob), hand_over(dana))
    assert refusals == ["This assignment has ended already."]
    assert CaseAssignment.objects.active_on(DAY).count() == 1
    assert CaseAssignment.objects.count() == 2


def test_two_changing_the_head_end_with_the_first_ones_head(enrollment, alice, bob):
    rows = [enrollment]
    for relationship in (3, 2):
        rows.append(
            EnrollmentFactory(
                client=ClientFactory(organization=enrollment.organization),
                household=enrollment.household,
                project=enrollment.project,
                relationship_to_hoh=relationship,
            )
        )

    def lead(place, by):
        codes = {one.pk: 1 if one is rows[place] else 4 for one in rows}
        return lambda: family.change_head(members=rows, relationships=codes, on=DAY, by=by)

    refusals = refusals_at_once(lead(1, alice), lead(2, bob))
    assert refusals == [family.CONCURRENT_CHANGE]
    assert Enrollment.objects.heads().count() == 1
    assert HouseholdChange.objects.count() == 1


def test_two_splitting_end_with_the_first_ones_household(enrollment, alice, bob):
    other = EnrollmentFactory(
        client=ClientFactory(organization=enrollment.organization),
        household=enrollment.household,
        project=enrollment.project,
        relationship_to_hoh=3,
    )

    def split(by):
        return lambda: family.split_household(
            members=[enrollment, other],
            going=[other.pk],
            relationships={enrollment.pk: 1, other.pk: 1},
            on=DAY,
            by=by,
        )

    assert refusals_at_once(split(alice), split(bob)) == [family.CONCURRENT_CHANGE]
    assert Household.objects.count() == 2


def test_two_exiting_end_with_the_first_ones_exit(enrollment, alice, bob):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)

    def leave(by, destination):
        departure = actions.Departure(exit_date=DAY, destination=destination)
        return lambda: actions.exit_household(
            members=[enrollment],
            departure=departure,
            end_assignments=True,
            by=by,
        )

    refusals = refusals_at_once(leave(alice, 410), leave(bob, 24))
    assert len(refusals) == 1
    assert "Somebody else changed an exit of this household in the meantime" in refusals[0]
    assert CaseAssignment.objects.get().ends_on == DAY


def test_exit_and_new_assignment_do_not_pass_each_other(enrollment, alice, bob):
    """The exit waits for an assignment that is being written, and is then refused by it."""
    written, go_on = threading.Event(), threading.Event()

    def assign():
        with transaction.atomic():
            CaseAssignmentFactory(
                enrollment=enrollment, case_manager=bob, begins_on=DAY, created_by=alice
            )
            written.set()
            go_on.wait(timeout=20)

    def leave():
        assert written.wait(timeout=20)
        threading.Timer(0.5, go_on.set).start()
        actions.exit_household(
            members=[enrollment],
            departure=actions.Departure(exit_date=date(2026, 2, 1), destination=410),
            end_assignments=False,
            by=alice,
        )

    refusals = refusals_at_once(assign, leave)
    assert refusals == ["The dates of a case assignment must lie within those of its enrollment."]
    enrollment.refresh_from_db()
    assert enrollment.exit_date is None
    assert CaseAssignment.objects.count() == 1


def test_failed_action_leaves_nothing_behind(enrollment, harbor, alice, bob):
    assignment = CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=bob)
    with pytest.raises(ValidationError):
        assignments.hand_over(assignment=assignment, to=bob, organization=harbor, on=DAY, by=alice)
    assert not transaction.get_connection().in_atomic_block
    assert set(CaseAssignment.objects.values_list("begins_on", "ends_on")) == {(START, None)}
