"""The page after Finish: who is enrolled, what is due when, what comes next."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.models import ClientAccess
from enrollments.intake.closing import due
from enrollments.intake.draft.sections import Step
from enrollments.models import Enrollment, IncomeBenefits
from hud.anniversaries import anniversary
from hud.choices import ProjectType
from tests.enrollments.factories import IncomeBenefitsFactory
from tests.enrollments.intake.conftest import Walk, began

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def closed_once(lees_enrolling):
    assert lees_enrolling.finish()["Location"] == lees_enrolling.ends_at
    return lees_enrolling


@pytest.fixture
def closed(closed_once):
    return Walk(closed_once.browser, closed_once.fresh())


def page_of(walk):
    return walk.browser.get(walk.ends_at)


def labels(walk) -> list[str]:
    return [one.label for one in page_of(walk).context["due"]]


def test_page_says_who_is_enrolled_and_by_whom_they_are_managed(closed, alice, ann, ben, cal):
    page = page_of(closed).content.decode()
    assert "Enrolled 3 people in Harbor Transitional Housing." in page
    for one in (ann, ben, cal):
        assert one.display_name in page
    assert page.count(f"Case Manager: {alice}") == 3


def test_page_leads_to_print_note_and_consent(closed, ann):
    page = page_of(closed).content.decode()
    row = Enrollment.objects.get(client=ann)
    assert reverse("print_intake", args=[ann.pk, row.pk]) in page
    assert reverse("casenotes:add", args=[ann.pk]) in page
    consent = f"{reverse('files:add_client_file', args=[ann.pk])}?category=consent"
    assert consent in page
    form = closed.browser.get(consent).context["form"]
    assert form["category"].value() == "consent"


@pytest.mark.parametrize("category", ["", "x", "consent'--", "CONSENT"])
def test_category_that_is_none_is_ignored(closed, ann, category):
    page = closed.browser.get(
        reverse("files:add_client_file", args=[ann.pk]), {"category": category}
    )
    assert not page.context["form"]["category"].value()


def test_annual_assessment_is_due_around_the_anniversary(closed, today):
    (found,) = (one for one in page_of(closed).context["due"] if "Annual" in one.label)
    day = anniversary(today, today.year + 1)
    first, last = day - timedelta(days=30), day + timedelta(days=30)
    assert found.when == f"{day:%m/%d/%Y} ({first:%m/%d/%Y} to {last:%m/%d/%Y})"


def test_annual_assessment_that_was_held_is_not_due_again(closed, ann, today):
    row = Enrollment.objects.get(client=ann)
    start = anniversary(today, today.year - 1)
    Enrollment.objects.update(entry_date=start)
    row.refresh_from_db()
    rows = list(Enrollment.objects.of_household(row.household_id))
    assert next(due(rows, today)).when.startswith(f"{anniversary(start, today.year):%m/%d/%Y}")
    IncomeBenefitsFactory(enrollment=row, data_collection_stage=5, information_date=today)
    later = anniversary(start, today.year + 1)
    assert next(due(rows, today)).when.startswith(f"{later:%m/%d/%Y}")


def test_permanent_housing_waits_for_the_move_in_date(closed, project):
    assert "Housing Move-In Date" not in labels(closed)
    project.project_type = ProjectType.PSH
    project.save()
    assert "Housing Move-In Date" in labels(closed)
    Enrollment.objects.update(move_in_date=Enrollment.objects.first().entry_date)
    assert "Housing Move-In Date" not in labels(closed)


def test_child_who_turns_18_before_the_next_assessment_is_named(closed, cal, today):
    cal.dob = date(today.year - 18, today.month, 1) + timedelta(days=45)
    cal.save()
    assert "Cal Lee turns 18: update assessment" in labels(closed)


def test_child_who_turned_18_and_was_assessed_is_not_named(closed, cal, today):
    """As of an enrollment that is re-opened: the caseload says the same."""
    Enrollment.objects.update(entry_date=anniversary(today, today.year - 1))
    cal.dob = anniversary(today, today.year - 18) - timedelta(days=40)
    cal.save()
    assert "Cal Lee turns 18: update assessment" in labels(closed)
    row = Enrollment.objects.get(client=cal)
    IncomeBenefitsFactory(enrollment=row, data_collection_stage=2, information_date=today)
    assert "Cal Lee turns 18: update assessment" not in labels(closed)


def test_nothing_is_due_where_nobody_is_left(closed, today):
    Enrollment.objects.update(exit_date=today, destination=410)
    page = page_of(closed)
    assert page.context["due"] == []
    assert "What is due when" not in page.content.decode()


def test_closing_page_is_the_owners_alone(closed, portal, bob, charlie):
    for user in (bob, charlie):
        assert portal(user).get(closed.ends_at).status_code == 404
    assert closed.browser.post(closed.ends_at).status_code == 405


def test_access_that_was_lost_closes_the_page(closed, alice):
    alice.memberships.all().delete()
    assert page_of(closed).status_code in (302, 403, 404)
    assert "Ann Lee" not in page_of(closed).content.decode()


def test_member_whom_the_user_may_not_see_is_not_named(closed, ben, bridge):
    Enrollment.objects.filter(client=ben).update(organization=bridge)
    ben.organization, ben.visibility = bridge, "own"
    ben.save()
    assert "Ben Lee" not in page_of(closed).content.decode()


def test_everybody_on_the_page_is_in_the_access_log(closed, ann, ben, cal):
    page_of(closed)
    rows = ClientAccess.objects.filter(page="enrollments:intake_finished")
    assert set(rows.exclude(client=None).values_list("client", flat=True)) == {ann.pk}
    assert {pk for row in rows.filter(kind="list") for pk in row.listed} == {ben.pk, cal.pk}


def test_re_opened_enrollment_ends_there_too_and_an_assessment_on_the_dashboard(closed, ann):
    row = Enrollment.objects.get(client=ann)
    assert IncomeBenefits.objects.filter(enrollment=row).exists()

    for place, ends in (("reopen", True), ("update", False)):
        again = began(closed.browser, reverse(f"enrollments:{place}", args=[ann.pk, row.pk]))
        again.save(Step.REVIEW, {}, button="close")
        answer = again.finish()
        assert answer["Location"] == again.ends_at
        assert ("/finished/" in answer["Location"]) is ends
