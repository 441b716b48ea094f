"""Split Household: who goes becomes a household of their own (12.1)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Client
from enrollments.family import actions
from enrollments.family.forms import name_of
from enrollments.models import CaseAssignment, Enrollment, Household, HouseholdChange
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.enrollments.family.conftest import now
from tests.factories import ProjectFactory
from tests.pages import errors, opened, send

SELF, CHILD, SPOUSE = 1, 2, 3


def undo_url(enrollment):
    """The address that undoes the latest change."""
    change = HouseholdChange.objects.exclude(written={}).latest("pk")
    return reverse("enrollments:undo_household_change", args=[enrollment.client_id, change.pk])


def page_of(enrollment, member=None):
    query = f"?member={member.pk}" if member else ""
    place = [enrollment.client_id, enrollment.pk]
    return reverse("enrollments:split_household", args=place) + query


def born_on(enrollment, year):
    Client.objects.filter(pk=enrollment.client_id).update(dob=date(year, 1, 1))


def households(*enrollments):
    return [now(one, "household_id")[0] for one in enrollments]


def test_wife_and_child_become_a_household(portal, alice, household):
    john, mary, grace = household
    CaseAssignmentFactory(enrollment=mary, case_manager=alice)
    answer = send(
        portal(alice),
        page_of(john, mary),
        members=[mary.pk, grace.pk],
        happened_on="02/10/2026",
        follow=True,
        **{name_of(mary): SELF},
    )
    names = f"{mary.client.display_name} and {grace.client.display_name}"
    (message,) = answer.context["messages"]
    said = f"Household split. {names} have a household of their own since 02/10/2026."
    assert (str(message), message.extra_tags) == (said, undo_url(john))
    old, new, child_of = households(*household)
    assert old == john.household_id != new == child_of
    assert now(mary, "relationship_to_hoh", "entry_date") == (SELF, mary.entry_date)
    assert now(grace, "relationship_to_hoh") == (CHILD,)
    assert CaseAssignment.objects.get().enrollment_id == mary.pk
    rows = HouseholdChange.objects.order_by("enrollment")
    assert [(one.kind, one.enrollment, one.happened_on) for one in rows] == [
        ("split", mary, date(2026, 2, 10)),
        ("split", grace, date(2026, 2, 10)),
    ]
    assert {one.new_household_id for one in rows} == {new}


def test_member_of_the_row_is_ticked_and_whoever_is_alone_is_self(portal, alice, household):
    john, mary, grace = household
    browser = portal(alice)
    assert opened(browser.get(page_of(john, grace)))["members"].value() == [grace.pk]
    assert opened(browser.get(page_of(john, john)))["members"].value() == []
    send(browser, page_of(john, grace))
    assert now(grace, "relationship_to_hoh") == (SELF,)
    assert households(john, mary) == [john.household_id] * 2


def test_child_who_would_be_alone_is_confirmed_first(portal, alice, household):
    john, mary, grace = household
    born_on(grace, 2016)
    browser = portal(alice)
    page = send(browser, page_of(john, grace))
    asked = f"Check who goes: {grace.client.display_name} would be in a household without an adult."
    assert page.context["form"].warnings_in_words == [asked]
    assert asked in page.content.decode()
    assert households(*household) == [john.household_id] * 3
    confirmed = page.context["form"].warnings_token
    send(browser, page_of(john, grace), confirmed=confirmed)
    assert households(john, mary) == [john.household_id] * 2 != households(grace) * 2


def test_confirmation_is_of_the_child_and_not_of_the_name(portal, alice, household, member_of):
    john, _, grace = household
    namesake = member_of("Grace", CHILD)
    for child in (grace, namesake):
        born_on(child, 2016)
    browser = portal(alice)
    asked = opened(send(browser, page_of(john, grace)))
    again = send(browser, page_of(john, namesake), confirmed=asked.warnings_token)
    assert opened(again).warnings_in_words == asked.warnings_in_words, "the names are the same"
    assert households(*household, namesake) == [john.household_id] * 4


def test_children_who_would_stay_alone_are_confirmed_and_adults_are_not(portal, alice, household):
    john, mary, grace = household
    born_on(grace, 2016)
    browser, url = portal(alice), page_of(john)
    going = {"members": [john.pk, mary.pk], name_of(grace): SELF}
    page = send(browser, url, **going)
    assert len(page.context["form"].warnings_in_words) == 1
    born_on(grace, 2000)
    assert send(browser, url, **going).status_code == 302


def test_head_goes_and_those_who_stay_choose_another(portal, alice, household):
    john, mary, grace = household
    Enrollment.objects.filter(pk=john.pk).update(
        move_in_date=date(2026, 2, 1), enrollment_coc="MA-500"
    )
    typed = {"members": [john.pk], name_of(mary): SELF}
    send(portal(alice), page_of(john), **typed)
    assert now(john, "relationship_to_hoh", "enrollment_coc") == (SELF, "MA-500")
    assert now(mary, "relationship_to_hoh", "enrollment_coc", "move_in_date") == (
        SELF,
        "MA-500",
        date(2026, 2, 1),
    )
    assert now(grace, "relationship_to_hoh") == (CHILD,)
    kinds = HouseholdChange.objects.values_list("kind", "enrollment", "former_head")
    assert set(kinds) == {("head", mary.pk, john.pk), ("split", john.pk, None)}


def test_each_household_has_one_self(portal, alice, household):
    john, mary, grace = household
    browser = portal(alice)
    answer = send(browser, page_of(john), members=[mary.pk, grace.pk])
    assert errors(answer) == {
        name_of(mary): [
            "Choose exactly one member of the new household as Self (head of household)."
        ]
    }
    answer = send(browser, page_of(john), members=[john.pk])
    assert list(errors(answer)) == [name_of(mary)]
    assert Household.objects.count() == 1


def test_somebody_goes_and_somebody_stays(portal, alice, household):
    browser, url = portal(alice), page_of(household[0])
    assert errors(send(browser, url, members=[]))["members"] == ["Tick at least one member."]
    everybody = [one.pk for one in household]
    found = errors(send(browser, url, members=everybody))
    assert found["members"] == ["Somebody has to stay: leave out at least one member."]


@pytest.mark.parametrize("day", ["03/03/2026", "01/04/2026", "02/30/2026", ""])
def test_impossible_date_is_refused(portal, alice, household, day):
    john, _, grace = household
    answer = send(portal(alice), page_of(john, grace), happened_on=day)
    assert list(errors(answer)) == ["happened_on"]
    assert Household.objects.count() == 1


def test_household_in_two_projects_is_put_right_at_once(portal, alice, harbor, household):
    john, mary, grace = household
    other = ProjectFactory(organization=harbor)
    Enrollment.objects.filter(pk__in=[john.pk, mary.pk]).update(is_exempt=True)
    Enrollment.objects.filter(pk=grace.pk).update(project=other, is_exempt=True)
    Enrollment.objects.filter(pk=john.pk).update(enrollment_coc="MA-500")
    page = portal(alice).get(page_of(john))
    assert "several projects" in page.text
    send(portal(alice), page_of(john))
    assert households(john, mary) == [john.household_id] * 2
    assert now(grace, "relationship_to_hoh", "is_exempt", "project_id") == (SELF, False, other.pk)
    assert now(grace, "enrollment_coc") == ("",), "the other project has its own"
    assert now(john, "is_exempt") == now(mary, "is_exempt") == (False,)


def test_exemption_for_another_reason_stays(portal, alice, harbor, household, shelter):
    john, _, grace = household
    Enrollment.objects.filter(pk=john.pk).update(is_exempt=True)
    EnrollmentFactory(client=john.client, project=shelter, organization=harbor)  # overlaps
    send(portal(alice), page_of(john, grace))
    assert now(john, "is_exempt") == (True,)


def test_members_of_two_projects_do_not_go_together(portal, alice, harbor, household):
    john, mary, grace = household
    for one in (mary, grace):
        project = ProjectFactory(organization=harbor)
        Enrollment.objects.filter(pk=one.pk).update(project=project, is_exempt=True)
    answer = send(
        portal(alice), page_of(john), members=[mary.pk, grace.pk], **{name_of(mary): SELF}
    )
    assert errors(answer)["members"] == [
        "Tick members of one project; split the others in another step."
    ]
    assert opened(portal(alice).get(page_of(john)))["members"].value() == [mary.pk]


def test_what_another_organization_enrolled_stays(portal, alice, bridge, household):
    john, mary, grace = household
    Enrollment.objects.filter(pk=john.pk).update(organization=bridge)
    form = opened(portal(alice).get(page_of(mary)))
    assert form.candidates == [mary, grace]
    send(portal(alice), page_of(mary), members=[mary.pk, grace.pk], **{name_of(mary): SELF})
    old, new, child_of = households(*household)
    assert old == john.household_id != new == child_of


def test_members_who_are_not_seen_are_left_exempt(portal, alice, bridge, enrollment, child):
    Enrollment.objects.filter(pk=child.pk).update(organization=bridge, visibility="own")
    form = opened(portal(alice).get(page_of(enrollment)))
    assert form.candidates == [enrollment]
    assert "Grace" not in portal(alice).get(page_of(enrollment)).text


def test_household_of_one_has_nothing_to_split(portal, alice, enrollment):
    page = portal(alice).get(page_of(enrollment))
    assert "nothing to split" in page.text


def test_stranger_is_refused(portal, charlie, household):
    assert portal(charlie).get(page_of(household[0])).status_code == 403
    assert portal(charlie).post(page_of(household[0])).status_code == 403


def typed_on_page(browser, url, household):
    """What the page sends that is opened now, with the last member ticked."""
    form = opened(browser.get(url))
    typed = {name: form[name].value() for name in ("organization", "form_token", "seen")}
    typed |= {"members": [household[-1].pk], "happened_on": "02/10/2026"}
    return typed | {name_of(one): one.relationship_to_hoh for one in household}


def test_second_of_two_users_is_asked_to_look_again(portal, alice, bob, household):
    john, _, grace = household
    late, url = portal(bob), page_of(john, grace)
    typed = typed_on_page(late, url, household)
    send(portal(alice), url)
    answer = late.post(url, typed)
    said = [text for texts in errors(answer).values() for text in texts]
    assert said.count(actions.CONCURRENT_CHANGE) == 1
    assert Household.objects.count() == 2


def test_what_a_colleague_changed_is_said_beside_the_own_choice(portal, alice, household):
    john, mary, grace = household
    browser, url = portal(alice), page_of(john, grace)
    typed = typed_on_page(browser, url, household)
    Enrollment.objects.filter(pk=mary.pk).update(relationship_to_hoh=4)
    answer = browser.post(url, typed | {name_of(mary): 3})
    assert answer.text.count("Now stored: ") == 1
    stored = Enrollment.objects.get(pk=mary.pk).get_relationship_to_hoh_display()
    rows = answer.context["form"].rows
    assert {one: text for one, _, _, text in rows} == {john: "", mary: stored, grace: ""}
    assert "Now stored" not in browser.get(url).text


def test_action_refuses_a_household_that_is_not_as_it_was_seen(alice, household):
    Enrollment.objects.filter(pk=household[2].pk).update(exit_date=TODAY)
    with pytest.raises(ValidationError, match="changed this household in the meantime"):
        actions.split_household(
            members=household,
            going=[household[2].pk],
            relationships={household[0].pk: 1, household[1].pk: 3, household[2].pk: 1},
            on=TODAY,
            by=alice,
        )
    assert Household.objects.count() == 1
