"""Changing dates says what would be left outside, moves what can be moved, and keeps the rest."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from enrollments.dates import dated_models
from enrollments.models import (
    CaseAssignment,
    CurrentLivingSituation,
    Disability,
    IncomeBenefits,
    IntakeDraft,
)
from hud.choices import DataCollectionStage as Stage
from tests.cas.factories import AssessmentFactory, EventFactory
from tests.casenotes.factories import ServiceFactory
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    DisabilityFactory,
    IncomeBenefitsFactory,
)
from tests.enrollments.test_exits import exit_of, leave, now, typed_into
from tests.pages import errors, filled, opened, send

LATE, EXIT = TODAY - timedelta(days=1), TODAY - timedelta(days=3)
ON_EXIT = f"{EXIT:%m/%d/%Y}"


def service(enrollment, day=LATE):
    return ServiceFactory(enrollment=enrollment, client=enrollment.client, date=day)


def update(enrollment, day=LATE):
    row = IncomeBenefitsFactory(
        enrollment=enrollment, information_date=day, data_collection_stage=Stage.UPDATE
    )
    for kind in (5, 6):
        DisabilityFactory(
            enrollment=enrollment,
            information_date=day,
            data_collection_stage=Stage.UPDATE,
            disability_type=kind,
        )
    return row


def annual(enrollment, day=LATE):
    return IncomeBenefitsFactory(
        enrollment=enrollment, information_date=day, data_collection_stage=Stage.ANNUAL
    )


def contact(enrollment, day=LATE):
    return CurrentLivingSituationFactory(enrollment=enrollment, information_date=day)


def event(enrollment, day=LATE):
    return EventFactory(enrollment=enrollment, client=enrollment.client, event_date=day)


def ce_assessment(enrollment, day=LATE):
    return AssessmentFactory(enrollment=enrollment, client=enrollment.client, assessment_date=day)


KINDS = {
    "service": service,
    "update assessment": update,
    "annual assessment": annual,
    "contact": contact,
    "event": event,
    "coordinated entry assessment": ce_assessment,
}


def said(answer):
    return [text for text in opened(answer).warnings_in_words if "outside this" in text]


def test_every_kind_is_declared_by_its_model():
    names = {model._meta.model_name for model in dated_models()}
    assert names == {
        "service", "event", "assessment", "currentlivingsituation",
        "incomebenefits", "healthanddv", "disability",
        "employmenteducation", "youtheducationstatus",
    }  # fmt: skip


@pytest.mark.parametrize("noun", KINDS)
def test_exit_before_what_was_recorded_is_said_and_confirmed(portal, alice, enrollment, noun):
    KINDS[noun](enrollment)
    KINDS[noun](enrollment, day=EXIT)
    desk = portal(alice)
    asked = leave(desk, exit_of(enrollment), destination=410, exit_date=ON_EXIT, finish="1")
    (text,) = said(asked)
    assert text.startswith(f"1 {noun} is outside this exit date: {enrollment.client.display_name} ")
    assert f"{LATE:%m/%d/%Y}" in text
    assert "It is kept: correct its date or delete it, there or from" in text
    assert now(enrollment, "exit_date") == (None,)
    token = opened(asked).warnings_token
    answer = desk.post(exit_of(enrollment), typed_into(opened(asked), confirmed=token, finish="1"))
    assert answer.status_code == 302
    assert now(enrollment, "exit_date") == (EXIT,)


def test_household_is_said_by_name_and_number(portal, alice, enrollment, child):
    for one in (enrollment, child, child):
        service(one)
    asked = leave(
        portal(alice), exit_of(enrollment), destination=410, exit_date=ON_EXIT, finish="1"
    )
    (text,) = [one for one in opened(asked).warnings_in_words if "outside" in one]
    assert text.startswith("3 services are outside this exit date: ")
    assert text.count("Grace Smith") == 2
    assert "They are kept: correct their dates or delete them, there or from" in text


def test_exit_that_leaves_nothing_outside_says_nothing(portal, alice, enrollment):
    service(enrollment)
    assert leave(portal(alice), exit_of(enrollment), destination=410, finish="1").status_code == 302


def test_exit_edited_to_an_earlier_day_moves_its_assessment_and_assignments(
    portal, alice, enrollment
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    later = CaseAssignmentFactory(enrollment=enrollment, begins_on=LATE)
    desk = portal(alice)
    leave(desk, exit_of(enrollment), destination=410, finish="1")
    at_exit = IncomeBenefitsFactory(
        enrollment=enrollment, information_date=TODAY, data_collection_stage=Stage.EXIT
    )
    asked = leave(desk, exit_of(enrollment), exit_date=ON_EXIT)
    (text,) = opened(asked).warnings_in_words
    assert text.startswith("1 case assignment begins after this exit date")
    desk.post(
        exit_of(enrollment), typed_into(opened(asked), confirmed=opened(asked).warnings_token)
    )
    at_exit.refresh_from_db()
    later.refresh_from_db()
    assert at_exit.information_date == EXIT
    assert (later.begins_on, later.ends_on) == (EXIT, EXIT)
    assert set(CaseAssignment.objects.values_list("ends_on", flat=True)) == {EXIT}


@pytest.fixture
def cut(enrollment):
    """John's enrollment, ended before what was recorded in it."""
    enrollment.exit_date, enrollment.destination = EXIT, 410
    enrollment.save()
    return enrollment


