"""Release of Information in an intake: by hand, by keyboard, and without JavaScript (13.1)."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.models import Client, Release
from consent.models import Signature
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start
from enrollments.models import Enrollment, IntakeDraft
from files.models import ClientFile
from tests.consent.factories import published
from tests.consent.sealing import keys
from tests.factories import ClientFactory, ProjectFactory, UserFactory
from tests.plugins.look import PHONE
from tests.stories.conftest import heading
from tests.stories.test_intake import ClickCounter
from tests.stories.test_sign_release import DASH, NAME, draw

MOST_CLICKS = 6


@pytest.fixture(autouse=True)
def seal(settings):
    keys.use(settings, keys.pair())


@pytest.fixture
def draft(john, alice, harbor) -> IntakeDraft:
    """An intake of John and Tim, his child, which has come to the step."""
    published(by=alice)
    tim = ClientFactory(
        organization=harbor, created_by=alice, first_name="Tim", dob=date(2019, 5, 6)
    )
    project = ProjectFactory(organization=harbor, project_name="Harbor Transitional Housing")
    found = start(by=alice, organization=harbor, client=john)
    found.answers.people = [tim.pk]
    found.answers.household = {
        "project": project.pk,
        "members": [_member(john, 1), _member(tim, 2)],
    }
    typed = {"project": [str(project.pk)]}
    for client, relationship in ((john, 1), (tim, 2)):
        typed |= {
            f"c{client.pk}-known": ["1"],
            f"c{client.pk}-enroll": ["on"],
            f"c{client.pk}-entry_date": [f"{timezone.localdate():%m/%d/%Y}"],
            f"c{client.pk}-relationship_to_hoh": [str(relationship)],
            f"c{client.pk}-case_manager": [""],
        }
    found.answers.steps[Step.PROGRAM] = typed
    for step in Step:
        if step not in (Step.RELEASE, Step.REVIEW):
            found.answers.mark(step, done=True)
    found.step = Step.RELEASE
    found.keep()
    return found


def _member(client: Client, relationship: int) -> dict:
    return {
        "client": client.pk,
        "entry_date": str(timezone.localdate()),
        "relationship": relationship,
        "case_manager": None,
    }


def finish(page: Page) -> None:
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text("Enrolled 2 people in Harbor Transitional Housing.")).to_be_visible()


def test_household_signs_with_at_most_6_clicks_and_a_signature(
    page, at_desk, alice, draft, look, record_property
):
    at_desk(alice).goto(draft.get_absolute_url())
    expect(heading(page, "Release of Information")).to_be_visible()
    look("step")
    counter = ClickCounter(page)
    group = page.get_by_role("region", name="John Smith, Tim Smith")
    counter.click(group.get_by_role("button", name=re.compile("^Sign on the screen")))
    expect(page.get_by_role("navigation", name="Favorites Menu")).to_have_count(0)
    look("text")
    draw(page, NAME, DASH)
    counter.press("Sign")
    expect(page.get_by_text("Thank you. It is signed.")).to_be_visible()
    look("thanks")
    counter.click(page.get_by_role("link", name="Continue"))
    expect(page.get_by_text("Signed on the screen on")).to_be_visible()
    look("signed")
    counter.next("Review")
    record_property("clicks", counter.pressed)
    assert counter.pressed <= MOST_CLICKS
    release = page.get_by_role("region", name=re.compile("^Release of Information"))
    expect(release).to_contain_text("Signed on the screen on")
    look("review")
    finish(page)
    assert set(Release.objects.values_list("client__first_name", "kind")) == {
        ("John", "signed"),
        ("Tim", "signed"),
    }
    assert (
        Signature.objects.count() == ClientFile.objects.count() == Enrollment.objects.count() == 2
    )


def test_typed_name_on_a_phone_without_javascript(elsewhere, alice, draft, picture):
    page = elsewhere(alice, java_script_enabled=False)
    page.set_viewport_size(PHONE)
    page.goto(draft.get_absolute_url())
    picture("step", of=page)
    page.get_by_role("button", name=re.compile("^Sign on the screen")).click()
    page.get_by_label("Your full name").fill("John Smith")
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_label(re.compile("^I have read this text")).check()
    picture("text", of=page)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_text("Signed with a typed name on")).to_be_visible()
    page.get_by_role("button", name="Save & Next").click()
    finish(page)
    assert set(Release.objects.values_list("kind", "signed_by")) == {
        ("typed", "client"),
        ("typed", "guardian"),
    }


def test_refusal_and_verbal_answer_by_keyboard(page, at_desk, alice, bob, harbor, draft, look):
    UserFactory(first_name="Wanda", last_name="Witness", at=[harbor])
    at_desk(alice).goto(draft.get_absolute_url())
    group = page.get_by_role("region", name="John Smith, Tim Smith")
    expect(group.get_by_label("Witness", exact=True)).to_be_hidden()
    group.get_by_label("Not asked now").press("ArrowDown")
    expect(group.get_by_label("Verbal, with a witness")).to_be_checked()
    expect(group.get_by_label("Witness", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save & Next").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose the colleague who heard it too")
    look("witness-missing")
    group.get_by_label("Witness", exact=True).select_option(label="Wanda Witness")
    page.get_by_role("button", name="Save & Next").press("Enter")
    expect(heading(page, "Review")).to_be_visible()
    expect(page.get_by_text("before Wanda Witness").first).to_be_visible()
    page.get_by_role("link", name="Change Release of Information").click()
    group.get_by_label("Verbal, with a witness").press("ArrowDown")
    page.get_by_role("button", name="Save & Next").press("Enter")
    expect(page.get_by_text("Refused on").first).to_be_visible()
    finish(page)
    assert set(Release.objects.values_list("kind", flat=True)) == {"refused"}
