"""A household of three by the short ways: fewer clicks, Review, the closing page, paper."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agencies.models import Project
from clients.models import Client
from enrollments.models import Disability, Enrollment, IncomeBenefits
from hud.rules import living_situation
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.plugins.look import PHONE
from tests.stories.conftest import heading
from tests.stories.test_intake import ClickCounter, ask, begin, next_button, next_step, section

LONG = "Physical disability: long-continued and indefinite, and impairs independent living"
TIMES = "Times on the streets, in emergency shelter or safe haven in the past three years"
MONTHS = "Months homeless on the streets, in emergency shelter or safe haven in those years"


@pytest.fixture
def project(harbor):
    return ProjectFactory(organization=harbor, project_name="Harbor Transitional Housing")


@pytest.fixture
def household(alice, harbor):
    """Makes John, Mary and Tim, who were in a household before; returns the three."""
    before = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")

    def make() -> list[Client]:
        people = [
            ClientFactory(organization=harbor, created_by=alice, first_name=name, dob=born)
            for name, born in (
                ("John", date(1980, 1, 1)),
                ("Mary", date(1983, 2, 3)),
                ("Tim", date(2019, 5, 6)),
            )
        ]
        known = {"project": before, "created_by": alice, "exit_date": date(2026, 1, 20)}
        head = EnrollmentFactory(client=people[0], **known)
        for client, relationship in zip(people[1:], (3, 2), strict=True):
            EnrollmentFactory(
                client=client,
                household=head.household,
                relationship_to_hoh=relationship,
                **known,
            )
        return people

    return make


class ByHand(ClickCounter):
    """A click a question, as before there were short ways."""

    OPEN = "fieldset[data-no]:not(:disabled):not(:has(:checked:not([value='']))):visible"

    def choose_of(self, who: str, label: str, option: str) -> None:
        self.pressed += 2  # into the list, and the option
        section(self.page, who).get_by_label(label, exact=True).select_option(label=option)

    def write_of(self, who: str, label: str, text: str) -> None:
        self.pressed += 1
        section(self.page, who).get_by_label(label).fill(text)

    def answer_of(self, who: str, question: str, answer: str) -> None:
        group = section(self.page, who).get_by_role("radiogroup", name=question, exact=True)
        self.click(group.get_by_label(answer, exact=True))

    def situation_of(self, who: str) -> None:
        self.choose_of(who, "Prior Living Situation", "Safe Haven")
        self.choose_of(who, "Length of Stay in Prior Living Situation", "One year or longer")
        self.write_of(who, "Approximate date", "01/02/2025")
        self.choose_of(who, TIMES, "One time")
        self.choose_of(who, MONTHS, "More than 12 months")

    def situation_of_the_other(self, who: str) -> None:
        self.situation_of(who)

    def no_to_all_the_rest(self) -> None:
        questions = self.page.locator(self.OPEN)
        while questions.count():
            if (choices := questions.first.get_by_role("combobox")).count():
                self.pressed += 2
                choices.select_option(label="No")
            else:
                self.click(questions.first.get_by_label("No", exact=True))


class ShortWays(ByHand):
    """With the buttons that answer many questions."""

    def situation_of_the_other(self, who: str) -> None:
        self.press("Use for the other adults")
        other = section(self.page, who)
        expect(other.get_by_label("Prior Living Situation", exact=True)).to_have_value("118")
        expect(other.get_by_label("Approximate date")).to_have_value("01/02/2025")

    def no_to_all_the_rest(self) -> None:
        self.press("No to all the rest for everybody")
        expect(self.page.get_by_text(re.compile(r"^\d+ answered No\.$"))).to_be_visible()
        expect(self.page.locator(self.OPEN)).to_have_count(0)


def enroll(counter: ByHand, head: Client, project: Project, look: Callable[[str], None]) -> None:
    """An intake of John, Mary and Tim from John's dashboard to Review, the same each time."""
    page = counter.page
    page.goto(head.get_absolute_url())
    counter.click(page.get_by_role("link", name="Intake", exact=True).first)
    counter.press("Start intake")
    counter.choose("Veteran Status", "No")
    counter.next("Family Members")
    for who in ("Mary Smith", "Tim Smith"):
        counter.tick(who)
    counter.next("HUD Program Enrollment")
    counter.choose("Project", project.project_name)
    expect(page.get_by_role("button", name="Save & Next")).to_have_count(0)
    look("program")
    counter.next("Universal Data Assessment")
    counter.write_of("John Smith", "Enrollment CoC", "MA-500")
    counter.situation_of("John Smith")
    counter.situation_of_the_other("Mary Smith")
    counter.answer_of("Mary Smith", "Veteran Status", "No")
    look("universal")
    counter.next("Barriers")
    counter.answer_of("John Smith", "Physical disability", "Yes")
    counter.answer_of("John Smith", LONG, "Yes")
    counter.no_to_all_the_rest()
    look("barriers")
    counter.next("Domestic Violence")
    for who in ("John Smith", "Mary Smith"):
        counter.answer_of(who, "Survivor of Domestic Violence", "No")
    counter.next("Income and Sources")
    for step in ("Non-Cash Benefits", "Health Insurance", "Review"):
        counter.no_to_all_the_rest()
        look(step.replace(" ", "-").lower() if step != "Review" else "insurance")
        counter.next(step)


