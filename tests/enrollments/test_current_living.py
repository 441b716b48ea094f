"""Current Living Situation (4.12): contacts of street outreach and the like, on the enrollment."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from enrollments.models import CurrentLivingSituation
from hud.choices import ProjectType
from hud.rules import current_living, information_date
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import CurrentLivingSituationFactory, EnrollmentFactory
from tests.factories import ClientFactory
from tests.pages import errors, filled, messages, opened, send

OUTSIDE, FRIENDS, SUBSIDIZED = 116, 336, 435


@pytest.fixture
def enrollment(enrollment):
    type(enrollment.project).objects.update(project_type=ProjectType.STREET_OUTREACH)
    enrollment.project.refresh_from_db()
    return enrollment


def url(action, enrollment, *more):
    return reverse(
        f"enrollments:{action}_current_living", args=[enrollment.client_id, enrollment.pk, *more]
    )


def add(portal, user, enrollment, **typed):
    return send(portal(user), url("add", enrollment), **typed)


def kept(*names):
    return tuple(getattr(CurrentLivingSituation.objects.get(), name) for name in names)


def test_contact_is_added_today_and_listed_on_the_enrollment(portal, alice, enrollment, harbor):
    answer = add(
        portal, alice, enrollment, current_living_situation=OUTSIDE, location_details="Mill bridge"
    )
    assert answer.status_code == 302, errors(answer)
    assert answer["Location"] == enrollment.get_absolute_url()
    names = ("information_date", "current_living_situation", "client", "organization", "updated_by")
    assert kept(*names) == (TODAY, OUTSIDE, enrollment.client, harbor, alice)
    page = portal(alice).get(enrollment.get_absolute_url())
    assert "Mill bridge" in page.text
    assert "Place not meant for habitation" in page.text


def test_situation_is_asked_for_and_data_not_collected_passes(portal, alice, enrollment):
    answer = add(portal, alice, enrollment)
    assert errors(answer) == {
        "current_living_situation": ["Choose the living situation, or data not collected."]
    }
    assert add(portal, alice, enrollment, current_living_situation=99).status_code == 302


@pytest.mark.parametrize(
    ("shift", "message"),
    [(timedelta(days=1), "not in the future"), (timedelta(days=-90), "project start date")],
)
def test_day_outside_the_enrollment_is_an_error(portal, alice, enrollment, shift, message):
    day = f"{TODAY + shift:%m/%d/%Y}"
    answer = add(portal, alice, enrollment, information_date=day, current_living_situation=OUTSIDE)
    assert message in errors(answer)["information_date"][0]


def test_day_after_the_exit_is_an_error():
    found = information_date.issues(
        TODAY,
        rule="4.12",
        entry_date=date(2026, 1, 1),
        today=TODAY,
        exit_date=TODAY - timedelta(days=1),
    )
    assert [(one.rule, one.field) for one in found] == [("4.12", "information_date")]
    assert not information_date.issues(
        TODAY, rule="4.12", entry_date=TODAY, today=TODAY, exit_date=TODAY
    ), "the first and the last day are within the enrollment"


@pytest.mark.parametrize(
    ("situation", "leaves", "asked"),
    [
        (None, None, ()),
        (OUTSIDE, 1, ()),
        (37, 1, ()),
        (99, 1, ()),
        (FRIENDS, None, ("leave_situation_14_days",)),
        (FRIENDS, 0, ("leave_situation_14_days",)),
        (FRIENDS, 1, ("leave_situation_14_days", *current_living.AFTER_LEAVING)),
        (17, 0, ("leave_situation_14_days",)),
        (204, 0, ("leave_situation_14_days",)),
        (SUBSIDIZED, 0, ("cls_subsidy_type", "leave_situation_14_days")),
    ],
)
def test_what_is_asked_after_an_answer(situation, leaves, asked):
    assert current_living.questions(situation, leaves) == asked


def test_answers_that_do_not_apply_are_not_stored(portal, alice, enrollment):
    add(
        portal,
        alice,
        enrollment,
        current_living_situation=OUTSIDE,
        cls_subsidy_type="428",
        leave_situation_14_days="1",
        subsequent_residence="1",
    )
    names = ("cls_subsidy_type", "leave_situation_14_days", "subsequent_residence")
    assert kept(*names) == (None, None, None)


def test_answers_that_follow_are_stored(portal, alice, enrollment):
    typed = {"leave_situation_14_days": "1", "moved_two_or_more": "0", "resources_to_obtain": "8"}
    add(portal, alice, enrollment, current_living_situation=FRIENDS, **typed)
    assert kept(*typed) == (1, 0, 8)


@pytest.mark.parametrize("project_type", ProjectType)
def test_is_recorded_where_hud_asks_for_it(portal, alice, enrollment, project_type):
    type(enrollment.project).objects.update(project_type=project_type)
    is_asked = project_type in (1, 4, 14)
    page = portal(alice).get(enrollment.get_absolute_url())
    assert ("Add Contact" in page.text) == is_asked
    assert portal(alice).get(url("add", enrollment)).status_code == (200 if is_asked else 404)


def test_is_not_asked_of_a_child(portal, alice, enrollment):
    grace = ClientFactory(organization=enrollment.organization, dob=TODAY - timedelta(days=3000))
    child = EnrollmentFactory(
        household=enrollment.household,
        project=enrollment.project,
        client=grace,
        relationship_to_hoh=2,
    )
    assert portal(alice).get(url("add", child)).status_code == 404


def test_contact_is_corrected_deleted_and_restored(portal, alice, enrollment):
    row = CurrentLivingSituationFactory(enrollment=enrollment)
    browser = portal(alice)
    edit = url("edit", enrollment, row.pk)
    assert send(browser, edit, location_details="Mill bridge").status_code == 302
    assert kept("location_details") == ("Mill bridge",)
    delete = url("delete", enrollment, row.pk)
    assert "Delete this contact?" in browser.get(delete).text
    answer = browser.post(delete, follow=True)
    assert messages(answer) == ["Contact deleted."]
    assert "<bdi>Contact of 01/05/2026</bdi>" in answer.text
    assert not CurrentLivingSituation.objects.exists()
    assert browser.post(delete).status_code == 302, "twice does no harm"
    assert messages(browser.post(url("restore", enrollment, row.pk), follow=True)) == [
        "Contact restored."
    ]
    assert kept("location_details") == ("Mill bridge",)


def test_contact_of_another_enrollment_is_not_found_here(portal, alice, enrollment):
    other = CurrentLivingSituationFactory(
        enrollment=EnrollmentFactory(client=enrollment.client, organization=enrollment.organization)
    )
    for action in ("edit", "delete"):
        assert portal(alice).get(url(action, enrollment, other.pk)).status_code == 404


def test_other_organization_reads_and_changes_nothing(portal, charlie, enrollment):
    row = CurrentLivingSituationFactory(enrollment=enrollment, location_details="Mill bridge")
    page = portal(charlie).get(enrollment.get_absolute_url())
    assert "Mill bridge" in page.text
    assert "Add Contact" not in page.text
    for address in (
        url("add", enrollment),
        url("edit", enrollment, row.pk),
        url("delete", enrollment, row.pk),
    ):
        assert portal(charlie).get(address).status_code == 403


def test_double_click_adds_once(portal, alice, enrollment):
    browser = portal(alice)
    data = filled(opened(browser.get(url("add", enrollment))), current_living_situation=OUTSIDE)
    assert [browser.post(url("add", enrollment), data).status_code for _ in range(2)] == [302, 302]
    assert CurrentLivingSituation.objects.count() == 1


def test_page_costs_the_same_with_many_contacts(
    portal, alice, enrollment, django_assert_max_num_queries
):
    browser = portal(alice)
    browser.get(enrollment.get_absolute_url())
    counts = []
    for number in (1, 20):
        CurrentLivingSituationFactory.create_batch(number, enrollment=enrollment)
        with django_assert_max_num_queries(15) as captured:
            browser.get(enrollment.get_absolute_url())
        counts.append(len(captured))
    assert counts[0] == counts[1]
