"""One definition of an active assignment: its dates, its user, the user's access (R5.2, R5.5)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agencies.models import Membership
from agencies.models.user import User
from cas.actions.notify import case_managers
from data_quality.rules.catalog import RULES
from enrollments.assignments.caseload import caseload
from enrollments.models import CaseAssignment
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, UserFactory
from tests.pages import errors, messages, opened, send

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def assigned(enrollment, alice, bob):
    """Bob works with John for Harbor."""
    return CaseAssignmentFactory(enrollment=enrollment, case_manager=bob, created_by=alice)


def deactivate(user, harbor, bridge):
    user.is_active = False
    user.save()


def move(user, harbor, bridge):
    """Somebody leaves Harbor for another agency."""
    Membership.objects.filter(user=user, organization=harbor).delete()
    MembershipFactory(user=user, organization=bridge)


def end(user):
    (access,) = user.memberships.all()
    return reverse("admin:agencies_membership_delete", args=[access.pk])


def do_deactivate(user):
    return reverse("admin:agencies_user_do", args=[user.pk, "deactivate"])


def hand_over_page(user):
    return reverse("admin:agencies_user_hand_over", args=[user.pk])


def active():
    return [(one.case_manager, one.organization) for one in CaseAssignment.objects.active_on(TODAY)]


# the definition


@pytest.mark.parametrize("leave", [deactivate, move])
def test_whoever_has_no_access_has_no_active_assignment(
    portal, alice, bob, harbor, bridge, enrollment, assigned, leave
):
    assert case_managers(enrollment.client_id, TODAY) == [bob]
    leave(bob, harbor, bridge)
    row = CaseAssignment.objects.get(pk=assigned.pk)
    assert (row.is_active, row.status) == (False, "Inactive")
    assert not active()
    assert not case_managers(enrollment.client_id, TODAY)  # whom CAS notifies
    assert not caseload(User.objects.get(pk=bob.pk), TODAY)
    url = reverse("enrollments:case_managers", args=[enrollment.client_id])
    assert "no longer has access to Harbor Services" in portal(alice).get(url).text
    assert not portal(alice).get(url, {"show": "active"}).context["rows"]
    dashboard = portal(alice).get(reverse("clients:dashboard", args=[enrollment.client_id]))
    assert "No case manager is assigned now." in dashboard.text
    rule = next(rule for rule in RULES if rule.key == "without-case-manager")
    assert type(enrollment).objects.filter(rule.wrong(TODAY), pk=enrollment.pk).exists()


@pytest.mark.parametrize("leave", [deactivate, move])
def test_access_that_comes_back_makes_it_active_again(bob, harbor, bridge, assigned, leave):
    leave(bob, harbor, bridge)
    User.objects.filter(pk=bob.pk).update(is_active=True)
    Membership.objects.get_or_create(user=bob, organization=harbor)
    assert active() == [(bob, harbor)]


def test_administrator_needs_no_membership(harbor, enrollment):
    boss = UserFactory(is_superuser=True)
    row = CaseAssignmentFactory(enrollment=enrollment, case_manager=boss, access=False)
    assert active() == [(boss, harbor)]
    assert CaseAssignment.objects.get(pk=row.pk).is_active


@pytest.mark.parametrize("dates", [{}, {"ends_on": TODAY}, {"begins_on": TOMORROW}])
@pytest.mark.parametrize("has_access", [True, False])
def test_row_and_query_agree(enrollment, dates, has_access):
    row = CaseAssignmentFactory(enrollment=enrollment, access=has_access, **dates)
    row = CaseAssignment.objects.get(pk=row.pk)
    assert row.is_active == bool(active())
    assert CaseAssignment.objects.with_access().get(pk=row.pk).is_active == row.is_active


# ending an access


@pytest.mark.parametrize("url", [end, do_deactivate])
def test_ending_an_access_hands_the_open_work_over(portal, dana, alice, bob, harbor, assigned, url):
    future = CaseAssignmentFactory(
        enrollment=EnrollmentFactory(client=ClientFactory(organization=harbor)),
        case_manager=bob,
        begins_on=TOMORROW,
    )
    question = portal(dana).get(url(bob))
    assert f"Client {assigned.client_id}" in question.text
    assert {alice, dana} <= set(opened(question).fields["successor"].widget.offered)
    answer = portal(dana).post(url(bob), {"post": "yes", "successor": alice.pk}, follow=True)
    assert f"2 pieces of open work were handed over to {alice}." in messages(answer)
    assert active() == [(alice, harbor)]
    new = future.enrollment.case_assignments.exclude(pk=future.pk).get()
    assert (new.case_manager, new.begins_on, new.created_by) == (alice, TOMORROW, dana)
    assert not CaseAssignment.objects.open_work_of(bob, [harbor.pk], TODAY)
    bob.refresh_from_db()
    assert not (bob.is_active and bob.memberships.exists())


@pytest.mark.parametrize("url", [end, do_deactivate])
def test_open_work_may_be_left_for_later(portal, dana, bob, assigned, url):
    portal(dana).post(url(bob), {"post": "yes", "successor": ""})
    assigned.refresh_from_db()
    assert assigned.ends_on is None
    assert not active()


@pytest.mark.parametrize("url", [end, do_deactivate, hand_over_page])
def test_work_goes_to_nobody_without_access(portal, dana, bob, charlie, assigned, url):
    answer = portal(dana).post(url(bob), {"post": "yes", "successor": charlie.pk})
    assert "Choose an active user" in str(errors(answer)["successor"])
    bob.refresh_from_db()
    assert bob.is_active
    assert bob.memberships.exists()
    assert [one for one, _ in active()] == [bob]


def test_everything_is_handed_over_without_ending_the_access(
    portal, dana, alice, bob, bridge, assigned
):
    MembershipFactory(user=bob, organization=bridge)  # not for Dana alone to deactivate
    answer = send(portal(dana), hand_over_page(bob), successor=alice.pk, follow=True)
    assert messages(answer) == [f"1 piece of open work was handed over to {alice}."]
    assert [one for one, _ in active()] == [alice]
    assert "Nothing to hand over" in portal(dana).get(hand_over_page(bob)).text


def test_colleague_who_works_on_it_already_is_not_assigned_twice(
    portal, dana, alice, bob, enrollment, assigned
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    send(portal(dana), hand_over_page(bob), successor=alice.pk)
    assert [one for one, _ in active()] == [alice]


def test_assignment_of_an_exited_client_ends_with_the_exit(
    portal, dana, alice, bob, enrollment, assigned
):
    enrollment.exit_date, enrollment.destination = TODAY - timedelta(days=3), 410
    enrollment.save()
    send(portal(dana), hand_over_page(bob), successor=alice.pk)
    assigned.refresh_from_db()
    assert assigned.ends_on == enrollment.exit_date
    assert not CaseAssignment.objects.filter(case_manager=alice).exists()


def test_work_for_another_organization_stays(portal, dana, alice, bob, bridge, assigned):
    MembershipFactory(user=bob, organization=bridge)
    elsewhere = CaseAssignmentFactory(
        enrollment=EnrollmentFactory(organization=bridge), case_manager=bob
    )
    send(portal(dana), hand_over_page(bob), successor=alice.pk)
    elsewhere.refresh_from_db()
    assert elsewhere.ends_on is None


def test_officers_of_others_hand_nothing_over(portal, cass, alice, bob, assigned):
    assert portal(cass).get(hand_over_page(bob)).status_code == 404
    assert portal(cass).post(hand_over_page(bob), {"successor": alice.pk}).status_code == 404
    assert portal(alice).get(hand_over_page(bob)).status_code in {302, 403, 404}
    assert [one for one, _ in active()] == [bob]


# hand over offers those who can take it


def test_hand_over_offers_colleagues_and_not_the_one_who_has_it(portal, alice, bob, dana, assigned):
    url = reverse("enrollments:hand_over", args=[assigned.client_id, assigned.pk])
    form = opened(portal(bob).get(url))
    offered = list(form.fields["case_manager"].widget.offered)
    assert bob not in offered
    assert {alice, dana} <= set(offered)
    assert form["case_manager"].value() is None
