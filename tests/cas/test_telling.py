"""Who is told of an event, and that it is told once (10.1)."""

from datetime import timedelta

import pytest

from cas.actions.events import tell_of
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
def test_each_event_is_told_by_its_kind(assigned, alice, told, values, kind):
    tell_of(EventFactory(enrollment=assigned.enrollment, **values))
    assert told(alice) == [kind]


def test_only_case_managers_whose_assignment_is_active_that_day_are_told(
    enrollment, alice, bob, dana, charlie, referral, told
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=bob, ends_on=TODAY)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=dana, begins_on=TOMORROW)
    CaseAssignmentFactory(enrollment=EnrollmentFactory(), case_manager=charlie)
    assert tell_of(referral) == [alice]
    assert [told(user) for user in (alice, bob, dana, charlie)] == [["referred"], [], [], []]


def test_all_case_managers_are_told_from_any_organization(
    enrollment, alice, charlie, bridge, referral
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    assert {user.first_name for user in tell_of(referral)} == {"Alice", "Charlie"}


def test_case_manager_of_two_enrollments_is_told_once(assigned, alice, john, referral, told):
    CaseAssignmentFactory(enrollment=EnrollmentFactory(client=john), case_manager=alice)
    tell_of(referral)
    assert told(alice) == ["referred"]


def test_who_recorded_it_is_not_told(assigned, alice, referral, told):
    assert tell_of(referral, but=alice) == []
    assert told(alice) == []


def test_user_who_left_is_not_told(assigned, alice, referral, told):
    alice.is_active = False
    alice.save()
    assert tell_of(referral) == []


def test_only_those_are_told_who_may_see_the_client(
    enrollment, john, alice, charlie, bridge, referral
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    john.visibility = "own"
    john.save()
    assert tell_of(referral) == [alice]


def test_only_those_are_told_who_may_see_the_event(enrollment, alice, charlie, bridge, harbor):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    event = EventFactory(enrollment=enrollment, organization=harbor, visibility="own")
    assert tell_of(event) == [alice]


def test_telling_twice_tells_once(assigned, alice, referral, told):
    assert tell_of(referral) == [alice]
    assert tell_of(referral) == []
    assert told(alice) == ["referred"]


def test_result_is_told_beside_the_referral(assigned, alice, referral, told):
    tell_of(referral)
    referral.referral_result = 1
    tell_of(referral)
    assert told(alice, handled_at=None) == ["accepted", "referred"]


def test_corrected_result_settles_what_was_told_before_and_is_news_again_when_it_comes_back(
    assigned, alice, referral, told
):
    for result in (1, 2):
        referral.referral_result = result
        tell_of(referral)
    assert told(alice, handled_at=None) == ["rejected"]
    Notification.objects.of(alice).update(dismissed_at=referral.date_created)
    referral.referral_result = 1
    assert tell_of(referral) == [alice]
    assert told(alice, dismissed_at=None) == ["accepted"]


def test_removed_event_needs_no_answer_and_comes_back_with_it(assigned, alice, cass, referral):
    tell_of(referral)
    referral.mark_deleted(by=cass)
    assert not Notification.objects.unanswered()
    assert tell_of(referral) == []
    Event.with_deleted.get(pk=referral.pk).restore(by=cass)
    assert Notification.objects.unanswered().get().recipient == alice


def test_new_case_manager_is_told_of_an_event_that_is_changed(assigned, alice, bob, referral):
    tell_of(referral)
    CaseAssignmentFactory(enrollment=assigned.enrollment, case_manager=bob)
    assert tell_of(referral) == [bob]
