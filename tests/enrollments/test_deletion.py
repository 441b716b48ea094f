"""An enrollment that should never have been filed is deleted with all in it, and restored."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cas.models import Event, Notification
from casenotes.models import CaseNote, Service
from clients.models import Client
from enrollments import actions
from enrollments.actions import deletion
from enrollments.listeners import assignments_written
from enrollments.models import (
    CaseAssignment,
    CurrentLivingSituation,
    Disability,
    EmploymentEducation,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
    YouthEducationStatus,
)
from records.models import Visibility
from tests.cas.factories import EventFactory
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    DisabilityFactory,
    EmploymentEducationFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
    YouthEducationStatusFactory,
)
from tests.factories import UserFactory
from tests.pages import errors, messages, send

PARTS = [
    *(CaseAssignment, CurrentLivingSituation, Disability, HealthAndDV, IncomeBenefits),
    *(EmploymentEducation, YouthEducationStatus),
]


@pytest.fixture
def filed(enrollment, alice):
    """One row of everything that is filed in an enrollment's own pages."""
    return [
        CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice),
        CurrentLivingSituationFactory(enrollment=enrollment),
        DisabilityFactory(enrollment=enrollment),
        HealthAndDVFactory(enrollment=enrollment),
        IncomeBenefitsFactory(enrollment=enrollment),
        EmploymentEducationFactory(enrollment=enrollment),
        YouthEducationStatusFactory(enrollment=enrollment),
    ]


def delete_of(enrollment):
    return reverse("enrollments:delete_enrollment", args=[enrollment.client_id, enrollment.pk])


def restore_of(enrollment):
    return reverse("enrollments:restore_enrollment", args=[enrollment.client_id, enrollment.pk])


def present(model=Enrollment):
    return set(model.objects.values_list("pk", flat=True))


def test_every_part_of_an_enrollment_is_filed_here(filed):
    assert [type(row) for row in filed] == PARTS
    assert set(deletion.parts()) == set(PARTS)


def test_enrollment_goes_with_all_that_is_in_it_and_comes_back_with_it(
    portal, alice, enrollment, filed
):
    earlier = IncomeBenefitsFactory(enrollment=enrollment, data_collection_stage=2)
    earlier.mark_deleted(by=alice, at=timezone.now() - timedelta(days=1))
    other = CaseAssignmentFactory(enrollment=EnrollmentFactory(client=enrollment.client))
    browser = portal(alice)
    page = send(browser, delete_of(enrollment), follow=True)
    assert messages(page) == ["Enrollment of 1 member deleted."]
    assert present() == {other.enrollment_id}
    for row in filed:
        row.refresh_from_db()
        assert (row.deleted_by, row.updated_by) == (alice, alice)
    assert present(CaseAssignment) == {other.pk}
    assert [row.pk for row in page.context["deleted"]] == [enrollment.pk]

    page = browser.post(restore_of(enrollment), follow=True)
    assert messages(page) == ["Enrollment restored."]
    assert present() == {enrollment.pk, other.enrollment_id}
    for row in filed:
        assert row.pk in present(type(row))
    assert earlier.pk not in present(IncomeBenefits)  # it was deleted before
    assert not page.context["deleted"]


def test_second_click_finds_it_done(portal, alice, enrollment):
    browser = portal(alice)
    send(browser, delete_of(enrollment))
    assert browser.get(delete_of(enrollment)).status_code == 404
    for _ in range(2):
        assert browser.post(restore_of(enrollment)).status_code == 302
    assert present() == {enrollment.pk}


@pytest.mark.parametrize("who", ["author", "officer", "administrator"])
def test_who_filed_it_or_manages_its_organization_deletes_it(portal, alice, dana, enrollment, who):
    users = {
        "author": lambda: alice,
        "officer": lambda: dana,
        "administrator": lambda: UserFactory(is_superuser=True),
    }
    send(portal(users[who]()), delete_of(enrollment))
    assert present() == set()


