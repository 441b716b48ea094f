"""Things that happen to one client at the same moment do not miss each other (ADR 12)."""

import threading

import pytest
from django.db import transaction
from django.utils import timezone

from cas.actions import notify
from cas.actions.scheduled import notify_scheduled
from cas.models import Notification
from enrollments.assignments import actions as assignments
from tests.cas.factories import EventFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.waits import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enrollment(john, shelter, alice):
    return EnrollmentFactory(client=john, project=shelter, created_by=alice)


@pytest.fixture
def assigned(enrollment, alice):
    return CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice)


def hand_over(assignment, to):
    assignments.hand_over(
        assignment=assignment,
        to=to,
        organization=assignment.organization,
        on=timezone.localdate(),
        by=assignment.case_manager,
    )


def test_event_that_is_notified_during_a_hand_over_reaches_the_successor(
    assigned, alice, bob, monkeypatch
):
    """Alice is looked up, Bob takes over, and only then Alice's notification is written."""
    event = EventFactory(enrollment=assigned.enrollment)
    looked_up, taken_over = threading.Event(), threading.Event()
    notify_case_managers = notify.notify_case_managers

    def notify_slowly(subject, **options):
        write = notify.notify

        def write_late(pairs):
            pairs = list(pairs)
            looked_up.set()
            taken_over.wait(timeout=1)  # the hand-over has to wait for this transaction
            return write(pairs)

        monkeypatch.setattr(notify, "notify", write_late)
        return notify_case_managers(subject, **options)

    monkeypatch.setattr(notify, "notify_case_managers", notify_slowly)

    def record():
        with transaction.atomic():
            notify.notify_of_event(event)

    def take_over():
        looked_up.wait(timeout=20)
        hand_over(assigned, bob)
        taken_over.set()

    at_once(record, take_over)
    assert Notification.objects.get(kind="referred").recipient == bob


def test_two_notifying_the_same_at_once_notify_it_once(assigned, alice):
    event = EventFactory(enrollment=assigned.enrollment)

    def record():
        with transaction.atomic():
            notify.notify_of_event(event)

    at_once(record, record, record)
    assert Notification.objects.get().recipient == alice


def test_two_runs_of_the_command_at_once_notify_everything_once(assigned, enrollment, alice, bob):
    CaseAssignmentFactory(
        enrollment=enrollment,
        case_manager=bob,
        created_by=alice,
        begins_on=timezone.localdate(),
    )

    def run():
        notify_scheduled(on=timezone.localdate())

    at_once(run, run)
    assert Notification.objects.get(kind="assigned").recipient == bob