def test_service_outside_can_be_corrected_moved_inside_and_deleted(portal, alice, cut):
    row = service(cut)
    desk = portal(alice)
    page = reverse("casenotes:edit_service", args=[row.client_id, row.pk])
    assert send(desk, page, units="7").status_code == 302
    row.refresh_from_db()
    assert (row.units, row.date) == (7, LATE)
    refused = send(desk, page, date=f"{TODAY:%m/%d/%Y}")
    assert "within this enrollment" in errors(refused)["date"][0], "no other day outside"
    assert send(desk, page, date=ON_EXIT).status_code == 302
    row.refresh_from_db()
    assert row.date == EXIT
    gone = reverse("casenotes:delete_service", args=[row.client_id, row.pk])
    assert desk.post(gone).status_code == 302


def test_contact_outside_can_be_corrected(portal, alice, cut):
    type(cut.project).objects.filter(pk=cut.project_id).update(project_type=4)
    row = contact(cut)
    page = reverse("enrollments:edit_current_living", args=[cut.client_id, cut.pk, row.pk])
    assert send(portal(alice), page, location_details="The bridge").status_code == 302
    assert CurrentLivingSituation.objects.get().location_details == "The bridge"


def test_event_outside_can_be_corrected_and_none_is_added(portal, alice, cut):
    row = event(cut)
    page = reverse("cas:edit_event", args=[row.client_id, row.pk])
    desk = portal(alice)
    form = opened(desk.get(page))
    assert desk.post(page, filled(form)).status_code == 302
    refused = send(desk, page, event_date=f"{TODAY:%m/%d/%Y}")
    assert "on or before the project exit" in errors(refused)["event_date"][0]


def test_assessment_outside_can_be_opened_and_moved_inside(portal, alice, cut):
    row = update(cut)
    desk = portal(alice)
    place = f"/clients/{cut.client_id}/enrollments/{cut.pk}/begin/update"
    page = desk.get(f"{place}/of/{LATE}/barriers/")
    assert page.context["day"] is not None, "its date is asked"
    opened_with = page.context["opened_with"]
    desk.post(page.context["autosave_url"], {"tab": "a", "opened_with": opened_with})
    step = IntakeDraft.objects.get().url_of("barriers")
    kept = desk.post(step, {"information_date": f"{LATE:%m/%d/%Y}", "next": "1", "tab": "a"})
    assert kept.status_code == 302
    moved = {"information_date": ON_EXIT, "next": "1", "tab": "a"}
    assert desk.post(step, moved).status_code == 302
    draft_id = step.split("/")[2]
    desk.post(f"/intake/{draft_id}/finish/")
    row.refresh_from_db()
    assert row.information_date == EXIT


@pytest.mark.parametrize("kind", ["update", "annual"])
def test_missed_assessment_is_added_after_the_exit_and_inside_the_enrollment(
    portal, alice, cut, kind
):
    type(cut).objects.update(entry_date=date(2025, 2, 20))
    desk = portal(alice)
    answer = desk.get(reverse(f"enrollments:{kind}", args=[cut.client_id, cut.pk]))
    step = answer["Location"]
    page = desk.get(step)
    assert page.context["day"].initial["information_date"] == EXIT
    late = {"information_date": f"{LATE:%m/%d/%Y}", "next": "1", "tab": "a"}
    assert "Enter a date on or before the exit date." in desk.post(step, late).text
    assert desk.post(step, late | {"information_date": "02/20/2026"}).status_code == 302
    desk.post(f"/intake/{IntakeDraft.objects.get().pk}/finish/")
    assert IncomeBenefits.objects.get().information_date == date(2026, 2, 20)


def test_assessment_outside_is_deleted_with_all_its_rows_and_restored(portal, alice, cut):
    row = update(cut)
    kept = annual(cut)
    desk = portal(alice)
    place = [cut.client_id, cut.pk, 2, LATE]
    url = reverse("enrollments:delete_assessment", args=place)
    assert url in desk.get(cut.get_absolute_url()).text
    assert f"Update of {LATE:%m/%d/%Y}" in desk.get(url).text
    assert [desk.post(url).status_code for _ in range(2)] == [302, 302]
    assert list(IncomeBenefits.objects.all()) == [kept]
    assert not Disability.objects.exists()
    assert f"Update of {LATE:%m/%d/%Y}" in desk.get(cut.get_absolute_url()).text
    desk.post(reverse("enrollments:restore_assessment", args=place))
    assert set(IncomeBenefits.objects.all()) == {row, kept}
    assert Disability.objects.count() == 2


@pytest.mark.parametrize("stage", [1, 3, 7])
def test_assessment_at_start_or_exit_is_not_deleted_alone(portal, alice, cut, stage):
    IncomeBenefitsFactory(enrollment=cut, information_date=EXIT, data_collection_stage=Stage.EXIT)
    place = [cut.client_id, cut.pk, stage, EXIT]
    url = reverse("enrollments:delete_assessment", args=place)
    assert portal(alice).post(url).status_code == 404
    assert IncomeBenefits.objects.count() == 1
