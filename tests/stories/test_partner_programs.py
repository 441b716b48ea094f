"""What HUD's programs ask beside the rest: an SSVF service, a Coordinated Entry Assessment."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cas.models import Assessment
from casenotes.models import Service
from tests.casenotes.factories import ServiceTypeFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ProjectFactory
from tests.stories.conftest import heading


@pytest.fixture
def enrollment(john, harbor, alice):
    project = ProjectFactory(organization=harbor, project_name="Harbor Veterans")
    since = timezone.localdate() - timedelta(days=21)
    return EnrollmentFactory(client=john, project=project, entry_date=since, created_by=alice)


@pytest.fixture
def catalog(harbor):
    """The services of an agency with an SSVF grant, and one of its own."""
    ServiceTypeFactory(organization=harbor, name="Bus pass")
    for name, codes in (("VA benefits", (144, 3)), ("Rent", (152, 1)), ("Other help", (144, 6))):
        ServiceTypeFactory(
            organization=harbor, name=name, record_type=codes[0], type_provided=codes[1]
        )


def day(ago):
    return f"{timezone.localdate() - timedelta(days=ago):%m/%d/%Y}"


def test_service_asks_what_its_type_needs(page, at_desk, alice, enrollment, catalog, john, look):
    at_desk(alice).goto(f"/clients/{john.pk}/services/")
    page.get_by_role("link", name="Add New Service").first.click()
    service = page.locator("select[name=service_type]")
    amount, sub_type = page.get_by_label("Amount of Financial"), page.get_by_label("Sub Type")
    for box in (amount, sub_type, page.get_by_label("Specify Other")):
        expect(box).to_be_hidden()
    service.select_option("VA benefits (count)")
    expect(sub_type).to_be_visible()
    expect(amount).to_be_hidden()
    sub_type.select_option("Educational assistance")
    service.select_option("Rent (count)")
    expect(sub_type).to_be_hidden()
    amount.fill("$850")
    page.get_by_label("Financial Assistance Start Date").fill(day(10))
    page.get_by_label("Financial Assistance End Date").fill(day(20))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot end before it starts")
    look("service")
    page.get_by_label("Financial Assistance End Date").fill(day(1))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Service saved.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Rent")).to_contain_text("$850.00")
    look("services")

    page.goto(f"/clients/{john.pk}/case-notes/add/")
    page.get_by_label("Title").fill("First visit")
    page.get_by_label("Note", exact=True).fill("We applied for benefits.")
    page.get_by_role("button", name="Add service").click()
    row = page.locator("[data-service-row]")
    expect(row.get_by_label("Sub Type")).to_be_hidden()
    row.locator("select[name$=service_type]").select_option("VA benefits (count)")
    row.get_by_label("Sub Type").select_option("Health care services")
    look("note")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="First visit").click()
    expect(page.get_by_text("Health care services")).to_be_visible()
    rent, benefits = Service.objects.order_by("pk")
    assert (rent.fa_amount, rent.sub_type_provided) == (850, None)
    assert (benefits.sub_type_provided, benefits.fa_amount) == (4, None)


def test_assessment_is_recorded_corrected_deleted_and_restored(
    page, at_desk, alice, enrollment, john, look
):
    at_desk(alice).goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_text("Coordinated Access", exact=True).click()
    menu.get_by_role("link", name="Assessments").click()
    expect(heading(page, "Assessments")).to_be_visible()
    look("no-assessments")
    page.get_by_role("main").get_by_role("link", name="Add New Assessment").first.click()
    page.get_by_label("Housing Needs Assessment").check()
    page.get_by_label("In Person").check()
    page.get_by_label("Placed on prioritization list", exact=True).check()
    page.get_by_label("Answer 1").fill("Outside")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Question 1: Enter the question.")
    look("assessment-form")
    page.get_by_label("Assessment Location").fill("Main Street")
    page.get_by_label("Question 1").fill("Where did you sleep last night?")
    for number in range(2, 7):
        page.get_by_label(f"Question {number}").fill(f"Question of the community {number}")
    page.get_by_label("Type of Result 1").fill("Score")
    page.get_by_label("Result 1", exact=True).fill("12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Assessment saved.")).to_be_visible()
    look("assessments")
    assessment = Assessment.objects.get()
    assert assessment.questions.count() == 6

    page.get_by_role("link", name="Housing Needs Assessment").click()
    expect(page.get_by_role("cell", name="Outside")).to_be_visible()
    look("assessment")
    page.get_by_role("main").get_by_role("link", name="Edit").click()
    for name in ("Question 6", "Answer 6", "Group 6"):
        page.get_by_label(name).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Assessment saved.")).to_be_visible()
    assert assessment.questions.count() == 5

    row = page.get_by_role("row").filter(has_text="Housing Needs")
    row.get_by_label("Actions for").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Assessment deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    assert assessment.questions.count() == 5