def test_colleague_sees_no_button_and_is_refused(portal, alice, bob, enrollment, harbor):
    browser = portal(bob)
    for page in (
        enrollment.get_absolute_url(),
        reverse("enrollments:enrollments", args=[enrollment.client_id]),
    ):
        assert delete_of(enrollment) not in browser.get(page).text
        assert delete_of(enrollment) in portal(alice).get(page).text
    for answer in (
        browser.get(delete_of(enrollment)),
        browser.post(delete_of(enrollment), {"members": enrollment.pk}),
    ):
        assert answer.status_code == 403
    actions.delete_enrollments(members=[enrollment], by=alice)
    assert portal(bob).post(restore_of(enrollment)).status_code == 403
    assert present() == set()


def test_author_who_left_the_organization_is_refused(portal, enrollment, bridge):
    enrollment.created_by.memberships.update(organization=bridge)
    author = type(enrollment.created_by).objects.get(pk=enrollment.created_by_id)
    assert portal(author).get(delete_of(enrollment)).status_code == 403


def test_other_agency_does_not_find_what_is_not_shared(portal, alice, charlie, enrollment):
    assert portal(charlie).get(delete_of(enrollment)).status_code == 403
    enrollment.visibility = Visibility.OWN_ORGANIZATION
    enrollment.save()
    assert portal(charlie).get(delete_of(enrollment)).status_code == 404
    actions.delete_enrollments(members=[enrollment], by=alice)
    assert portal(charlie).post(restore_of(enrollment)).status_code == 404


def test_whole_household_is_ticked_for_its_head_and_nobody_else_for_a_member(
    portal, alice, enrollment, child
):
    browser = portal(alice)
    for row, ticked in ((enrollment, [enrollment.pk, child.pk]), (child, [child.pk])):
        form = browser.get(delete_of(row)).context["form"]
        assert [pk for pk, _ in form.fields["members"].choices] == [enrollment.pk, child.pk]
        assert form["members"].value() == ticked


def test_household_goes_together_and_comes_back_from_any_of_its_members(
    portal, alice, enrollment, child
):
    browser = portal(alice)
    page = send(browser, delete_of(enrollment), follow=True)
    assert messages(page) == ["Enrollment of 2 members deleted."]
    assert present() == set()
    browser.post(restore_of(child))
    assert present() == {enrollment.pk, child.pk}


def test_member_goes_alone_and_comes_back_alone(portal, alice, enrollment, child, time_machine):
    browser = portal(alice)
    send(browser, delete_of(child), follow=True)
    assert present() == {enrollment.pk}
    time_machine.shift(timedelta(minutes=1))
    send(browser, delete_of(enrollment), follow=True)
    answer = browser.post(restore_of(child), follow=True)
    assert messages(answer) == [f"It was not restored. {deletion.STILL_HEADLESS}"]
    assert present() == set()
    browser.post(restore_of(enrollment))
    assert present() == {enrollment.pk}
    browser.post(restore_of(child))
    assert present() == {enrollment.pk, child.pk}


def test_head_does_not_leave_the_others_without_one(portal, alice, enrollment, child):
    answer = send(portal(alice), delete_of(enrollment), members=[enrollment.pk])
    assert errors(answer) == {"__all__": [deletion.HEADLESS]}
    change_head = reverse("enrollments:change_head", args=[enrollment.client_id, enrollment.pk])
    assert f'<a href="{change_head}">Change Head of Household</a>' in answer.text
    assert present() == {enrollment.pk, child.pk}


def test_nobody_ticked_is_said(portal, alice, enrollment):
    answer = send(portal(alice), delete_of(enrollment), members=None)
    assert errors(answer) == {"members": ["Tick at least one member."]}


def test_enrollment_of_another_household_cannot_be_named(portal, alice, enrollment):
    other = EnrollmentFactory(organization=enrollment.organization, created_by=alice)
    answer = send(portal(alice), delete_of(enrollment), members=[other.pk])
    assert list(errors(answer)) == ["members"]
    assert other.pk in present()