def stored(people: list[Client]) -> list[tuple]:
    """What the intake of a household stored of each of its people."""
    return [
        (
            list(
                Enrollment.objects.filter(client=one, exit_date=None).values_list(
                    "disabling_condition", "enrollment_coc", *living_situation.FIELDS
                )
            ),
            list(
                Disability.objects.filter(client=one)
                .order_by("disability_type")
                .values_list("disability_type", "disability_response", "indefinite_and_impairs")
            ),
            list(
                IncomeBenefits.objects.filter(client=one).values_list(
                    "income_from_any_source",
                    "benefits_from_any_source",
                    "insurance_from_any_source",
                    "total_monthly_income",
                )
            ),
        )
        for one in people
    ]


def test_intake_of_three_people_takes_at_most_60_percent_of_the_clicks_by_hand(
    at_desk, alice, household, project, look, record_property
):
    page = at_desk(alice)
    first, second = household(), household()
    by_hand = ByHand(page)
    enroll(by_hand, first[0], project, lambda label: None)
    by_hand.press("Finish")
    expect(heading(page, "Intake finished")).to_be_visible()

    short = ShortWays(page)
    enroll(short, second[0], project, look)
    computed = page.get_by_role("region", name="What HUD computes from these answers")
    expect(computed).to_contain_text("began a year or more before the project start")
    expect(computed).to_contain_text("$0.00")
    look("review")
    short.press("Finish")
    expect(heading(page, "Intake finished")).to_be_visible()
    look("finished")
    record_property("keystrokes and clicks", f"{short.pressed} of {by_hand.pressed}")
    assert short.pressed <= 0.6 * by_hand.pressed, (short.pressed, by_hand.pressed)
    assert stored(second) == stored(first)
    assert len(stored(second)[0][1]) == 6

    page.get_by_role("link", name="Print the Intake").click()
    expect(page.get_by_role("article")).to_contain_text("Mary Smith")
    look("print")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert re.fullmatch(r"intake-\d+-client-\d+\.pdf", download.value.suggested_filename)
    page.go_back()
    page.get_by_role("link", name="Upload Consent").click()
    expect(page.get_by_label("Category", exact=True)).to_have_value("consent")


def test_what_is_not_answered_is_listed_and_each_section_can_be_changed(
    at_desk, alice, john, project, look
):
    page = begin(at_desk(alice), john)
    next_step(page, "Family Members")
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    for step in ("Universal Data Assessment", "Barriers"):
        next_step(page, step)
    page.get_by_role("link", name="Review").or_(next_button(page)).first.click()
    for step in ("Income and Sources", "Non-Cash Benefits", "Health Insurance", "Review"):
        next_step(page, step)
    missing = page.get_by_role("region", name="Not answered")
    expect(missing).to_contain_text("Physical disability")
    look("not-answered")
    missing.get_by_role("heading", name="Barriers").click()
    missing.get_by_role("link", name="Mental health disorder").click()
    expect(heading(page, "Barriers")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="Mental health disorder")).to_be_focused()
    ask(page, "Mental health disorder", "No")
    page.get_by_role("link", name="Review").click()
    expect(heading(page, "Review")).to_be_visible()
    page.get_by_role("link", name="Change Health Insurance").click()
    expect(heading(page, "Health Insurance")).to_be_visible()
    expect(page.get_by_text("Step 9 of 10")).to_be_visible()


