"""Change Head of Household: from a date, with what follows the head (12.1, 12.2)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Client, ClientAccess
from enrollments.family import actions
from enrollments.family.forms import name_of
from enrollments.models import Enrollment, HouseholdChange
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import START
from tests.enrollments.family.conftest import now
from tests.pages import errors, opened, send

SELF, CHILD, SPOUSE, OTHER = 1, 2, 3, 4
MOVED_IN = date(2026, 2, 1)


def undo_url(enrollment):
    """The address that undoes the latest change."""
    change = HouseholdChange.objects.exclude(written={}).latest("pk")
    return reverse("enrollments:undo_household_change", args=[enrollment.client_id, change.pk])


def page_of(enrollment, head=None):
    place = [enrollment.client_id, enrollment.pk]
    query = f"?head={head.pk}" if head else ""
    return reverse("enrollments:change_head", args=place) + query


def change(members, relationships, by, on=TODAY):
    return actions.change_head(
        members=members,
        relationships={one.pk: code for one, code in zip(members, relationships, strict=True)},
        on=on,
        by=by,
    )


def test_wife_becomes_the_head_and_the_relationships_are_suggested(portal, alice, household):
    john, mary, grace = household
    browser, url = portal(alice), page_of(john, mary)
    form = opened(browser.get(url))
    assert form[name_of(john)].value() == SPOUSE
    assert form[name_of(grace)].value() == CHILD
    answer = send(browser, url, happened_on="02/10/2026", follow=True)
    (message,) = answer.context["messages"]
    name = mary.client.display_name
    said = f"Head of household changed. {name} leads the household since 02/10/2026."
    assert (str(message), message.extra_tags) == (said, undo_url(john))
    assert [now(one, "relationship_to_hoh")[0] for one in household] == [SPOUSE, SELF, CHILD]
    row = HouseholdChange.objects.get()
    assert (row.enrollment, row.former_head, row.household) == (mary, john, john.household)
    assert (row.kind, row.happened_on, row.created_by) == ("head", date(2026, 2, 10), alice)


def test_child_who_would_lead_an_adult_is_confirmed_first(portal, alice, household):
    john, mary, grace = household
    Client.objects.filter(pk=grace.client_id).update(dob=date(2016, 1, 1))
    typed = {name_of(john): OTHER, name_of(mary): OTHER}
    browser, url = portal(alice), page_of(john, grace)
    page = send(browser, url, **typed)
    (asked,) = page.context["form"].warnings_in_words
    assert "a child is head of a household that has an adult" in asked
    assert asked in page.content.decode()
    assert now(grace, "relationship_to_hoh") == (CHILD,)
    send(browser, url, confirmed=page.context["form"].warnings_token, **typed)
    assert now(grace, "relationship_to_hoh") == (SELF,)


def test_move_in_and_coc_follow_and_the_former_heads_copy_stays(alice, household):
    john, mary, _ = household
    Enrollment.objects.filter(pk=john.pk).update(move_in_date=MOVED_IN, enrollment_coc="MA-500")
    john.refresh_from_db()
    change(household, [SPOUSE, SELF, CHILD], alice)
    assert now(mary, "move_in_date", "enrollment_coc") == (MOVED_IN, "MA-500")
    assert now(john, "move_in_date", "enrollment_coc") == (MOVED_IN, "MA-500")


def test_head_who_joined_after_the_move_in_moved_in_on_the_own_start(alice, enrollment, member_of):
    Enrollment.objects.filter(pk=enrollment.pk).update(move_in_date=MOVED_IN)
    enrollment.refresh_from_db()
    later = member_of("Mary", SPOUSE, entry_date=date(2026, 2, 20))
    change([enrollment, later], [SPOUSE, SELF], alice)
    assert now(later, "move_in_date") == (date(2026, 2, 20),)


def test_what_does_not_change_is_not_written(alice, household):
    grace = household[2]
    before = now(grace, "date_updated")
    change(household, [SPOUSE, SELF, CHILD], alice)
    assert now(grace, "date_updated") == before


def test_each_other_member_needs_a_relationship(portal, alice, household):
    john, mary, grace = household
    answer = send(portal(alice), page_of(john, grace))
    found = errors(answer)
    sentence = ["Choose what the member is to the new head."]
    assert {name_of(john): sentence, name_of(mary): sentence} == found
    assert not HouseholdChange.objects.exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("03/03/2026", "Enter a date that is not in the future."),
        ("01/04/2026", "Enter a date on or after the start, 01/05/2026."),
        ("02/30/2026", "Enter a date that exists, as MM/DD/YYYY."),
        ("", "Enter from when it is so."),
    ],
)
def test_impossible_date_is_refused(portal, alice, household, day, sentence):
    answer = send(portal(alice), page_of(household[0], household[1]), happened_on=day)
    assert errors(answer)["happened_on"] == [sentence]


def test_page_asks_who_where_several_could_lead(portal, alice, household):
    page = portal(alice).get(page_of(household[0]))
    assert "form" not in page.context
    assert "Who is the new head of household?" in page.text
    assert page.context["may_lead"] == household[1:]


def test_the_only_other_member_is_chosen_at_once(portal, alice, enrollment, child):
    form = opened(portal(alice).get(page_of(enrollment)))
    assert form.head == child


@pytest.mark.parametrize("head", ["x", "0", "999999999999999999999"])
def test_forged_head_is_asked_for_again(portal, alice, household, head):
    page = portal(alice).get(page_of(household[0]) + f"?head={head}")
    assert "form" not in page.context


def test_who_has_left_is_not_offered(portal, alice, household):
    john, mary, grace = household
    left = Enrollment.objects.filter(pk=mary.pk)
    left.update(exit_date=TODAY - timedelta(days=1))
    assert portal(alice).get(page_of(john)).context["may_lead"] == [grace]
    left.update(exit_date=None)
    Enrollment.objects.filter(pk=john.pk).update(exit_date=TODAY)  # the head of record
    assert portal(alice).get(page_of(mary)).context["may_lead"] == [mary, grace]


def test_where_everybody_has_left_who_was_there_is_offered(portal, alice, household):
    john, mary, grace = household
    day = TODAY - timedelta(days=1)
    Enrollment.objects.filter(household=john.household).update(exit_date=day)
    form = opened(portal(alice).get(page_of(john, mary)))
    assert (form.head, form["happened_on"].value()) == (mary, day)
    answer = send(portal(alice), page_of(john, mary), happened_on=f"{TODAY:%m/%d/%Y}")
    assert list(errors(answer)) == ["happened_on"]
    assert portal(alice).get(page_of(john)).context["may_lead"] == [mary, grace]


def test_of_several_imported_heads_one_is_chosen(portal, alice, enrollment, member_of):
    second = member_of("Mary", SELF, is_exempt=True)
    send(portal(alice), page_of(enrollment, enrollment), **{name_of(second): SPOUSE})
    assert now(second, "relationship_to_hoh", "is_exempt") == (SPOUSE, False)
    assert now(enrollment, "relationship_to_hoh") == (SELF,)


def test_household_without_a_head_gets_one(portal, alice, enrollment, member_of):
    Enrollment.objects.filter(pk=enrollment.pk).update(is_exempt=True, relationship_to_hoh=99)
    other = member_of("Mary", SPOUSE, is_exempt=True)
    send(portal(alice), page_of(enrollment, enrollment), **{name_of(other): SPOUSE})
    assert now(enrollment, "relationship_to_hoh", "is_exempt") == (SELF, False)
    assert HouseholdChange.objects.get().former_head is None


def test_head_of_another_organization_is_theirs_to_change(portal, alice, bridge, household):
    john, mary, _ = household
    Enrollment.objects.filter(pk=john.pk).update(organization=bridge)
    page = portal(alice).get(page_of(mary))
    assert "Only its users can change that." in page.text
    portal(alice).post(page_of(mary), {"happened_on": "02/10/2026"})
    assert now(mary, "relationship_to_hoh") == (SPOUSE,)


def test_stranger_is_refused(portal, charlie, household):
    assert portal(charlie).get(page_of(household[0])).status_code == 403
    assert portal(charlie).post(page_of(household[0])).status_code == 403


def test_second_of_two_users_is_asked_to_look_again(portal, alice, bob, household):
    john, mary, grace = household
    late = portal(bob)
    opened_before = opened(late.get(page_of(john, grace)))
    typed = {name_of(john): OTHER, name_of(mary): OTHER, "happened_on": "02/10/2026"}
    typed |= {name: opened_before[name].value() for name in ("organization", "form_token", "seen")}
    change(household, [SPOUSE, SELF, CHILD], alice)
    answer = late.post(page_of(john, grace), typed)
    assert errors(answer)["__all__"] == [actions.CONCURRENT_CHANGE]
    again = typed | {"seen": opened(answer)["seen"].value()}
    assert late.post(page_of(john, grace), again).status_code == 302
    assert now(grace, "relationship_to_hoh") == (SELF,)
    assert HouseholdChange.objects.count() == 2


def test_action_refuses_a_household_that_is_not_as_it_was_seen(alice, household):
    Enrollment.objects.filter(pk=household[2].pk).update(relationship_to_hoh=OTHER)
    with pytest.raises(ValidationError, match="changed this household in the meantime"):
        change(household, [SPOUSE, SELF, CHILD], alice)


def test_sent_twice_is_saved_once(portal, alice, household):
    john, mary, grace = household
    browser, url = portal(alice), page_of(john, mary)
    form = opened(browser.get(url))
    data = {name: form[name].value() for name in ("organization", "form_token", "seen")}
    data |= {"happened_on": "02/10/2026", name_of(john): SPOUSE, name_of(grace): CHILD}
    assert [browser.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert HouseholdChange.objects.count() == 1


def test_start_is_the_earliest_day(alice, household):
    change(household, [SPOUSE, SELF, CHILD], alice, on=START)
    assert HouseholdChange.objects.get().happened_on == START


def test_all_members_are_in_the_access_log_as_changed(portal, alice, household):
    _, mary, _ = household
    codes = {name_of(household[0]): SPOUSE, name_of(household[2]): CHILD}
    send(portal(alice), page_of(household[0], mary), **codes)
    logged = ClientAccess.objects.filter(kind="change").values_list("client", flat=True)
    assert set(logged) == {one.client_id for one in household}


def test_head_who_is_not_seen_is_for_others_to_change(portal, alice, bridge, household):
    john, mary, _ = household
    Enrollment.objects.filter(pk=john.pk).update(organization=bridge, visibility="own")
    page = portal(alice).get(page_of(mary))
    assert "form" not in page.context
    assert "Your organization cannot change the head" in page.text
    assert "John" not in page.text
