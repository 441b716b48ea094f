"""Family Members and Family History (12.1)."""

from datetime import date

import pytest
from django.urls import reverse

from clients.models import ClientAccess
from enrollments.family import actions
from enrollments.models import Enrollment
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.enrollments.test_exits import typed_into
from tests.factories import ClientFactory, ProjectFactory

ACTIONS = [
    "Add Household Member",
    "Change Head of Household",
    "Exit Member",
    "Split Household",
    "Open",
]


def members_page(browser, client):
    return browser.get(reverse("enrollments:family_members", args=[client.pk]))


def history_page(browser, client):
    return browser.get(reverse("enrollments:family_history", args=[client.pk]))


def listed(page):
    """The first names of each household of Family Members."""
    return [[one.client.first_name for one, _ in rows] for _, rows, _ in page.context["households"]]


def labels(page):
    return [
        [action["label"] for action in found]
        for _, rows, _ in page.context["households"]
        for _, found in rows
    ]


def leave(*enrollments, on=TODAY):
    pks = [one.pk for one in enrollments]
    Enrollment.objects.filter(pk__in=pks).update(exit_date=on, destination=410)


def test_household_of_each_open_enrollment_has_its_members(portal, alice, john, household):
    john_row, mary, _ = household
    CaseAssignmentFactory(enrollment=mary, case_manager=alice)
    outreach = ProjectFactory(organization=john.organization, project_name="Harbor Outreach")
    EnrollmentFactory(client=john, project=outreach, entry_date=date(2026, 2, 1), created_by=alice)
    page = members_page(portal(alice), john)
    assert listed(page) == [["John"], ["John", "Mary", "Grace"]]
    assert labels(page)[1:] == [ACTIONS] * 3
    assert labels(page)[0] == ["Add Household Member", "Exit Member", "Open"]
    assert str(alice) in page.text
    assert "Harbor Outreach" in page.text
    assert john_row.project.project_name in page.text


def test_every_action_leads_to_a_page(portal, alice, john, household):
    browser = portal(alice)
    page = members_page(browser, john)
    urls = [
        one["url"] for _, rows, _ in page.context["households"] for _, row in rows for one in row
    ]
    assert len(urls) == 15
    assert {browser.get(url, follow=True).status_code for url in urls} == {200}


def test_member_who_left_is_former_and_the_household_of_who_left_is_earlier(
    portal, alice, john, household
):
    _, mary, _ = household
    leave(mary)
    browser = portal(alice)
    page = members_page(browser, john)
    assert listed(page) == [["John", "Grace"]]
    assert "Former members:" in page.text
    assert listed(members_page(browser, mary.client)) == []
    assert "Not enrolled in any project now" in members_page(browser, mary.client).text
    assert "Earlier household" in history_page(browser, mary.client).text
    assert "Former member" in history_page(browser, john).text


def test_another_organization_reads_and_changes_nothing(portal, charlie, john, household):
    page = members_page(portal(charlie), john)
    assert labels(page) == [["Open"]] * 3
    assert "Add Household Member" not in page.text


def test_who_is_not_for_the_users_eyes_is_on_neither_page(portal, charlie, john, household):
    mary = household[1]
    actions.change_head(
        members=household,
        relationships={household[0].pk: 3, mary.pk: 1, household[2].pk: 2},
        on=TODAY,
        by=mary.created_by,
    )
    browser = portal(charlie)
    assert "Mary" in history_page(browser, john).text
    Enrollment.objects.filter(pk=mary.pk).update(visibility="own")
    for page in (members_page(browser, john), history_page(browser, john)):
        assert "Mary" not in page.text
        assert "became head" not in page.text


def test_everybody_named_is_in_the_access_log(portal, alice, john, household):
    members_page(portal(alice), john)
    opened = ClientAccess.objects.get(listed=None)
    named = ClientAccess.objects.exclude(listed=None).get()
    assert opened.client == john
    assert {john.pk, *named.listed} == {one.client_id for one in household}


def test_history_tells_who_was_head_and_who_went(portal, alice, john, household, time_machine):
    john_row, mary, grace = household
    actions.change_head(
        members=household,
        relationships={john_row.pk: 3, mary.pk: 1, grace.pk: 2},
        on=date(2026, 2, 1),
        by=alice,
    )
    for one in household:
        one.refresh_from_db()
    time_machine.shift(60)
    actions.split_household(
        members=household,
        going=[john_row.pk],
        relationships={john_row.pk: 1, mary.pk: 1, grace.pk: 2},
        on=date(2026, 2, 20),
        by=alice,
    )
    browser = portal(alice)
    hers, his = history_page(browser, mary.client), history_page(browser, john)
    (mary_changes,) = [one.changes for one in hers.context["households"]]
    assert [one.row.kind for one in mary_changes] == ["split", "head"]
    assert "a household of their own</a>" in hers.text
    assert "became head of household in place of" in hers.text
    (his_changes,) = [one.changes for one in his.context["households"]]
    assert [(one.row.kind, one.is_arrival) for one in his_changes] == [
        ("split", True),
        ("head", False),
    ]
    assert his_changes[0].other == mary
    assert "came out of the household of" in his.text


@pytest.mark.parametrize("page", [members_page, history_page])
def test_page_costs_the_same_for_any_household(
    portal, alice, john, enrollment, member_of, page, django_assert_max_num_queries
):
    browser = portal(alice)
    page(browser, john)
    for number in range(6):
        member_of(f"Kid{number}", 2)
    other = EnrollmentFactory(
        client=john, project=ProjectFactory(organization=john.organization), created_by=alice
    )
    for number in range(4):
        EnrollmentFactory(
            client=ClientFactory(first_name=f"Pal{number}", organization=john.organization),
            household=other.household,
            project=other.project,
            relationship_to_hoh=5,
        )
    with django_assert_max_num_queries(14):
        assert page(browser, john).status_code == 200


def test_exit_of_a_member_comes_back_to_family_members(portal, alice, john, household):
    john_row, mary, _ = household
    browser = portal(alice)
    url = reverse("enrollments:exit", args=[john.pk, john_row.pk]) + f"?leaving={mary.pk}"
    form = browser.get(url).context["form"]
    assert [card.member.pk for card in form.cards if card.leaves.value()] == [mary.pk]
    data = typed_into(form, members=[mary.pk], destination=410) | {"finish": "1"}
    answer = browser.post(url, data)
    assert answer["Location"] == reverse("enrollments:family_members", args=[john.pk])
    assert set(Enrollment.objects.exclude(exit_date=None)) == {mary}
