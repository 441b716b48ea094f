"""What happened while nobody worked with the client is notified to who does next (10.1, ADR 12)."""

from datetime import timedelta

import pytest

from cas.actions.notify import notify_of_event
from cas.actions.scheduled import notify_scheduled
from enrollments.assignments import actions as assignments
from hud.choices.coordinated_entry import ReferralResult
from records.visibility import Visibility
from tests.cas.conftest import TODAY, assign
from tests.cas.factories import EventFactory

HOUR = timedelta(hours=1)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def later(time_machine):
    """A function that lets time pass."""
    return lambda passed=HOUR: time_machine.shift(passed)


@pytest.fixture
def refer(enrollment, cass, later):
    """A function that refers John, and an hour passes."""

    def refer(*, by=cass, **values):
        event = EventFactory(
            enrollment=enrollment,
            **({"event_date": TODAY, "created_by": by, "updated_by": by} | values),
        )
        notify_of_event(event, but=by)
        later()
        return event

    return refer


def test_who_is_assigned_next_is_notified(refer, enrollment, alice, bob, notified):
    refer()
    assign(enrollment, alice, by=alice)
    assert notified(alice) == ["referred"]
    assign(enrollment, bob, by=alice)
    assert notified(bob) == ["assigned"]  # by then somebody knew


def test_whose_work_begins_on_a_later_day_is_notified_then(refer, enrollment, alice, notified):
    refer()
    assign(enrollment, alice, by=alice, begins_on=TOMORROW)
    assert notify_scheduled(on=TODAY) == 0
    assert notify_scheduled(on=TOMORROW) == 1
    assert notify_scheduled(on=TOMORROW) == 0
    assert notified(alice) == ["referred"]


def test_what_its_case_manager_recorded_is_notified_to_nobody_later(
    refer, assigned, alice, bob, enrollment, notified
):
    refer(by=alice)
    assign(enrollment, bob, by=bob)
    assert notify_scheduled(on=TODAY) == 0
    assert notified(alice) == notified(bob) == []


def test_who_recorded_it_and_takes_the_client_on_knows_it(refer, enrollment, alice, notified):
    refer(by=alice)
    assign(enrollment, alice, by=alice)
    assert notified(alice) == []


def test_result_that_nobody_heard_is_notified_instead_of_the_event(
    refer, enrollment, alice, notified
):
    refer(referral_result=ReferralResult.ACCEPTED, result_date=TODAY)
    assign(enrollment, alice, by=alice)
    assert notified(alice) == ["accepted"]


def test_result_is_notified_after_the_one_who_heard_of_the_event_left(
    refer, assigned, cass, alice, bob, enrollment, notified, later
):
    later()
    event = refer()
    assignments.end_assignment(assignment=assigned, on=TODAY, by=alice)
    later()
    event.referral_result, event.result_date = ReferralResult.ACCEPTED, TODAY
    event.stamp(by=cass)
    event.save()
    notify_of_event(event, but=cass)
    later()
    assign(enrollment, bob, by=bob)
    assert notified(bob) == ["accepted", "referred"]  # the referral was passed on


def test_event_between_two_case_managers_is_notified_to_the_second(
    refer, assigned, alice, bob, enrollment, notified, later
):
    later()
    assignments.end_assignment(assignment=assigned, on=TODAY, by=alice)
    later()
    refer()
    assign(enrollment, bob, by=bob)
    assert notified(alice) == []
    assert notified(bob) == ["referred"]


def test_what_is_long_ago_is_not_recent(refer, enrollment, alice, notified, settings):
    refer(event_date=TODAY - timedelta(days=settings.CAS_RECENT_DAYS + 1))
    assign(enrollment, alice, by=alice)
    assert notified(alice) == []


def test_deleted_event_is_notified_to_nobody(refer, enrollment, cass, alice, notified):
    refer().mark_deleted(by=cass)
    assign(enrollment, alice, by=alice)
    assert notified(alice) == []


def test_only_who_may_see_the_event_is_notified(
    refer, enrollment, harbor, alice, charlie, bridge, notified
):
    refer(visibility=Visibility.OWN_ORGANIZATION)
    assign(enrollment, charlie, by=alice)
    assert notified(charlie) == ["assigned"]