def test_today_and_the_calendar_leave_typing_as_it_is(at_desk, alice, john, project):
    page = begin(at_desk(alice), john)
    next_step(page, "Family Members")
    next_step(page, "HUD Program Enrollment")
    card = page.get_by_role("group", name="John")
    field = card.get_by_label("Project Start Date")
    field.fill("")
    field.press_sequentially("0102")
    expect(field).to_have_value("01/02/")
    field.press_sequentially("2026")
    expect(field).to_have_value("01/02/2026")
    card.get_by_role("button", name="Today").click()
    expect(field).to_have_value(f"{timezone.localdate():%m/%d/%Y}")
    expect(field).to_be_focused()
    card.locator(".date-days").evaluate(
        "days => { days.value = '2026-01-05'; days.dispatchEvent(new Event('change')); }"
    )
    expect(field).to_have_value("01/05/2026")
    card.get_by_role("button", name="Choose a date").click()
    expect(card.locator(".date-days")).to_have_value("2026-01-05")
    page.keyboard.press("Escape")


def test_birthday_has_no_today(at_desk, alice, john):
    page = begin(at_desk(alice), john)
    box = page.locator(".date-box").filter(has=page.get_by_label("Date of Birth", exact=True))
    expect(box.get_by_role("button")).to_have_count(0)


def test_on_a_phone_yes_and_no_are_large_and_no_answer_stands_apart(
    at_desk, alice, john, project, picture
):
    page = at_desk(alice)
    page.set_viewport_size(PHONE)
    page.goto(f"/intake/?client={john.pk}")
    page.get_by_role("button", name="Start intake").click()
    for step in ("Family Members", "HUD Program Enrollment"):
        next_step(page, step)
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    for step in ("Universal Data Assessment", "Barriers"):
        next_step(page, step)
    group = page.get_by_role("radiogroup", name="Physical disability", exact=True)
    boxes = {text: _card_of(group, text) for text in ("Yes", "No", "Data not collected")}
    assert boxes["Yes"]["height"] >= 44
    assert boxes["Yes"]["width"] >= 120
    assert boxes["Yes"]["y"] == boxes["No"]["y"]
    assert boxes["Data not collected"]["y"] >= boxes["No"]["y"] + boxes["No"]["height"]
    assert boxes["Data not collected"]["height"] < boxes["Yes"]["height"]
    edge = boxes["No"]
    page.mouse.click(edge["x"] + edge["width"] - 6, edge["y"] + edge["height"] / 2)
    expect(group.get_by_label("No", exact=True)).to_be_checked()
    picture("yes-and-no")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def _card_of(group, text: str) -> dict[str, float]:
    box = group.locator(".form-check").filter(has=group.page.get_by_label(text, exact=True))
    return box.bounding_box()


def test_without_javascript_the_short_ways_are_there_too(elsewhere, alice, household, project):
    page = begin(elsewhere(alice, java_script_enabled=False), household()[0])
    next_step(page, "Family Members")
    page.get_by_label("Mary Smith").check()
    next_step(page, "HUD Program Enrollment")
    page.get_by_label("Project", exact=True).select_option(label=project.project_name)
    expect(page.get_by_role("button", name="Today")).to_have_count(0)
    next_step(page, "Universal Data Assessment")
    head = section(page, "John Smith")
    head.get_by_label("Prior Living Situation", exact=True).select_option("Safe Haven")
    head.get_by_role("button", name="Use for the other adults").click()
    mary = section(page, "Mary Smith")
    expect(mary.get_by_label("Prior Living Situation", exact=True)).to_have_value("118")
    next_step(page, "Barriers")
    ask(section(page, "Mary Smith"), "Developmental disability", "Yes")
    section(page, "Mary Smith").get_by_role("button", name="No to all the rest").click()
    group = section(page, "Mary Smith").get_by_role("radiogroup", name="HIV/AIDS", exact=True)
    expect(group.get_by_label("No", exact=True)).to_be_checked()
    kept = section(page, "Mary Smith").get_by_role("radiogroup", name="Developmental disability")
    expect(kept.get_by_label("Yes", exact=True)).to_be_checked()