@pytest.mark.parametrize(
    ("record", "kind", "list_page"),
    [
        (CaseNoteFactory, "case notes", "casenotes:notes"),
        (ServiceFactory, "services", "casenotes:services"),
        (EventFactory, "events", "cas:events"),
    ],
)
def test_what_others_recorded_on_it_stands_in_the_way(
    portal, dana, enrollment, record, kind, list_page
):
    row = (
        record(enrollment=enrollment)
        if record is not CaseNoteFactory
        else record(client=enrollment.client, enrollment=enrollment)
    )
    browser = portal(dana)
    page = browser.get(delete_of(enrollment))
    assert f"There are {kind} on this enrollment." in page.text
    assert f'<a href="{reverse(list_page, args=[enrollment.client_id])}">' in page.text
    answer = browser.post(delete_of(enrollment), {"members": enrollment.pk})
    assert answer.status_code == 200
    assert present() == {enrollment.pk}
    row.mark_deleted(by=dana)
    send(browser, delete_of(enrollment))
    assert present() == set()


@pytest.mark.parametrize("record", [CaseNoteFactory, ServiceFactory, EventFactory])
def test_what_is_not_seen_stands_in_nobodys_way_and_stays(
    portal, alice, bridge, enrollment, record
):
    """R16.2: that it is refused would tell that another agency has something there."""
    own = {
        "organization": bridge,
        "visibility": "own",
        "enrollment": enrollment,
        "client": enrollment.client,
    }
    row = record(**own)
    browser = portal(alice)
    assert "on this enrollment" not in browser.get(delete_of(enrollment)).text
    before = type(row).objects.filter(pk=row.pk).values().get()
    assert messages(send(browser, delete_of(enrollment), follow=True)) == [
        "Enrollment of 1 member deleted."
    ]
    assert type(row).objects.filter(pk=row.pk).values().get() == before
    user = UserFactory(at=[bridge])
    assert type(row).objects.visible_to(user).filter(pk=row.pk).exists()


def test_head_goes_where_only_members_stay_who_are_not_seen(
    portal, alice, bridge, enrollment, child
):
    """The child was enrolled by Harbor, and is restricted to Bridge House since."""
    Client.objects.filter(pk=child.client_id).update(organization=bridge, visibility="own")
    browser = portal(alice)
    assert messages(send(browser, delete_of(enrollment), follow=True)) == [
        "Enrollment of 1 member deleted."
    ]
    connection.check_constraints()
    assert present() == {child.pk}
    child.refresh_from_db()
    assert (child.is_exempt, child.relationship_to_hoh) == (True, 2)
    browser.post(restore_of(enrollment))
    connection.check_constraints()
    assert present() == {enrollment.pk, child.pk}


def test_kinds_are_listed():
    kinds = [CaseNote, Service, Event]
    assert "There are case notes, services and events on" in deletion.in_the_way(kinds)
    assert "There are services on" in deletion.in_the_way([Service])


def test_kinds_that_can_stand_in_the_way_name_the_page_that_lists_them():
    others = [one for one in deletion.hanging_on_enrollments() if one not in deletion.parts()]
    assert others
    assert [reverse(one.list_page, args=[1]) for one in others]


def test_records_of_another_member_are_linked_too(portal, dana, enrollment, child):
    ServiceFactory(enrollment=child)
    browser = portal(dana)
    answer = send(browser, delete_of(enrollment), members=[enrollment.pk, child.pk])
    assert "There are services on this enrollment." in answer.text
    services = reverse("casenotes:services", args=[child.client_id])
    assert f'<a href="{services}">' in answer.text


def test_page_that_was_opened_by_its_address_is_not_sent_to_a_pop_up(portal, alice, enrollment):
    """The pop-up showed the form over the page, which had it too."""
    browser = portal(alice)
    assert 'hx-target="#dialog"' not in browser.get(delete_of(enrollment)).text
    pop_up = browser.get(delete_of(enrollment), headers={"HX-Request": "true"})
    assert 'hx-target="#dialog"' in pop_up.text


def test_enrollment_that_was_filed_again_keeps_the_old_one_out(portal, alice, enrollment):
    browser = portal(alice)
    send(browser, delete_of(enrollment), follow=True)
    again = EnrollmentFactory(
        client=enrollment.client, project=enrollment.project, created_by=alice
    )
    answer = browser.post(restore_of(enrollment), follow=True)
    (sentence,) = messages(answer)
    assert "This client is already enrolled in this project on these dates." in sentence
    assert present() == {again.pk}


