"""Scheduled: assignments by their dates, documents, files about to expire, inactivity (10.1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cas.actions.notify import notify_of_event
from cas.actions.scheduled import notify_scheduled
from cas.models import Event, Notification
from clients.models import Release
from enrollments.assignments import actions as assignments
from files.models import ClientFile, DocumentCheck
from tests.cas.conftest import TODAY
from tests.cas.factories import EventFactory
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.consent.factories import ReleaseFactory
from tests.enrollments.factories import CaseAssignmentFactory
from tests.files.factories import file_of

TOMORROW = TODAY + timedelta(days=1)


def run(day=TODAY):
    return notify_scheduled(on=day)


def check_of(client, by, organization):
    check = DocumentCheck(
        client=client,
        organization=organization,
        checklist="disability",
        item="Disabling condition",
        acceptable_document="VA disability letter",
        visibility="own",
    )
    check.stamp(by=by)
    check.save()
    return check


# assignments


def test_hand_over_of_a_later_day_is_passed_on_by_the_calendar(assigned, alice, bob, notified):
    notify_of_event(EventFactory(enrollment=assigned.enrollment))
    assignments.hand_over(
        assignment=assigned, to=bob, organization=assigned.organization, on=TOMORROW, by=alice
    )
    run()
    assert notified(alice) == ["referred"]
    run(TOMORROW)
    assert notified(alice) == []
    assert sorted(notified(bob)) == ["assigned", "referred"]


def test_work_taken_over_by_oneself_from_a_later_day_on_brings_what_is_unanswered(
    assigned, alice, bob, notified
):
    notify_of_event(EventFactory(enrollment=assigned.enrollment))
    assignments.end_assignment(assignment=assigned, on=TOMORROW, by=alice)
    CaseAssignmentFactory(
        enrollment=assigned.enrollment, case_manager=bob, created_by=bob, begins_on=TOMORROW
    )
    run(TOMORROW)
    assert notified(bob) == ["referred"]


def test_end_by_its_date_is_notified(assigned, alice, bob, notified):
    assignments.end_assignment(assignment=assigned, on=TOMORROW, by=bob)
    run()
    assert notified(alice) == []
    run(TOMORROW)
    assert notified(alice) == ["unassigned"]


# documents


def test_verified_document_is_notified_without_saying_which(
    assigned, alice, cass, cas_organization, john, notified
):
    check = check_of(john, cass, cas_organization)
    assert run() == 1
    assert notified(alice) == ["verified"]
    row = Notification.objects.get()
    assert (row.subject, row.event) == (f"check:{check.pk}", None)


def test_document_of_long_ago_or_removed_is_not_recent(
    assigned, alice, cass, cas_organization, john
):
    check_of(john, cass, cas_organization)
    DocumentCheck.objects.update(date_created=timezone.now() - timedelta(days=16))
    check_of(john, cass, cas_organization).mark_deleted(by=cass)
    assert run() == 0


@pytest.mark.parametrize(("days", "kinds"), [(-1, []), (0, 1), (30, 1), (31, [])])
def test_file_is_notified_in_its_last_thirty_days(assigned, alice, john, notified, days, kinds):
    file_of(john, expires_on=TODAY + timedelta(days=days))
    run()
    assert notified(alice) == (["expiring"] if kinds else [])


def test_end_of_a_release_is_not_notified_as_that_of_its_file_too(assigned, alice, john, notified):
    ends_on = TODAY + timedelta(days=3)
    release = ReleaseFactory(client=john, kind=Release.Kind.UPLOADED, ends_on=ends_on)
    file_of(john, category="consent", release=release, expires_on=ends_on)
    run()
    assert notified(alice) == ["roi_ending"]


def test_expiring_file_is_notified_once_and_again_after_its_date_changed(
    assigned, alice, john, notified
):
    file = file_of(john, expires_on=TODAY + timedelta(days=3))
    assert (run(), run(), run(TOMORROW)) == (1, 0, 0)
    file.expires_on += timedelta(days=1)
    file.save()
    assert run() == 1
    assert notified(alice, resolved_at=None) == ["expiring"]


@pytest.mark.parametrize("renewal", ["another date", "removed"])
def test_renewed_file_resolves_what_was_notified(assigned, alice, john, notified, renewal):
    file = file_of(john, expires_on=TODAY + timedelta(days=3))
    run()
    if renewal == "removed":
        file.mark_deleted(by=alice)
    else:
        ClientFile.objects.update(expires_on=TODAY + timedelta(days=400))
    run()
    assert notified(alice, resolved_at=None) == []


def test_file_is_notified_only_to_those_who_may_see_it(
    enrollment, alice, charlie, bridge, john, notified
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    file_of(john, expires_on=TODAY, visibility="own")
    run()
    assert ("expiring" in notified(alice), "expiring" in notified(charlie)) == (True, False)


def test_file_of_a_client_without_case_manager_waits_for_one(enrollment, john, alice, notified):
    file_of(john, expires_on=TODAY + timedelta(days=3))
    assert run() == 0
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice)
    assert run() == 1


# inactivity


@pytest.fixture
def inactive(assigned):
    """The last record of John is an event of 60 days ago."""
    return EventFactory(enrollment=assigned.enrollment, event_date=TODAY - timedelta(days=60))


def test_client_without_a_record_for_sixty_days_is_notified_once(inactive, alice, notified):
    assert (run(TODAY - timedelta(days=1)), run(), run(), run(TOMORROW)) == (0, 1, 0, 0)
    assert notified(alice) == ["inactive"]


@pytest.mark.parametrize("record", ["event", "result", "note", "service"])
def test_any_record_breaks_the_inactivity(inactive, john, record, notified, alice):
    run()
    day = TODAY - timedelta(days=5)
    if record == "event":
        EventFactory(enrollment=inactive.enrollment, event_date=day)
    elif record == "result":
        Event.objects.update(referral_result=1, result_date=day)
    elif record == "note":
        CaseNoteFactory(client=john, date=day)
    else:
        ServiceFactory(enrollment=inactive.enrollment, date=day)
    run()
    assert notified(alice, resolved_at=None) == []
    run(day + timedelta(days=60))
    assert notified(alice, resolved_at=None) == ["inactive"]


def test_client_who_is_not_in_cas_is_not_inactive(assigned):
    assert run() == 0


def test_client_who_was_removed_from_the_queue_is_not_inactive(inactive):
    EventFactory(
        enrollment=inactive.enrollment, event_date=inactive.event_date, kind="removed", event=None
    )
    assert run() == 0


def test_inactivity_may_be_switched_off(inactive, settings):
    settings.CAS_INACTIVE_DAYS = 0
    assert run() == 0


def test_nothing_is_notified_twice_however_often_it_runs(
    inactive, assigned, john, cass, cas_organization
):
    check_of(john, cass, cas_organization)
    file_of(john, expires_on=TODAY)
    assert [run() for _ in range(3)] == [3, 0, 0]
    assert Notification.objects.count() == 3


def test_a_day_without_anything_new_costs_few_queries(inactive, django_assert_max_num_queries):
    run()
    with django_assert_max_num_queries(19):  # all is written in the transaction of this test
        run()
