"""Undo: whoever changed a household takes it back, for an hour and before anybody else (12.1)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import ClientAccess
from enrollments.family import actions
from enrollments.family.undo import CHANGED, undo, undoable
from enrollments.models import Enrollment, Household, HouseholdChange
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import EnrollmentFactory
from tests.enrollments.family.conftest import now
from tests.factories import ProjectFactory
from tests.pages import messages

SELF, CHILD, SPOUSE, OTHER = 1, 2, 3, 4
MOVED_IN = date(2026, 2, 1)


def split(members, going, relationships, by):
    codes = {one.pk: code for one, code in zip(members, relationships, strict=True)}
    members = list(Enrollment.objects.filter(pk__in=codes))
    pks = [one.pk for one in going]
    actions.split_household(members=members, going=pks, relationships=codes, on=TODAY, by=by)
    return HouseholdChange.objects.exclude(written={}).latest("pk")


def state(household):
    names = ("household", "relationship_to_hoh", "enrollment_coc", "move_in_date", "is_exempt")
    return [now(one, *names) for one in household]


def press(browser, client, change):
    url = reverse("enrollments:undo_household_change", args=[client.pk, change.pk])
    return browser.post(url, follow=True)


def test_split_is_undone_with_all_that_it_wrote(portal, alice, john, household):
    john_row, mary, _ = household
    Enrollment.objects.filter(pk=john_row.pk).update(move_in_date=MOVED_IN, enrollment_coc="MA-500")
    before = state(household)
    change = split(household, [john_row], [SELF, SELF, CHILD], alice)
    assert state(household) != before
    browser, done = portal(alice), undoable(john, alice)
    assert (done.change, done.people) == (change, [john_row])
    answer = press(browser, john, change)
    assert messages(answer) == ["Undone: the household is as it was before."]
    assert state(household) == before
    assert now(mary, "updated_by") == (alice,)
    assert not HouseholdChange.objects.in_force().exists()
    assert undoable(john, alice) is None
    history = browser.get(reverse("enrollments:family_history", args=[john.pk]))
    assert [one.changes for one in history.context["households"]] == [[]]


def test_those_who_went_undo_from_their_own_page(portal, alice, household):
    _, mary, grace = household
    change = split(household, [mary, grace], [SELF, SELF, CHILD], alice)
    press(portal(alice), grace.client, change)
    assert now(mary, "household", "relationship_to_hoh") == (household[0].household, SPOUSE)
    assert HouseholdChange.objects.in_force().count() == 0


def test_new_head_is_undone(portal, alice, john, household):
    before = state(household)
    codes = {one.pk: code for one, code in zip(household, [SPOUSE, SELF, CHILD], strict=True)}
    actions.change_head(members=household, relationships=codes, on=TODAY, by=alice)
    press(portal(alice), john, HouseholdChange.objects.get())
    assert state(household) == before


def test_the_earlier_change_can_be_undone_after_the_later(alice, john, household, time_machine):
    codes = {one.pk: code for one, code in zip(household, [SPOUSE, SELF, CHILD], strict=True)}
    actions.change_head(members=household, relationships=codes, on=TODAY, by=alice)
    time_machine.shift(timedelta(minutes=1))
    later = split(household, [household[0]], [SELF, SELF, CHILD], alice)
    earlier = HouseholdChange.objects.get(kind="head")
    with pytest.raises(ValidationError, match=CHANGED):
        undo(change=earlier, by=alice)
    undo(change=later, by=alice)
    assert undoable(john, alice).change == earlier
    undo(change=earlier, by=alice)
    assert state(household)[0][1] == SELF


def test_imported_household_in_two_projects_is_exempt_again(alice, enrollment, member_of):
    elsewhere = ProjectFactory(organization=enrollment.organization)
    other = member_of("Mary", SPOUSE, project=elsewhere, is_exempt=True)
    before = state([enrollment, other])
    undo(change=split([enrollment, other], [other], [SELF, SELF], alice), by=alice)
    assert state([enrollment, other]) == before
    assert before[1][-1] is True


@pytest.mark.parametrize("who", ["bob", "charlie", "dana"])
def test_only_its_author_may(portal, request, who, alice, john, household):
    change = split(household, [household[2]], [SELF, SPOUSE, SELF], alice)
    user = request.getfixturevalue(who)
    assert press(portal(user), john, change).status_code == 404
    assert undoable(john, user) is None
    assert HouseholdChange.objects.in_force().count() == 1


def test_author_without_access_by_now_may_not(portal, alice, john, bridge, household):
    change = split(household, [household[2]], [SELF, SPOUSE, SELF], alice)
    Enrollment.objects.filter(pk=household[2].pk).update(organization=bridge)
    assert press(portal(alice), john, change).status_code == 403
    assert HouseholdChange.objects.in_force().count() == 1


def test_change_of_another_client_is_not_found(portal, alice, household, stranger):
    change = split(household, [household[2]], [SELF, SPOUSE, SELF], alice)
    assert press(portal(alice), stranger, change).status_code == 404


@pytest.fixture
def stranger(harbor, alice):
    return EnrollmentFactory(created_by=alice, organization=harbor).client


def test_an_hour_later_it_is_too_late(portal, alice, john, household, time_machine):
    change = split(household, [household[2]], [SELF, SPOUSE, SELF], alice)
    time_machine.shift(timedelta(minutes=61))
    assert undoable(john, alice) is None
    with pytest.raises(ValidationError, match=CHANGED):
        undo(change=change, by=alice)
    assert press(portal(alice), john, change).status_code == 404


def joined(household, change):
    EnrollmentFactory(
        household=change.new_household,
        project=household[0].project,
        organization=household[0].organization,
        created_by=household[0].created_by,
        relationship_to_hoh=OTHER,
        date_created=change.date_created + timedelta(seconds=1),
    )


def deleted(household, change):
    household[2].refresh_from_db()
    household[2].mark_deleted(by=change.created_by)


def related_otherwise(household, change):
    Enrollment.objects.filter(pk=household[1].pk).update(enrollment_coc="MA-501")


def exited(household, change):
    Enrollment.objects.filter(pk=household[1].pk).update(exit_date=TODAY)


def entered_otherwise(household, change):
    day = household[1].entry_date - timedelta(days=1)
    Enrollment.objects.filter(pk=household[1].pk).update(entry_date=day)


@pytest.mark.parametrize(
    "happened", [joined, deleted, related_otherwise, exited, entered_otherwise]
)
def test_what_came_after_it_is_not_lost(portal, alice, john, household, happened):
    change = split(household, [household[1], household[2]], [SELF, SELF, CHILD], alice)
    happened(household, change)
    before = state(household[:2])
    assert undoable(john, alice) is None
    answer = press(portal(alice), john, change)
    assert messages(answer) == [f"It was not undone. {CHANGED}"]
    assert state(household[:2]) == before


def test_sent_twice_it_is_undone_once(portal, alice, john, household):
    change = split(household, [household[2]], [SELF, SPOUSE, SELF], alice)
    before = Household.objects.count()
    browser = portal(alice)
    press(browser, john, change)
    again = press(browser, john, change)
    assert again.redirect_chain == [(f"/clients/{john.pk}/family/", 302)]
    assert messages(again) == []
    assert Household.objects.count() == before


def test_undo_is_in_the_access_log_of_all_members(portal, alice, john, household):
    change = split(household, [household[2]], [SELF, SPOUSE, SELF], alice)
    press(portal(alice), john, change)
    logged = ClientAccess.objects.filter(user=alice, kind="change")
    assert sorted(logged.values_list("client", flat=True)) == [john.pk, household[2].client_id]


def test_member_who_is_not_seen_is_neither_stamped_nor_logged(
    portal, alice, bob, bridge, enrollment, child
):
    john, grace, hidden = enrollment, child, {"organization": bridge, "visibility": "own"}
    Enrollment.objects.filter(pk=grace.pk).update(**hidden, updated_by=bob)
    change = split([john], [john], [SELF], alice)
    assert now(grace, "is_exempt") == (True,)
    press(portal(alice), john.client, change)
    assert now(grace, "is_exempt", "updated_by") == (False, bob)
    assert not ClientAccess.objects.filter(client=grace.client).exists()
    listed = ClientAccess.objects.exclude(listed=None).values_list("listed", flat=True)
    assert grace.client_id not in {pk for pks in listed for pk in pks}