def test_what_somebody_else_deleted_meanwhile_is_said(alice, dana, enrollment):
    actions.delete_enrollments(members=[enrollment], by=dana)
    with pytest.raises(ValidationError, match="in the meantime"):
        actions.delete_enrollments(members=[enrollment], by=alice)


def test_case_manager_has_no_open_work_of_it_any_more(portal, alice, bob, enrollment):
    CaseAssignmentFactory(
        enrollment=enrollment, case_manager=bob, created_by=alice, begins_on=TODAY
    )
    assignments_written(clients=[enrollment.client_id], by=alice)
    assert Notification.objects.unanswered().get().recipient == bob
    send(portal(alice), delete_of(enrollment))
    assert not Notification.objects.unanswered().exists()
    assert not CaseAssignment.objects.caseload_of(bob, TODAY).exists()


def test_undo_is_offered_for_an_hour_to_who_deleted_it(
    portal, alice, dana, enrollment, time_machine
):
    actions.delete_enrollments(members=[enrollment], by=alice)
    url = reverse("enrollments:enrollments", args=[enrollment.client_id])
    assert restore_of(enrollment) in portal(alice).get(url).text
    assert restore_of(enrollment) not in portal(dana).get(url).text
    time_machine.shift(timedelta(hours=1, minutes=1))
    assert restore_of(enrollment) not in portal(alice).get(url).text


def test_officer_puts_a_household_back(portal, dana, alice, enrollment, child, filed):
    actions.delete_enrollments(members=[enrollment, child], by=alice)
    browser = portal(dana)
    rows = [enrollment.pk, child.pk]
    data = {"action": "restore_selected", "index": "0", "_selected_action": rows}
    url = reverse("admin:enrollments_enrollment_changelist")
    answer = browser.post(url, data, follow=True)
    assert messages(answer) == ["2 restored."]
    assert present() == set(rows)
    assert all(row.pk in present(type(row)) for row in filed)


@pytest.mark.parametrize("hides", ["enrollment", "client"])
def test_officer_puts_back_no_member_of_another_organization(
    portal, dana, alice, bridge, enrollment, child, hides
):
    """Deleted together by one user of both."""
    Enrollment.objects.filter(pk=child.pk).update(organization=bridge)
    actions.delete_enrollments(members=[enrollment, child], by=alice)
    if hides == "client":
        Enrollment.with_deleted.filter(pk=child.pk).update(organization=enrollment.organization)
        Client.objects.filter(pk=child.client_id).update(
            organization=bridge, visibility=Visibility.OWN_ORGANIZATION
        )
    (said,) = messages(portal(dana).post(restore_of(enrollment), follow=True))
    assert said == f"It was not restored. {deletion.NOT_YOURS}"
    assert present() == set()
    url = reverse("admin:enrollments_enrollment_changelist")
    data = {"action": "restore_selected", "index": "0", "_selected_action": [enrollment.pk]}
    (said,) = messages(portal(dana).post(url, data, follow=True))
    assert deletion.NOT_YOURS in said
    assert present() == set()


def test_administrator_puts_a_household_of_two_organizations_back(alice, bridge, enrollment, child):
    Enrollment.objects.filter(pk=child.pk).update(organization=bridge)
    actions.delete_enrollments(members=[enrollment, child], by=alice)
    enrollment.refresh_from_db()
    actions.restore_enrollments(enrollment=enrollment, by=UserFactory(is_superuser=True))
    assert present() == {enrollment.pk, child.pk}


def test_household_without_a_head_goes_and_comes_back(portal, alice, enrollment, child):
    """As some come by import."""
    Enrollment.objects.filter(pk=child.pk).update(is_exempt=True)
    Enrollment.objects.filter(pk=enrollment.pk).update(relationship_to_hoh=99, is_exempt=True)
    browser = portal(alice)
    send(browser, delete_of(child), follow=True)
    assert present() == {enrollment.pk}
    browser.post(restore_of(child))
    assert present() == {enrollment.pk, child.pk}
