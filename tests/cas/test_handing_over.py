"""Assigned, unassigned, and what is unanswered goes to the new case manager (10.1, ADR 12)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cas.actions.assignments import assignments_written
from cas.actions.notify import notify_of_event
from cas.models import Notification
from enrollments import actions
from enrollments.actions import Departure
from enrollments.assignments import actions as assignments
from enrollments.models import CaseAssignment
from tests.cas.conftest import TODAY, assign
from tests.cas.factories import EventFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import MembershipFactory

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def referral(assigned):
    """An event of which Alice has been notified."""
    event = EventFactory(enrollment=assigned.enrollment)
    notify_of_event(event)
    return event


def hand_over(assignment, *, to, by, on=TODAY):
    return assignments.hand_over(
        assignment=assignment, to=to, organization=assignment.organization, on=on, by=by
    )


def test_who_is_assigned_by_somebody_else_is_notified(enrollment, alice, bob, notified):
    assign(enrollment, bob, by=alice)
    assert notified(bob) == ["assigned"]


def test_who_assigns_oneself_knows_it(enrollment, alice, notified):
    assign(enrollment, alice, by=alice)
    assert notified(alice) == []


def test_long_standing_assignment_is_not_recent(enrollment, alice, bob, notified, time_machine):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=bob, created_by=alice)
    CaseAssignment.objects.update(date_created=timezone.now() - timedelta(days=15))
    assignments_written(clients=[enrollment.client_id], by=alice)
    assert notified(bob) == []


def test_who_is_unassigned_by_somebody_else_is_notified(assigned, alice, bob, notified):
    assignments.end_assignment(assignment=assigned, on=TODAY, by=bob)
    assert notified(alice) == ["unassigned"]


def test_who_ends_the_own_work_knows_it(assigned, alice, notified):
    assignments.end_assignment(assignment=assigned, on=TODAY, by=alice)
    assert notified(alice) == []


def test_who_still_works_with_the_client_is_not_unassigned(assigned, alice, bob, john, notified):
    CaseAssignmentFactory(enrollment=EnrollmentFactory(client=john), case_manager=alice)
    assignments.end_assignment(assignment=assigned, on=TODAY, by=bob)
    assert "unassigned" not in notified(alice)


def test_hand_over_moves_what_is_unanswered(referral, assigned, alice, bob, notified):
    hand_over(assigned, to=bob, by=alice)
    assert notified(alice) == []
    assert sorted(notified(bob)) == ["assigned", "referred"]
    moved = Notification.objects.of(bob).get(kind="referred")
    assert (moved.event, moved.moved_at) == (referral, timezone.now())


@pytest.mark.parametrize("answer", ["opened_at", "dismissed_at"])
def test_hand_over_leaves_what_was_answered(referral, assigned, alice, bob, notified, answer):
    Notification.objects.update(**{answer: timezone.now()})
    hand_over(assigned, to=bob, by=alice)
    assert notified(alice) == ["referred"]
    assert notified(bob) == ["assigned"]


def test_snoozed_notification_is_unanswered_and_wakes_up_for_the_successor(
    referral, assigned, alice, bob
):
    later = timezone.now() + timedelta(days=3)
    Notification.objects.update(snoozed_until=later)
    hand_over(assigned, to=bob, by=alice)
    assert Notification.objects.of(bob).awake().filter(kind="referred").exists()


def test_own_assignment_is_notified_to_nobody_else(assigned, alice, bob, dana, notified):
    hand_over(assigned, to=bob, by=dana)
    assert notified(alice) == ["unassigned"]
    assert notified(bob) == ["assigned"]


def test_ending_and_adding_is_a_hand_over_too(referral, assigned, alice, bob, notified):
    assignments.end_assignment(assignment=assigned, on=TODAY, by=alice)
    assert notified(alice) == ["referred"]
    assert not Notification.objects.concerning(TODAY)
    assign(assigned.enrollment, bob, by=alice)
    assert notified(alice) == []
    assert "referred" in notified(bob)


def test_colleague_who_was_notified_already_gets_nothing_twice(
    assigned, alice, bob, enrollment, notified
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=bob, created_by=bob)
    notify_of_event(EventFactory(enrollment=enrollment))
    assignments.end_assignment(assignment=assigned, on=TODAY, by=alice)
    assert notified(alice) == ["referred"]
    assert notified(bob) == ["referred"]


def test_successor_who_was_notified_already_resolves_it(
    referral, assigned, alice, bob, john, notified
):
    other = EnrollmentFactory(client=john)
    CaseAssignmentFactory(enrollment=other, case_manager=bob, created_by=bob)
    notify_of_event(referral)
    hand_over(assigned, to=bob, by=alice)
    assert notified(bob, kind="referred") == ["referred"]
    assert notified(alice, resolved_at=None) == []


def test_hand_over_on_a_later_day_moves_then(referral, assigned, alice, bob, notified):
    hand_over(assigned, to=bob, by=alice, on=TOMORROW)
    assert notified(alice) == ["referred"]
    assert notified(bob) == []
    assignments_written(clients=[assigned.client_id], on=TOMORROW)
    assert notified(alice) == []
    assert sorted(notified(bob)) == ["assigned", "referred"]


def test_handing_back_brings_it_back(referral, assigned, alice, bob, notified):
    successor = hand_over(assigned, to=bob, by=alice)
    hand_over(successor, to=alice, by=bob)
    assert "referred" in notified(alice)
    assert notified(bob, resolved_at=None) == []


def test_exit_ends_assignments_and_undoing_it_resolves_what_was_notified(
    assigned, alice, dana, notified
):
    enrollment = assigned.enrollment
    departure = Departure(exit_date=TODAY)
    actions.exit_household(members=[enrollment], departure=departure, end_assignments=True, by=dana)
    assert notified(alice, resolved_at=None) == ["unassigned"]
    enrollment.refresh_from_db()
    actions.undo_exit(members=[enrollment], continue_assignments=True, by=dana)
    assert notified(alice, resolved_at=None) == []


def test_successor_gets_what_the_successor_may_see(
    assigned, alice, charlie, bridge, harbor, notified
):
    hidden = EventFactory(enrollment=assigned.enrollment, organization=harbor, visibility="own")
    shown = EventFactory(enrollment=assigned.enrollment)
    for event in (hidden, shown):
        notify_of_event(event)
    assignments.hand_over(assignment=assigned, to=charlie, organization=bridge, on=TODAY, by=alice)
    assert Notification.objects.of(charlie).get(kind="referred").event == shown
    assert Notification.objects.of(alice).get().event == hidden
    MembershipFactory(user=charlie, organization=harbor)
    assignments_written(clients=[assigned.client_id], by=alice)
    assert notified(alice) == []


def test_nothing_moves_to_a_successor_who_may_not_see_the_client(
    referral, assigned, john, alice, charlie, bridge, notified
):
    john.visibility = "own"
    john.save()
    assignments.hand_over(assignment=assigned, to=charlie, organization=bridge, on=TODAY, by=alice)
    assert notified(alice) == ["referred"]
    assert notified(charlie) == []


def test_own_enrollment_comes_before_others_of_the_client(
    referral, assigned, alice, bob, dana, john, notified
):
    assignments.end_assignment(assignment=assigned, on=TODAY, by=alice)
    CaseAssignmentFactory(
        enrollment=EnrollmentFactory(client=john, entry_date=TODAY),
        case_manager=dana,
        begins_on=TODAY,
    )
    CaseAssignmentFactory(enrollment=assigned.enrollment, case_manager=bob, begins_on=TODAY)
    assignments_written(clients=[john.pk], by=alice)
    assert "referred" in notified(bob)
