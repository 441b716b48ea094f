"""Open tasks go along with the work, or are shown where it ends."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.work import hand_over_work, open_work
from cas.models import Notification
from enrollments.assignments import actions as assignments
from enrollments.assignments.hand_over import hand_over_several
from enrollments.listeners import HandOver
from records.models import Visibility
from tasks.actions import hand_over_tasks
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, UserFactory
from tests.tasks.conftest import TODAY
from tests.tasks.factories import TaskFactory


def hand_over(assignment, *, to, by, on=TODAY):
    return assignments.hand_over(
        assignment=assignment, to=to, organization=assignment.organization, on=on, by=by
    )


@pytest.fixture
def of_enrollment(john, enrollment):
    return TaskFactory(client=john, enrollment=enrollment, text="Of the enrollment")


@pytest.fixture
def of_client(john):
    return TaskFactory(client=john, text="Of the client")


def whose(*tasks):
    for task in tasks:
        task.refresh_from_db()
    return [task.assigned_to for task in tasks]


def test_open_tasks_go_to_the_new_case_manager(assigned, of_enrollment, of_client, alice, bob):
    hand_over(assigned, to=bob, by=alice)
    assert whose(of_enrollment, of_client) == [bob, bob]
    assert Notification.objects.of(bob).filter(kind="task").count() == 2


def test_tasks_go_along_with_several_clients_at_once(assigned, of_client, alice, bob, harbor):
    other = EnrollmentFactory(
        client=ClientFactory(organization=harbor, created_by=alice), created_by=alice
    )
    CaseAssignmentFactory(enrollment=other, case_manager=bob, created_by=alice)
    ended = CaseAssignmentFactory(enrollment=other, case_manager=alice, created_by=alice)
    of_other = TaskFactory(client=other.client, enrollment=other)
    elsewhere = TaskFactory(client=ClientFactory(organization=harbor), created_by=alice)
    hand_over_several(
        assignments=[assigned.pk, ended.pk], to=bob, organization=harbor, on=TODAY, by=alice
    )
    assert whose(of_client, of_other, elsewhere) == [bob, bob, alice]


def test_tasks_that_are_done_and_those_of_others_stay(assigned, john, alice, bob, dana):
    did = TaskFactory(client=john)
    did.mark_done(by=alice)
    of_dana = TaskFactory(client=john, assigned_to=dana)
    elsewhere = TaskFactory(client=ClientFactory(organization=john.organization), created_by=alice)
    hand_over(assigned, to=bob, by=alice)
    assert whose(did, of_dana, elsewhere) == [alice, dana, alice]


def test_tasks_of_the_client_stay_with_who_goes_on_working(assigned, of_client, alice, bob, john):
    other = EnrollmentFactory(client=john, created_by=alice)
    CaseAssignmentFactory(enrollment=other, case_manager=alice, created_by=alice)
    of_other = TaskFactory(client=john, enrollment=other)
    hand_over(assigned, to=bob, by=alice)
    assert whose(of_client, of_other) == [alice, alice]


def test_what_is_due_before_the_hand_over_stays(assigned, john, alice, bob):
    before = TaskFactory(client=john, due_on=TODAY + timedelta(days=2))
    after = TaskFactory(client=john, due_on=TODAY + timedelta(days=3))
    hand_over(assigned, to=bob, by=alice, on=TODAY + timedelta(days=3))
    assert whose(before, after) == [alice, bob]


def test_overdue_tasks_go_along_with_work_that_goes_today(assigned, john, alice, bob):
    late = TaskFactory(client=john, due_on=TODAY - timedelta(days=9))
    hand_over(assigned, to=bob, by=alice)
    assert whose(late) == [bob]


def test_tasks_do_not_go_to_another_organization(assigned, of_enrollment, alice, charlie):
    hand_over(assigned, to=charlie, by=alice)
    assert whose(of_enrollment) == [alice]


def test_many_clients_go_in_as_many_statements_as_one(harbor, alice, bob, dana, settings):
    settings.TASK_LISTENERS = []
    assert bob.access  # read once a request
    assert dana.access

    def given(many: int) -> list[HandOver]:
        rows = [TaskFactory(client=ClientFactory(organization=harbor)) for _ in range(many)]
        enrollments = [EnrollmentFactory(client=row.client) for row in rows]
        TaskFactory(client=rows[0].client, assigned_to=alice)
        return [HandOver(one.client_id, one.pk, alice.pk, bob, TODAY) for one in enrollments]

    counts = []
    for hand_overs in (given(1), given(7)):
        with CaptureQueriesContext(connection) as captured:
            assert hand_over_tasks(hand_overs=hand_overs, by=dana) == 1
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["hand_over", "end_case_assignment"])
def test_open_tasks_are_shown_where_work_ends(portal, assigned, of_client, bob, john, page):
    of_bob = TaskFactory(client=john, assigned_to=bob, text="Something for Bob")
    html = portal(bob).get(reverse(f"enrollments:{page}", args=[john.pk, assigned.pk])).text
    assert of_client.text in html
    assert of_bob.text not in html


def test_officer_sees_open_tasks_before_access_ends(of_client, alice, harbor, bridge):
    (work,) = open_work(alice, [harbor.pk])
    assert work.text == f"Task for client {of_client.client_id}, due 03/09/2026"
    assert open_work(alice, [bridge.pk]) == []


def test_officer_hands_all_of_it_over(assigned, of_client, of_enrollment, alice, bob, dana, harbor):
    many = hand_over_work(user=alice, organizations=[harbor.pk], to=bob, by=dana)
    assert many == 3  # a case assignment and two tasks
    assert whose(of_client, of_enrollment) == [bob, bob]
    assert open_work(alice, [harbor.pk]) == []


def test_tasks_stay_where_the_colleague_has_no_access(of_client, alice, charlie, dana, harbor):
    hand_over_work(user=alice, organizations=[harbor.pk], to=charlie, by=dana)
    assert whose(of_client) == [alice]


def test_tasks_of_a_client_out_of_sight_stay(harbor, bridge, dana):
    both = UserFactory(at=[harbor, bridge])
    restricted = ClientFactory(organization=bridge, visibility=Visibility.OWN_ORGANIZATION)
    task = TaskFactory(client=restricted, organization=harbor, assigned_to=both)
    colleague = UserFactory(at=[harbor])
    hand_over_work(user=both, organizations=[harbor.pk], to=colleague, by=dana)
    assert whose(task) == [both]


def test_tasks_of_an_organization_where_the_giver_has_no_rights_stay(
    assigned, john, alice, bob, bridge
):
    MembershipFactory(user=bob, organization=bridge)
    task = TaskFactory(client=john, organization=bridge, assigned_to=alice)
    hand_over(assigned, to=bob, by=alice)
    assert whose(task) == [alice]


def test_all_clients_are_locked_before_anything_is_handed_over(
    assigned, of_client, alice, bob, dana, harbor
):
    other = TaskFactory(client=ClientFactory(organization=harbor), created_by=alice)
    with CaptureQueriesContext(connection) as seen:
        hand_over_work(user=alice, organizations=[harbor.pk], to=bob, by=dana)
    (first, *_) = [
        one["sql"]
        for one in seen
        if "FOR NO KEY UPDATE" in one["sql"] or " FOR UPDATE" in one["sql"]
    ]
    assert "clients_client" in first
    assert {str(assigned.client_id), str(other.client_id)} <= set(re.findall(r"\d+", first))
