"""Intake: a household enters a project, label by label (4.1-4.7)."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
    IntakeDraft,
)
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.plugins.look import PHONE
from tests.stories.conftest import STEPS, heading

NIGHT_BEFORE = "On the night before, stayed on the streets, in emergency shelter or safe haven"


@pytest.fixture
def project(harbor):
    return ProjectFactory(organization=harbor, project_name="Harbor Transitional Housing")


@pytest.fixture
def family(john, alice, harbor):
    """Mary and Tim, whom Alice filed like John."""
    mary = ClientFactory(
        organization=harbor, created_by=alice, first_name="Mary", dob=date(1983, 2, 3)
    )
    tim = ClientFactory(
        organization=harbor, created_by=alice, first_name="Tim", dob=date(2019, 5, 6)
    )
    return mary, tim


class ClickCounter:
    """Works on a page and counts what it presses: each click, each key, each choice of a list.

    The letters and digits of an answer are not counted; the click or Tab into its box is.
    """

    def __init__(self, page: Page):
        self.page, self.pressed = page, 0

    def click(self, target) -> None:
        self.pressed += 1
        target.click()

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def choose(self, label: str, option: str) -> None:
        self.pressed += 2  # into the list, and the option
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def answer(self, question: str, answer: str) -> None:
        group = self.page.get_by_role("radiogroup", name=question, exact=True)
        self.click(group.get_by_label(answer, exact=True))

    def tick(self, label: str) -> None:
        self.click(self.page.get_by_label(label, exact=True))

    def write(self, label: str, text: str) -> None:
        self.pressed += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def next(self, step: str) -> None:
        self.click(next_button(self.page))
        expect(heading(self.page, step)).to_be_visible()


def begin(page: Page, client) -> Page:
    page.goto(client.get_absolute_url())
    page.get_by_role("link", name="Intake", exact=True).first.click()
    page.get_by_role("button", name="Start intake").click()
    expect(heading(page, "Basic Client Information")).to_be_visible()
    return page


def next_button(page: Page) -> Locator:
    """Save & Next; on HUD Program Enrollment it says Save, as the cheat sheet does."""
    return page.get_by_role("button", name=re.compile(r"^Save( & Next)?$"))


def next_step(page: Page, step: str) -> None:
    next_button(page).click()
    expect(heading(page, step)).to_be_visible()


def section(page: Page, who: str):
    return page.get_by_role("region", name=who)


def ask(place, question: str, answer: str) -> None:
    place.get_by_role("radiogroup", name=question, exact=True).get_by_label(
        answer, exact=True
    ).check()


def test_intake_of_one_adult_takes_at_most_40_keystrokes_or_clicks(
    at_desk, alice, john, project, record_property
):
    page = at_desk(alice)
    page.goto(john.get_absolute_url())
    counter = ClickCounter(page)
    counter.click(page.get_by_role("link", name="Intake", exact=True).first)
    counter.press("Start intake")
    counter.choose("Veteran Status", "No")
    counter.next("Family Members")
    counter.next("HUD Program Enrollment")
    counter.choose("Project", project.project_name)
    counter.next("Universal Data Assessment")
    counter.write("Enrollment CoC", "MA-500")
    counter.choose("Prior Living Situation", "Safe Haven")
    counter.choose("Length of Stay in Prior Living Situation", "One year or longer")
    counter.write("Approximate date this episode of homelessness started", "01/02/2025")
    counter.choose(
        "Times on the streets, in emergency shelter or safe haven in the past three years",
        "One time",
    )
    counter.choose(
        "Months homeless on the streets, in emergency shelter or safe haven in those years",
        "More than 12 months",
    )
    counter.next("Barriers")
    for kind in ("Physical disability", "Developmental disability", "Chronic health condition"):
        counter.answer(kind, "No")
    counter.answer("HIV/AIDS", "No")
    counter.answer("Mental health disorder", "No")
    counter.choose("Substance use disorder", "No")
    counter.next("Domestic Violence")
    counter.answer("Survivor of Domestic Violence", "No")
    counter.next("Income and Sources")
    counter.answer("Income from Any Source", "Yes")
    counter.write("Monthly amount: Earned income (i.e., employment income)", "850")
    refused = page.get_by_label("Monthly amount: Child support")
    refused.fill("-5")
    expect(page.locator("[data-total]")).to_have_text("850.00")
    refused.fill("")
    counter.next("Non-Cash Benefits")
    counter.answer("Non-Cash Benefits from Any Source", "No")
    counter.next("Health Insurance")
    counter.answer("Covered by Health Insurance", "Yes")
    counter.tick("MEDICAID")
    counter.next("Review")
    counter.press("Finish")
    expect(heading(page, "Intake finished")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("Enrolled 1 person")
    record_property("keystrokes and clicks", counter.pressed)
    assert counter.pressed <= 40
    row = IncomeBenefits.objects.get()
    assert (row.earned, row.earned_amount, row.total_monthly_income) == (1, 850, 850)
    assert row.medicaid == 1
    assert Enrollment.objects.get().disabling_condition == 0


def test_household_of_three_label_by_label(  # noqa: PLR0915 - one story
    at_desk, alice, bob, john, family, project, look
):
    mary, tim = family
    page = begin(at_desk(alice), john)
    bar = page.get_by_label("Steps of the intake").get_by_role("listitem")
    assert bar.all_inner_texts() == STEPS
    look("1-basic")
    next_step(page, "Family Members")
    look("2-family")
    for who in ("Mary", "Tim"):
        page.get_by_label("First Name").fill(who)
        page.get_by_label("Last Name").fill("Smi")
        page.get_by_role("button", name="Search", exact=True).last.click()
        expect(heading(page, "Find Client")).to_be_visible()
        page.get_by_role("link", name=f"Smith, {who}").click()
        expect(page.get_by_label(f"{who} Smith")).to_be_checked()
    look("2-family-found")
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    cards = {who: page.get_by_role("group", name=who) for who in ("John", "Mary", "Tim")}
    cards["Mary"].get_by_label("Relationship to Head").select_option("Spouse or partner")
    cards["Tim"].get_by_label("Relationship to Head").select_option("Child")
    expect(cards["Tim"].get_by_label("Project Start Date")).to_have_value(
        f"{timezone.localdate():%m/%d/%Y}"
    )
    cards["John"].get_by_label("Case Manager", exact=True).select_option(label=str(bob))
    look("3-program")
    next_button(page).click()
    expect(page.get_by_text("The members have different case managers.")).to_be_visible()
    look("3-program-warning")
    cards["John"].get_by_role("button", name="Use for whole household").click()
    expect(cards["Tim"].get_by_label("Case Manager", exact=True)).to_have_value(str(bob.pk))
    next_step(page, "Universal Data Assessment")
    head = section(page, "John Smith")
    situation = head.get_by_label("Prior Living Situation", exact=True)
    expect(head.get_by_label("Length of Stay in Prior")).to_be_hidden()
    situation.select_option("Hospital or other residential non-psychiatric medical facility")
    head.get_by_label("Length of Stay in Prior").select_option("Two to six nights")
    ask(head, NIGHT_BEFORE, "Yes")
    head.get_by_label("Approximate date").fill("01/02/2026")
    look("4-universal")
    expect(page.get_by_text("Not asked: Tim Smith")).to_be_visible()
    next_step(page, "Barriers")
    head = section(page, "John Smith")
    ask(head, "Physical disability", "Yes")
    ask(
        head,
        "Physical disability: long-continued and indefinite, and impairs independent living",
        "Yes",
    )
    look("5-barriers")
    next_step(page, "Domestic Violence")
    ask(section(page, "Mary Smith"), "Survivor of Domestic Violence", "Yes")
    look("6-violence")
    next_step(page, "Income and Sources")
    ask(section(page, "John Smith"), "Income from Any Source", "Yes")
    section(page, "John Smith").get_by_label("Monthly amount: Pension").fill("1200.50")
    expect(section(page, "John Smith").get_by_text("$1200.50")).to_be_visible()
    look("7-income")
    next_step(page, "Non-Cash Benefits")
    look("8-benefits")
    next_step(page, "Health Insurance")
    ask(section(page, "Tim Smith"), "Covered by Health Insurance", "Yes")
    section(page, "Tim Smith").get_by_label("MEDICAID").check()
    look("9-insurance")
    next_step(page, "Review")
    look("10-review")
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(heading(page, "Intake finished")).to_be_visible()
    look("11-finished")
    assert {row.case_manager for row in CaseAssignment.objects.all()} == {bob}
    assert Enrollment.objects.get(client=john).disabling_condition == 1
    assert Disability.objects.filter(client=tim).count() == 6
    assert HealthAndDV.objects.get(client=mary).domestic_violence_survivor == 1
    assert not HealthAndDV.objects.filter(client=tim).exists()


def test_without_javascript_questions_appear_when_they_apply(elsewhere, alice, john, project, page):
    page = begin(elsewhere(alice, java_script_enabled=False), john)
    next_step(page, "Family Members")
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    next_step(page, "Universal Data Assessment")
    expect(page.get_by_label("Length of Stay in Prior")).to_be_hidden()
    page.get_by_label("Prior Living Situation", exact=True).select_option("Safe Haven")
    page.get_by_role("button", name="Save & Next", exact=True).click()
    expect(heading(page, "Universal Data Assessment")).to_be_visible()
    expect(page.get_by_text("More questions apply now.")).to_be_visible()
    page.get_by_label("Length of Stay in Prior").select_option("One year or longer")
    next_step(page, "Barriers")
    next_step(page, "Domestic Violence")
    ask(page, "Survivor of Domestic Violence", "Yes")
    page.get_by_role("button", name="Save & Next", exact=True).click()
    ask(page, "Currently Fleeing", "No")
    next_step(page, "Income and Sources")
    ask(page, "Income from Any Source", "Yes")
    page.get_by_role("button", name="Save & Next", exact=True).click()
    expect(page.get_by_text("Choose at least one source")).to_have_count(2)
    page.get_by_label("General Assistance (GA)", exact=True).check()
    page.get_by_label("Monthly amount: General Assistance").fill("120")
    next_step(page, "Non-Cash Benefits")
    next_step(page, "Health Insurance")
    next_step(page, "Review")
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(heading(page, "Intake finished")).to_be_visible()
    assert IncomeBenefits.objects.get().total_monthly_income == 120
    assert Enrollment.objects.get().length_of_stay == 5


def test_without_javascript_one_case_manager_is_used_for_the_whole_household(
    elsewhere, alice, bob, john, family, project, page
):
    mary, _ = family
    page = begin(elsewhere(alice, java_script_enabled=False), john)
    next_step(page, "Family Members")
    page.get_by_label("Client ID").fill(str(mary.pk))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Smith, Mary").click()
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    card = page.get_by_role("group", name="Mary")
    card.get_by_role("button", name="Look up a user").click()
    expect(heading(page, "Look up a user")).to_be_visible()
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_role("link", name=str(bob)).click()
    expect(heading(page, "HUD Program Enrollment")).to_be_visible()
    expect(page.get_by_label("Project", exact=True)).to_have_value(str(project.pk))
    card.get_by_role("button", name="Use for whole household").click()
    for who in ("John", "Mary"):
        chosen = page.get_by_role("group", name=who).get_by_label("Case Manager", exact=True)
        expect(chosen).to_have_value(str(bob.pk))


def test_magnifying_glass_opens_the_look_up_and_fills_the_row(
    at_desk, alice, bob, john, project, look
):
    page = begin(at_desk(alice), john)
    next_step(page, "Family Members")
    next_step(page, "HUD Program Enrollment")
    page.get_by_role("button", name="Look up a user").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Bo")
    dialog.get_by_role("button", name="Search").click()
    dialog.get_by_role("link", name=str(bob)).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Case Manager", exact=True)).to_have_value(str(bob.pk))
    expect(heading(page, "HUD Program Enrollment")).to_be_visible()


def test_on_a_phone_an_intake_can_be_done(at_desk, alice, john, project):
    page = at_desk(alice)
    page.set_viewport_size(PHONE)
    page.goto(f"/intake/?client={john.pk}")
    page.get_by_role("button", name="Start intake").click()
    for step in STEPS[1:3]:
        next_step(page, step)
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    for step in STEPS[3:]:
        next_step(page, step)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), step
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(heading(page, "Intake finished")).to_be_visible()
    assert Enrollment.objects.count() == 1


def test_what_is_typed_survives_a_log_out_and_is_continued_from_home(
    at_desk, elsewhere, alice, john, project, look
):
    page = begin(at_desk(alice), john)
    next_step(page, "Family Members")
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    next_step(page, "Universal Data Assessment")
    page.get_by_label("Prior Living Situation", exact=True).select_option("Safe Haven")
    # Nothing is pressed: what is typed is saved by itself.
    expect(page.get_by_text("Saved ", exact=False).last).to_be_visible()
    page.get_by_role("banner").locator("summary").filter(has_text="Your account").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Work e-mail")).to_be_visible()

    other = elsewhere(alice)
    other.goto("/")
    expect(other.get_by_role("heading", name="Continue where you left off")).to_be_visible()
    look("home", page=other)
    other.get_by_role("link", name="Smith, John").first.click()
    expect(heading(other, "Universal Data Assessment")).to_be_visible()
    expect(other.get_by_label("Prior Living Situation", exact=True)).to_have_value("118")
    expect(other.get_by_label("Length of Stay in Prior")).to_be_visible()


def test_autosave_that_arrives_after_save_and_next_overwrites_nothing(at_desk, alice, john):
    page = begin(at_desk(alice), john)
    page.route("**/autosave/", lambda route: None)  # it is on its way
    page.get_by_label("Veteran Status", exact=True).select_option("No")
    with page.expect_request("**/autosave/") as late:
        page.evaluate("htmx.trigger('#autosaved', 'hmis:pause')")
    page.get_by_label("Veteran Status", exact=True).select_option("Yes")
    page.evaluate("htmx.trigger('#autosaved', 'hmis:pause')")  # in its place
    next_step(page, "Family Members")
    sent = late.value
    page.request.post(sent.url, headers=sent.headers, data=sent.post_data)
    assert IntakeDraft.objects.get().answers.typed("basic") is None
    john.refresh_from_db()
    assert john.veteran_status == 1


def test_two_browsers_finishing_one_draft_make_one_household(
    at_desk, elsewhere, alice, john, project
):
    page = begin(at_desk(alice), john)
    for step in STEPS[1:3]:
        next_step(page, step)
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    for step in STEPS[3:]:
        next_step(page, step)
    other = elsewhere(alice)
    other.goto(page.url)
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text("Enrolled 1 person")).to_be_visible()
    other.get_by_role("button", name="Finish", exact=True).click()
    expect(heading(other, "Intake finished")).to_be_visible()
    expect(other.get_by_text("This was already finished.")).to_be_visible()
    assert Household.objects.count() == 1
    assert IntakeDraft.objects.get().answers_json == ""


def test_a_second_page_of_a_step_overwrites_nothing(at_desk, alice, john, project, look):
    page = begin(at_desk(alice), john)
    next_step(page, "Family Members")
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    next_step(page, "Universal Data Assessment")
    second = page.context.new_page()
    second.goto(page.url)
    page.get_by_label("Prior Living Situation", exact=True).select_option("Safe Haven")
    next_step(page, "Barriers")
    second.get_by_label("Prior Living Situation", exact=True).select_option(
        "Host Home (non-crisis)"
    )
    expect(second.get_by_text("This step was saved on another page.")).to_be_visible()
    second.once("dialog", lambda dialog: dialog.dismiss())
    with second.expect_event("dialog"):
        second.get_by_role("link", name="Find Client").click()
    second.get_by_role("button", name="Save & Next", exact=True).click()
    expect(second.get_by_text("saved on another page in the meantime")).to_be_visible()
    expect(second.get_by_text("Prior Living Situation of John Smith")).to_be_visible()
    look("stale", page=second)
    next_step(second, "Barriers")


def reopened(page: Page, enrollment: Enrollment) -> Page:
    """Re-open an enrollment and go to the prior living situation."""
    page.goto(enrollment.get_absolute_url())
    page.get_by_role("link", name="Re-open in the workflow").click()
    expect(heading(page, "Basic Client Information")).to_be_visible()
    page.get_by_role("link", name="Universal Data Assessment").click()
    expect(heading(page, "Universal Data Assessment")).to_be_visible()
    return page


def to_review(page: Page, situation: str) -> None:
    page.get_by_label("Prior Living Situation", exact=True).select_option(situation)
    next_step(page, "Barriers")
    page.get_by_role("link", name="Review").click()
    expect(heading(page, "Review")).to_be_visible()


def test_two_who_re_open_one_enrollment_overwrite_nothing(
    at_desk, elsewhere, alice, bob, john, project, look
):
    enrollment = EnrollmentFactory(
        client=john,
        project=project,
        created_by=alice,
        entry_date=timezone.localdate(),
        enrollment_coc="MA-500",
    )
    page, other = reopened(at_desk(alice), enrollment), reopened(elsewhere(bob), enrollment)
    to_review(other, "Safe Haven")
    other.get_by_role("button", name="Finish", exact=True).click()
    expect(other.get_by_text("is saved.")).to_be_visible()

    to_review(page, "Host Home (non-crisis)")
    expect(page.get_by_role("heading", name="was changed after you opened it")).to_be_visible()
    row = page.get_by_role("row", name="Prior Living Situation of John Smith")
    expect(row).to_contain_text("Safe Haven")
    expect(row).to_contain_text("Host Home (non-crisis)")
    expect(page.get_by_role("button", name="Finish", exact=True)).to_have_count(0)
    look("changed")
    page.get_by_role("button", name="Keep my answers").click()
    expect(page.get_by_text("Resolved.")).to_be_visible()
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text("is saved.")).to_be_visible()
    enrollment.refresh_from_db()
    assert enrollment.living_situation == 332


def test_start_page_and_the_undo_of_discarding(at_desk, alice, john, look):
    page = begin(at_desk(alice), john)
    page.get_by_role("button", name="Save and close").click()
    expect(heading(page, "Intake")).to_be_visible()
    look("list")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Discarded.")).to_be_visible()
    look("discarded")
    page.get_by_role("button", name="Undo").click()
    expect(heading(page, "Basic Client Information")).to_be_visible()
