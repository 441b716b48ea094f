"""What time brings: assignments by their dates, papers, files about to expire, silence (10.1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cas.actions import notify_what_time_brings
from cas.actions.events import tell_of
from cas.models import Event, Notification
from enrollments.assignments import actions as assignments
from files.models import ClientFile, DocumentCheck
from tests.cas.conftest import TODAY
from tests.cas.factories import EventFactory
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import CaseAssignmentFactory
from tests.files.factories import file_of

TOMORROW = TODAY + timedelta(days=1)


def run(day=TODAY):
    return notify_what_time_brings(on=day)


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


def test_hand_over_of_a_later_day_is_passed_on_by_the_calendar(assigned, alice, bob, told):
    tell_of(EventFactory(enrollment=assigned.enrollment))
    assignments.hand_over(
        assignment=assigned, to=bob, organization=assigned.organization, on=TOMORROW, by=alice
    )
    run()
    assert told(alice) == ["referred"]
    run(TOMORROW)
    assert told(alice) == []
    assert sorted(told(bob)) == ["assigned", "referred"]


def test_work_taken_over_by_oneself_from_a_later_day_on_brings_what_is_unanswered(
    assigned, alice, bob, told
):
    tell_of(EventFactory(enrollment=assigned.enrollment))
    assignments.end_assignment(assignment=assigned, on=TOMORROW, by=alice)
    CaseAssignmentFactory(
        enrollment=assigned.enrollment, case_manager=bob, created_by=bob, begins_on=TOMORROW
    )
    run(TOMORROW)
    assert told(bob) == ["referred"]


def test_end_by_its_date_is_told(assigned, alice, bob, told):
    assignments.end_assignment(assignment=assigned, on=TOMORROW, by=bob)
    run()
    assert told(alice) == []
    run(TOMORROW)
    assert told(alice) == ["taken_off"]


# documents


def test_verified_paper_is_told_without_saying_which(
    assigned, alice, cass, cas_organization, john, told
):
    check = check_of(john, cass, cas_organization)
    assert run() == 1
    assert told(alice) == ["verified"]
    row = Notification.objects.get()
    assert (row.subject, row.event) == (f"check:{check.pk}", None)


def test_paper_of_long_ago_or_removed_is_no_news(assigned, alice, cass, cas_organization, john):
    check_of(john, cass, cas_organization)
    DocumentCheck.objects.update(date_created=timezone.now() - timedelta(days=16))
    check_of(john, cass, cas_organization).mark_deleted(by=cass)
    assert run() == 0


@pytest.mark.parametrize(("days", "told_kinds"), [(-1, []), (0, 1), (30, 1), (31, [])])
def test_file_is_told_in_its_last_thirty_days(assigned, alice, john, told, days, told_kinds):
    file_of(john, expires_on=TODAY + timedelta(days=days))
    run()
    assert told(alice) == (["expiring"] if told_kinds else [])


def test_expiring_file_is_told_once_and_again_after_its_date_changed(assigned, alice, john, told):
    file = file_of(john, expires_on=TODAY + timedelta(days=3))
    assert (run(), run(), run(TOMORROW)) == (1, 0, 0)
    file.expires_on += timedelta(days=1)
    file.save()
    assert run() == 1
    assert told(alice, handled_at=None) == ["expiring"]


@pytest.mark.parametrize("renewal", ["another date", "removed"])
def test_renewed_file_settles_what_was_told(assigned, alice, john, told, renewal):
    file = file_of(john, expires_on=TODAY + timedelta(days=3))
    run()
    if renewal == "removed":
        file.mark_deleted(by=alice)
    else:
        ClientFile.objects.update(expires_on=TODAY + timedelta(days=400))
    run()
    assert told(alice, handled_at=None) == []


def test_file_is_told_only_to_those_who_may_see_it(enrollment, alice, charlie, bridge, john, told):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    file_of(john, expires_on=TODAY, visibility="own")
    run()
    assert ("expiring" in told(alice), "expiring" in told(charlie)) == (True, False)


def test_file_of_a_client_without_case_manager_waits_for_one(enrollment, john, alice, told):
    file_of(john, expires_on=TODAY + timedelta(days=3))
    assert run() == 0
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice)
    assert run() == 1


# silence


@pytest.fixture
def silent(assigned):
    """The last record of John is an event of 60 days ago."""
    return EventFactory(enrollment=assigned.enrollment, event_date=TODAY - timedelta(days=60))


def test_client_without_a_record_for_sixty_days_is_told_once(silent, alice, told):
    assert (run(TODAY - timedelta(days=1)), run(), run(), run(TOMORROW)) == (0, 1, 0, 0)
    assert told(alice) == ["inactive"]


@pytest.mark.parametrize("record", ["event", "result", "note", "service"])
def test_any_record_breaks_the_silence(silent, john, record, told, alice):
    run()
    day = TODAY - timedelta(days=5)
    if record == "event":
        EventFactory(enrollment=silent.enrollment, event_date=day)
    elif record == "result":
        Event.objects.update(referral_result=1, result_date=day)
    elif record == "note":
        CaseNoteFactory(client=john, date=day)
    else:
        ServiceFactory(enrollment=silent.enrollment, date=day)
    run()
    assert told(alice, handled_at=None) == []
    run(day + timedelta(days=60))
    assert told(alice, handled_at=None) == ["inactive"]


def test_client_who_is_not_in_cas_is_not_inactive(assigned):
    assert run() == 0


def test_client_who_was_removed_from_the_queue_is_not_inactive(silent):
    EventFactory(
        enrollment=silent.enrollment, event_date=silent.event_date, kind="removed", event=None
    )
    assert run() == 0


def test_inactivity_may_be_switched_off(silent, settings):
    settings.CAS_INACTIVE_DAYS = 0
    assert run() == 0


def test_nothing_is_told_twice_however_often_it_runs(
    silent, assigned, john, cass, cas_organization
):
    check_of(john, cass, cas_organization)
    file_of(john, expires_on=TODAY)
    assert [run() for _ in range(3)] == [3, 0, 0]
    assert Notification.objects.count() == 3


def test_a_day_without_news_costs_few_queries(silent, django_assert_max_num_queries):
    run()
    with django_assert_max_num_queries(11):  # two of them look for clients who died
        run()
