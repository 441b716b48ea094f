"""An exit to Deceased: marked on every page, warned about, proposed for removal from the queue."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cas.actions.assignments import assignments_written
from cas.actions.scheduled import notify_scheduled
from cas.models import Event, Kind, Notification
from enrollments import actions
from enrollments.actions import Departure
from enrollments.models import Enrollment
from hud.choices import Destination
from tests.cas.conftest import TODAY
from tests.cas.factories import EventFactory
from tests.pages import opened, send

DECEASED = Departure(exit_date=TODAY, destination=Destination.DECEASED)


@pytest.fixture
def queued(assigned, cass):
    """John waits in the queue of Coordinated Access; Alice is his case manager."""
    return EventFactory(enrollment=assigned.enrollment, event_date=TODAY - timedelta(days=9))


def die(enrollment, *, by):
    (row,) = actions.exit_household(
        members=[enrollment], departure=DECEASED, end_assignments=True, by=by
    )
    return row


def proposed():
    rows = Notification.objects.unanswered().filter(kind=Kind.PROPOSED)
    return {row.recipient for row in rows}


def test_deletion_is_proposed_to_case_manager_and_cas_administrators(
    enrollment, queued, alice, bob, cass
):
    die(enrollment, by=bob)
    assert proposed() == {alice, cass}
    assert not Event.objects.filter(kind="removed").exists(), "nobody is removed by itself"


def test_who_recorded_the_death_is_not_notified_of_it(enrollment, queued, alice, cass):
    die(enrollment, by=alice)
    assert proposed() == {cass}


def test_client_who_is_in_no_queue_is_not_proposed(enrollment, assigned, bob, cass):
    die(enrollment, by=bob)
    assert proposed() == set()


@pytest.mark.parametrize("how", ["undone", "corrected", "deleted", "removed"])
def test_proposal_is_resolved_once_it_is_not_called_for(
    portal, enrollment, queued, alice, bob, how
):
    row = die(enrollment, by=bob)
    if how == "undone":
        actions.undo_exit(members=[row], continue_assignments=True, by=bob)
    elif how == "corrected":
        rental = Departure(exit_date=TODAY, destination=410)
        actions.exit_household(members=[row], departure=rental, end_assignments=True, by=bob)
    elif how == "deleted":
        queued.mark_deleted(by=bob)
        actions.delete_enrollments(members=[row], by=bob)
    else:
        send(
            portal(alice),
            reverse("cas:add_event", args=[enrollment.client_id]),
            what="removed",
            enrollment=enrollment.pk,
        )
    assert proposed() == set()


def test_exit_that_was_imported_is_proposed_by_the_command_once(enrollment, queued, alice, cass):
    Enrollment.objects.filter(pk=enrollment.pk).update(exit_date=TODAY, destination=24)
    for _ in range(2):
        notify_scheduled(on=TODAY)
    assert proposed() == {alice, cass}
    assert Notification.objects.filter(kind=Kind.PROPOSED).count() == 2


def test_proposal_leads_to_the_events_and_they_to_the_event_to_record(
    portal, enrollment, queued, bob, cass
):
    die(enrollment, by=bob)
    row = Notification.objects.get(recipient=cass, kind=Kind.PROPOSED)
    page = portal(cass).get(row.get_absolute_url(), follow=True)
    assert "is still in the queue" in page.text
    url = f"{reverse('cas:add_event', args=[enrollment.client_id])}?what=removed"
    assert url in page.text
    assert opened(portal(cass).get(url))["what"].value() == "removed"


def test_client_bar_marks_who_died_until_the_exit_is_undone(portal, enrollment, alice):
    desk = portal(alice)
    pages = [
        enrollment.client.get_absolute_url(),
        reverse("enrollments:enrollments", args=[enrollment.client_id]),
        reverse("cas:events", args=[enrollment.client_id]),
    ]
    row = die(enrollment, by=alice)
    assert all("Deceased · exit of 03/02/2026" in desk.get(url).text for url in pages)
    actions.undo_exit(members=[row], continue_assignments=True, by=alice)
    assert not any("Deceased ·" in desk.get(url).text for url in pages)


def test_mark_is_not_shown_to_who_may_not_see_the_exit(portal, enrollment, alice, charlie):
    die(enrollment, by=alice)
    Enrollment.objects.filter(pk=enrollment.pk).update(visibility="own")
    assert "Deceased ·" not in portal(charlie).get(enrollment.client.get_absolute_url()).text
    assert "Deceased ·" in portal(alice).get(enrollment.client.get_absolute_url()).text


def test_new_intake_warns_of_who_died(portal, enrollment, alice):
    die(enrollment, by=alice)
    page = portal(alice).get(reverse("enrollments:intakes"), {"client": enrollment.client_id})
    assert "This client is deceased by a recorded exit." in page.text


def test_mark_costs_no_query(portal, enrollment, alice, django_assert_num_queries):
    desk, url = portal(alice), enrollment.client.get_absolute_url()
    desk.get(url)
    with CaptureQueriesContext(connection) as before:
        desk.get(url)
    die(enrollment, by=alice)
    assignments_written(clients=[enrollment.client_id], by=alice)
    with django_assert_num_queries(len(before)):
        desk.get(url)
