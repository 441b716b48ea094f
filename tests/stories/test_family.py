"""Family Members and Family History, and what can be done with a household (12.1)."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from enrollments.models import Enrollment
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.plugins.look import PHONE
from tests.stories.conftest import heading
from tests.stories.test_intake import ClickCounter


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(
        organization=harbor,
        project_name="Harbor Family Shelter",
        operating_start_date=date(2020, 1, 1),
    )


@pytest.fixture
def household(john, harbor, alice, shelter):
    """John, Mary and Grace at the shelter for sixty days; Tom was with John elsewhere."""
    since = timezone.localdate() - timedelta(days=60)
    own = {"project": shelter, "entry_date": since, "created_by": alice}
    head = EnrollmentFactory(client=john, **own)
    rows = [head]
    for name, relationship, dob in (
        ("Mary", 3, date(1983, 2, 3)),
        ("Grace", 2, date(2016, 5, 6)),
    ):
        client = ClientFactory(first_name=name, organization=harbor, created_by=alice, dob=dob)
        rows.append(
            EnrollmentFactory(
                client=client, household=head.household, relationship_to_hoh=relationship, **own
            )
        )
    for one in rows:
        CaseAssignmentFactory(enrollment=one, case_manager=alice, begins_on=since)
    earlier = {
        "project": ProjectFactory(organization=harbor, project_name="Harbor Winter Beds"),
        "entry_date": since - timedelta(days=300),
        "exit_date": since - timedelta(days=200),
        "destination": 101,
        "created_by": alice,
    }
    was = EnrollmentFactory(client=john, **earlier)
    tom = ClientFactory(
        first_name="Tom", organization=harbor, created_by=alice, dob=date(1990, 1, 2)
    )
    EnrollmentFactory(client=tom, household=was.household, relationship_to_hoh=4, **earlier)
    tim = ClientFactory(
        first_name="Tim", organization=harbor, created_by=alice, dob=date(2020, 1, 2)
    )
    EnrollmentFactory(client=tim, household=was.household, relationship_to_hoh=2, **earlier)
    return rows


def open_family(page, john, entry="Family Members"):
    page.goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.locator("summary", has_text="Family").click()
    menu.get_by_role("link", name=entry, exact=True).click()
    expect(heading(page, entry)).to_be_visible()


def act(page, who, action):
    page.get_by_label(re.compile(f"^Actions for {who}")).click()
    page.get_by_role("link", name=action, exact=True).click()


def test_a_household_changes_its_head_splits_and_is_remembered(
    page, at_desk, alice, john, household, look
):
    open_family(at_desk(alice), john)
    row = page.get_by_role("row").filter(has_text="Mary")
    expect(row).to_contain_text(str(alice))
    look("members")

    act(page, "Mary", "Change Head of Household")
    expect(heading(page, "Change Head of Household")).to_be_visible()
    since = timezone.localdate() - timedelta(days=10)
    page.get_by_label("From").fill(f"{since:%m/%d/%Y}")
    look("change-head")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Head of household changed.")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Mary")

    act(page, "Grace", "Split Household")
    expect(page.get_by_role("checkbox", name=re.compile("^Grace"))).to_be_checked()
    page.get_by_role("checkbox", name=re.compile("^John")).check()
    page.get_by_label(re.compile("^Relationship of John")).select_option("1")
    look("split")
    page.get_by_role("button", name="Split Household").click()
    expect(page.get_by_text("Household split.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Mary")).to_have_count(0)
    look("undo")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: the household is as it was before.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Mary")).to_be_visible()

    act(page, "Grace", "Split Household")
    page.get_by_role("checkbox", name=re.compile("^John")).check()
    page.get_by_label(re.compile("^Relationship of John")).select_option("1")
    page.get_by_role("button", name="Split Household").click()
    expect(page.get_by_text("Household split.")).to_be_visible()

    page.get_by_role("link", name="Family History").first.click()
    expect(page.get_by_role("main")).to_contain_text("came out of the household of Mary")
    expect(page.get_by_role("main")).to_contain_text("Earlier household")
    look("history")
    assert list(
        Enrollment.objects.filter(exit_date=None)
        .order_by("pk")
        .values_list("relationship_to_hoh", flat=True)
    ) == [1, 1, 2]


def test_adding_an_adult_takes_at_most_12_clicks(
    page, at_desk, alice, john, household, record_property, look
):
    open_family(at_desk(alice), john)
    counter = ClickCounter(page)
    counter.click(
        page.get_by_role("main").get_by_role("link", name=re.compile("^Add Household Member")).first
    )
    expect(heading(page, "Family Members")).to_be_visible()
    look("who-joins")
    counter.click(page.get_by_role("button", name=re.compile("^Add Tom")))
    expect(heading(page, "HUD Program Enrollment")).to_be_visible()
    look("program")
    relationship = page.get_by_label("Relationship to Head of Household")
    counter.pressed += 2
    relationship.select_option("4")
    for step in (
        *("Universal Data Assessment", "Barriers", "Domestic Violence", "Income and Sources"),
        *("Non-Cash Benefits", "Health Insurance", "Review"),
    ):
        counter.next(step)
    look("review")
    counter.press("Finish")
    expect(page.get_by_text("Added 1 member to the household")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Tom")).to_be_visible()
    record_property("clicks", counter.pressed)
    assert counter.pressed <= 12


def test_adding_an_adult_with_no_to_all_the_rest_takes_at_most_12_clicks(
    page, at_desk, alice, john, household, record_property, look
):
    open_family(at_desk(alice), john)
    counter = ClickCounter(page)
    add = page.get_by_role("main").get_by_role("link", name=re.compile("^Add Household Member"))
    counter.click(add.first)
    counter.click(page.get_by_role("button", name=re.compile("^Add Tom")))
    expect(heading(page, "HUD Program Enrollment")).to_be_visible()
    counter.pressed += 2
    page.get_by_label("Relationship to Head of Household").select_option("4")
    for step in ("Universal Data Assessment", "Barriers"):
        counter.next(step)
    for step in ("Domestic Violence", "Non-Cash Benefits", "Health Insurance", "Review"):
        if step == "Non-Cash Benefits":
            counter.next("Income and Sources")
        counter.press("No to all the rest & Next")
        expect(heading(page, step)).to_be_visible()
    counter.press("Finish")
    expect(page.get_by_text("Added 1 member to the household")).to_be_visible()
    record_property("clicks", counter.pressed)
    assert counter.pressed <= 12


def test_adding_a_child_who_is_asked_everything_takes_at_most_12_clicks(
    page, at_desk, alice, john, household, record_property
):
    open_family(at_desk(alice), john)
    counter = ClickCounter(page)
    add = page.get_by_role("main").get_by_role("link", name=re.compile("^Add Household Member"))
    counter.click(add.first)
    counter.click(page.get_by_role("button", name=re.compile("^Add Tim")))
    expect(page.get_by_label("Relationship to Head of Household")).to_have_value("2")
    counter.next("Barriers")
    counter.click(page.get_by_role("button", name=re.compile("^No to all the rest")).first)
    counter.next("Health Insurance")
    counter.click(page.get_by_role("button", name=re.compile("^No to all the rest")).first)
    counter.next("Review")
    counter.press("Finish")
    expect(page.get_by_text("Added 1 member to the household")).to_be_visible()
    record_property("clicks", counter.pressed)
    assert counter.pressed <= 12


def test_a_member_exits(page, at_desk, alice, john, household):
    open_family(at_desk(alice), john)
    act(page, "Grace", "Exit Member")
    card = page.get_by_role("group", name=re.compile("Grace"))
    expect(card.get_by_label(re.compile("^Exit"))).to_be_checked()
    card.get_by_label("Destination", exact=True).select_option("410")
    page.get_by_role("button", name="Finish without the exit assessment").click()
    expect(page.get_by_text("Exit saved")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Former members: Grace")


def test_the_family_fits_the_phone_and_needs_no_script(elsewhere, alice, john, household):
    page = elsewhere(alice, java_script_enabled=False)
    page.set_viewport_size(PHONE)
    page.goto(f"/clients/{john.pk}/family/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    act(page, "Mary", "Change Head of Household")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Head of household changed.")).to_be_visible()
    act(page, "Grace", "Split Household")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Split Household").click()
    page.get_by_label("I have checked this; save it as it is").check()
    page.get_by_role("button", name="Split Household").click()
    expect(page.get_by_text("Household split.")).to_be_visible()
