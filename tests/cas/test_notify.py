"""Who is notified of an event, and that it is notified once (10.1)."""

from datetime import timedelta

import pytest

from cas.actions.notify import notify_of_event
from cas.models import Event, Kind, Notification
from tests.cas.conftest import TODAY
from tests.cas.factories import EventFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def referral(enrollment, cass, cas_organization):
    return EventFactory(enrollment=enrollment, organization=cas_organization, created_by=cass)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, Kind.REFERRED),
        ({"kind": "matched", "event": None}, Kind.REFERRED),
        ({"referral_result": 1}, Kind.ACCEPTED),
        ({"referral_result": 2}, Kind.REJECTED),
        ({"referral_result": 3}, Kind.REJECTED),
        ({"referral_result": 2, "no_show": True}, Kind.NO_SHOW),
        ({"event": 2, "prob_sol_div_rr_result": 0}, Kind.OUTCOME),
        ({"event": 5, "referral_case_manage_after": 1}, Kind.OUTCOME),
        ({"kind": "missing", "event": None}, Kind.DOCUMENTS_MISSING),
        ({"kind": "verified", "event": None}, Kind.DOCUMENTS_VERIFIED),
        ({"kind": "inactive", "event": None}, Kind.INACTIVITY),
        ({"kind": "removed", "event": None}, Kind.REMOVED),
    ],
)
def test_each_event_is_notified_by_its_kind(assigned, alice, notified, values, kind):
    notify_of_event(EventFactory(enrollment=assigned.enrollment, **values))
    assert notified(alice) == [kind]


def test_only_case_managers_whose_assignment_is_active_that_day_are_notified(
    enrollment, alice, bob, dana, charlie, referral, notified
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=bob, ends_on=TODAY)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=dana, begins_on=TOMORROW)
    CaseAssignmentFactory(enrollment=EnrollmentFactory(), case_manager=charlie)
    assert notify_of_event(referral) == [alice]
    assert [notified(user) for user in (alice, bob, dana, charlie)] == [["referred"], [], [], []]


def test_all_case_managers_are_notified_from_any_organization(
    enrollment, alice, charlie, bridge, referral
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    assert {user.first_name for user in notify_of_event(referral)} == {"Alice", "Charlie"}


def test_case_manager_of_two_enrollments_is_notified_once(
    assigned, alice, john, referral, notified
):
    CaseAssignmentFactory(enrollment=EnrollmentFactory(client=john), case_manager=alice)
    notify_of_event(referral)
    assert notified(alice) == ["referred"]


def test_who_recorded_it_is_not_notified(assigned, alice, referral, notified):
    assert notify_of_event(referral, but=alice) == []
    assert notified(alice) == []


def test_user_who_left_is_not_notified(assigned, alice, referral, notified):
    alice.is_active = False
    alice.save()
    assert notify_of_event(referral) == []


def test_only_those_are_notified_who_may_see_the_client(
    enrollment, john, alice, charlie, bridge, referral
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    john.visibility = "own"
    john.save()
    assert notify_of_event(referral) == [alice]


def test_only_those_are_notified_who_may_see_the_event(enrollment, alice, charlie, bridge, harbor):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    event = EventFactory(enrollment=enrollment, organization=harbor, visibility="own")
    assert notify_of_event(event) == [alice]


def test_notifying_twice_notifies_once(assigned, alice, referral, notified):
    assert notify_of_event(referral) == [alice]
    assert notify_of_event(referral) == []
    assert notified(alice) == ["referred"]


def test_result_is_notified_beside_the_referral(assigned, alice, referral, notified):
    notify_of_event(referral)
    referral.referral_result = 1
    notify_of_event(referral)
    assert notified(alice, resolved_at=None) == ["accepted", "referred"]


def test_corrected_result_resolves_what_was_notified_before_and_is_new_again_when_it_comes_back(
    assigned, alice, referral, notified
):
    for result in (1, 2):
        referral.referral_result = result
        notify_of_event(referral)
    assert notified(alice, resolved_at=None) == ["rejected"]
    Notification.objects.of(alice).update(dismissed_at=referral.date_created)
    referral.referral_result = 1
    assert notify_of_event(referral) == [alice]
    assert notified(alice, dismissed_at=None) == ["accepted"]


def test_removed_event_needs_no_answer_and_comes_back_with_it(assigned, alice, cass, referral):
    notify_of_event(referral)
    referral.mark_deleted(by=cass)
    assert not Notification.objects.unanswered()
    assert notify_of_event(referral) == []
    Event.with_deleted.get(pk=referral.pk).restore(by=cass)
    assert Notification.objects.unanswered().get().recipient == alice


def test_new_case_manager_is_notified_of_an_event_that_is_changed(assigned, alice, bob, referral):
    notify_of_event(referral)
    CaseAssignmentFactory(enrollment=assigned.enrollment, case_manager=bob)
    assert notify_of_event(referral) == [bob]
