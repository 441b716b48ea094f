"""Enrollments of a client, Exit, and its undoing (4.9)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from enrollments.models import CaseAssignment, Enrollment
from hud.choices import DataCollectionStage
from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    DisabilityFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ClientFactory, ProjectFactory
from tests.stories.conftest import heading


@pytest.fixture
def enrollment(john, harbor, alice):
    """John and Grace at Harbor's shelter for sixty days, Alice their case manager."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    since = timezone.localdate() - timedelta(days=60)
    head = EnrollmentFactory(
        client=john, project=shelter, entry_date=since, created_by=alice, living_situation=116
    )
    grace = EnrollmentFactory(
        client=ClientFactory(first_name="Grace", organization=harbor, created_by=alice),
        project=shelter,
        household=head.household,
        entry_date=since,
        relationship_to_hoh=2,
    )
    for one in (head, grace):
        CaseAssignmentFactory(enrollment=one, case_manager=alice, begins_on=since)
    IncomeBenefitsFactory(
        enrollment=head, information_date=since, income_from_any_source=1, ssi=1, ssi_amount=967
    )
    DisabilityFactory(enrollment=head, information_date=since, disability_response=0)
    HealthAndDVFactory(enrollment=head, information_date=since, domestic_violence_survivor=0)
    return head


def test_an_enrollment_is_found_and_read(page, at_desk, alice, enrollment, look):
    at_desk(alice).goto(enrollment.client.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.locator("summary", has_text="Enrollments").click()
    menu.get_by_role("link", name="Enrollments", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Harbor Family Shelter")
    for words in ("Harbor Services", "Self", "Grace Smith", str(alice), "Active"):
        expect(row).to_contain_text(words)
    look("list")
    row.get_by_label("Actions for Harbor Family Shelter").click()
    look("actions")
    page.get_by_role("link", name="Open", exact=True).click()
    expect(heading(page, "Harbor Family Shelter")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Place not meant for habitation")
    look("one")


def card_of(page, name):
    """The card of one member on the exit page."""
    return page.get_by_role("group", name=re.compile(name))


def test_a_household_exits_with_its_assessment_and_comes_back(
    page, at_desk, alice, enrollment, look
):
    at_desk(alice).goto(f"/clients/{enrollment.client_id}/enrollments/")
    page.get_by_label("Actions for Harbor Family Shelter").click()
    page.get_by_role("link", name="Exit", exact=True).click()
    expect(heading(page, "Exit")).to_be_visible()
    expect(page.get_by_label("Exit Date")).to_have_value(f"{timezone.localdate():%m/%d/%Y}")
    expect(page.get_by_label("End case assignment")).to_be_checked()
    john, grace = card_of(page, "John"), card_of(page, "Grace")
    expect(grace.get_by_label(re.compile("^Exit"))).to_be_checked()
    expect(john.get_by_label("Rental Subsidy Type")).to_be_hidden()
    destination = john.get_by_label("Destination", exact=True)
    destination.select_option("17")
    expect(john.get_by_label("Other Destination")).to_be_visible()
    destination.select_option("435")
    expect(john.get_by_label("Other Destination")).to_be_hidden()
    john.get_by_label("Rental Subsidy Type").select_option("433")
    john.get_by_role("button", name="Use for whole household").click()
    expect(grace.get_by_label("Rental Subsidy Type")).to_have_value("433")
    grace.get_by_label("Destination", exact=True).select_option("422")
    late = timezone.localdate() - timedelta(days=40)
    page.get_by_label("Exit Date").fill(f"{late:%m/%d/%Y}")
    look("form")
    page.get_by_role("button", name="Save & Next", exact=True).click()
    expect(page.get_by_role("region", name="Please check")).to_contain_text("more than 30 days")
    look("please-check")
    page.get_by_label("I have checked this; save it as it is").check()
    page.get_by_role("button", name="Save & Next", exact=True).click()
    for step in ("Barriers", "Income and Sources", "Non-Cash Benefits", "Health Insurance"):
        expect(heading(page, step)).to_be_visible()
        page.get_by_role("button", name="Save & Next", exact=True).click()
    expect(heading(page, "Review")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Rental by client, with ongoing")
    look("review")
    assert not Enrollment.objects.exclude(exit_date=None).exists()
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text("Exit saved for 2 members of the household.")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Exited")
    expect(page.get_by_role("region", name="Exit assessment to do")).to_have_count(0)
    kept = Enrollment.objects.order_by("pk").values_list("exit_date", "destination")
    assert list(kept) == [(late, 435), (late, 422)]
    assert set(CaseAssignment.objects.values_list("ends_on", flat=True)) == {late}

    page.get_by_label("Actions for Harbor Family Shelter").click()
    page.get_by_role("link", name="Undo exit").click()
    pop_up = page.get_by_role("dialog", name="Undo this exit?")
    expect(pop_up.get_by_label(re.compile("Smith, Grace"))).to_be_checked()
    look("undo")
    pop_up.get_by_role("button", name="Undo exit").click()
    expect(page.get_by_text("Exit undone: the enrollment is active again.")).to_be_visible()
    assert set(Enrollment.objects.values_list("exit_date", "destination")) == {(None, None)}
    assert set(CaseAssignment.objects.values_list("ends_on", flat=True)) == {None}


def test_head_who_leaves_first_is_asked_about(page, at_desk, alice, enrollment):
    at_desk(alice).goto(f"{enrollment.get_absolute_url()}exit/")
    card_of(page, "Grace").get_by_label(re.compile("^Exit")).uncheck()
    card_of(page, "John").get_by_label("Destination", exact=True).select_option("410")
    page.get_by_role("button", name="Finish without the exit assessment").click()
    asked = page.get_by_role("region", name="Please check")
    expect(asked).to_contain_text("the head leaves before them")
    expect(asked).to_be_focused()


def test_exit_without_the_assessment_works_without_javascript(elsewhere, alice, enrollment):
    page = elsewhere(alice, java_script_enabled=False)
    page.goto(f"{enrollment.get_absolute_url()}exit/")
    john = card_of(page, "John")
    john.get_by_label("Destination", exact=True).select_option("17")
    expect(john.get_by_label("Rental Subsidy Type")).to_be_visible()
    john.get_by_label("Other Destination").fill("A boat")
    john.get_by_role("button", name="Use for whole household").click()
    page.get_by_role("button", name="Finish without the exit assessment").click()
    expect(page.get_by_text("Exit saved for 2 members of the household.")).to_be_visible()
    kept = Enrollment.objects.values_list("destination_subsidy_type", "other_destination")
    assert set(kept) == {(None, "A boat")}
    to_do = page.get_by_role("region", name="Exit assessment to do")
    expect(to_do.get_by_role("listitem")).to_have_count(2)
    to_do.get_by_role("link", name="Exit assessment").click()
    expect(heading(page, "Barriers")).to_be_visible()
    for name in ("John Smith", "Grace Smith"):
        expect(page.get_by_role("region", name=name)).to_be_visible()


def test_other_organization_reads_and_does_not_exit(page, at_desk, charlie, enrollment, look):
    at_desk(charlie).goto(enrollment.get_absolute_url())
    main = page.get_by_role("main")
    expect(main).to_contain_text("shown to users of Harbor Services and to this enrollment")
    expect(main.get_by_role("link", name="Exit", exact=True)).to_have_count(0)
    expect(main).not_to_contain_text("Survivor of Domestic Violence")
    look("read-only")


def test_edit_client_shows_the_answers_of_the_enrollment(page, at_desk, alice, enrollment, look):
    at_desk(alice).goto(f"/clients/{enrollment.client_id}/edit/")
    section = page.get_by_role("region", name="Asked at enrollment")
    expect(section).to_contain_text("Self (head of household)")
    section.get_by_role("link", name="Go to the enrollment in Harbor Family Shelter").click()
    expect(heading(page, "Harbor Family Shelter")).to_be_visible()


def test_an_update_is_corrected_in_place(page, at_desk, alice, enrollment, look):
    day = timezone.localdate() - timedelta(days=3)
    update = IncomeBenefitsFactory(
        enrollment=enrollment,
        information_date=day,
        data_collection_stage=DataCollectionStage.UPDATE,
        income_from_any_source=0,
    )
    at_desk(alice).goto(enrollment.get_absolute_url())
    look("assessments")
    page.get_by_role("link", name=f"Correct the Update of {day:%m/%d/%Y}").click()
    expect(page.get_by_role("main")).to_contain_text(f"Update assessment of {day:%m/%d/%Y}")
    page.get_by_role("link", name="Income and Sources").click()
    expect(heading(page, "Income and Sources")).to_be_visible()
    asked = page.get_by_role("radiogroup", name="Income from Any Source")
    expect(asked.get_by_label("No", exact=True)).to_be_checked()
    asked.get_by_label("Client doesn't know").check()
    look("income")
    page.get_by_role("button", name="Save & Next", exact=True).click()
    expect(heading(page, "Non-Cash Benefits")).to_be_visible()
    page.get_by_role("link", name="Review").click()
    expect(heading(page, "Review")).to_be_visible()
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text(f"Update assessment of {day:%m/%d/%Y} for")).to_be_visible()
    update.refresh_from_db()
    assert (update.income_from_any_source, update.information_date) == (8, day)


def test_a_contact_is_added_to_an_outreach_enrollment(page, at_desk, alice, enrollment, look):
    type(enrollment.project).objects.update(project_type=4)
    at_desk(alice).goto(enrollment.get_absolute_url())
    page.get_by_role("link", name="Add Contact").click()
    expect(heading(page, "Current Living Situation")).to_be_visible()
    expect(page.get_by_label("Date of Contact")).to_have_value(f"{timezone.localdate():%m/%d/%Y}")
    leaves = page.get_by_label("Has to leave this situation within 14 days")
    expect(leaves).to_be_hidden()
    page.get_by_label("Current Living Situation", exact=True).select_option("336")
    expect(leaves).to_be_visible()
    leaves.select_option("1")
    page.get_by_label("Has a subsequent residence been identified?").select_option("0")
    look("form")
    page.get_by_role("button", name="Save").click()
    contacts = page.get_by_role("region", name="Current Living Situation")
    expect(contacts.get_by_role("listitem")).to_contain_text("friend's room")
    look("contacts")
    contacts.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Contact deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(contacts.get_by_role("listitem")).to_have_count(1)


def test_an_enrollment_that_should_not_be_there_is_deleted_and_restored(
    page, at_desk, alice, enrollment, look
):
    at_desk(alice).goto(enrollment.get_absolute_url())
    look("with-delete")
    page.get_by_role("link", name="Delete this enrollment").click()
    pop_up = page.get_by_role("dialog", name="Delete this enrollment?")
    expect(pop_up.get_by_label(re.compile("Smith, Grace"))).to_be_checked()
    pop_up.get_by_label(re.compile("Smith, Grace")).uncheck()
    pop_up.get_by_role("button", name="Delete").click()
    expect(pop_up.get_by_text("The head of the household cannot go alone.")).to_be_visible()
    look("delete")
    pop_up.get_by_label(re.compile("Smith, Grace")).check()
    pop_up.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Enrollment of 2 members deleted.")).to_be_visible()
    assert not Enrollment.objects.exists()
    look("deleted")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Enrollment restored.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Harbor Family Shelter")).to_be_visible()
    assert Enrollment.objects.count() == 2


def test_an_enrollment_with_a_note_is_not_deleted_without_javascript(elsewhere, alice, enrollment):
    note = CaseNoteFactory(client=enrollment.client, enrollment=enrollment, created_by=alice)
    page = elsewhere(alice, java_script_enabled=False)
    page.goto(enrollment.get_absolute_url())
    page.get_by_role("link", name="Delete this enrollment").click()
    expect(page.get_by_text("There are case notes on this enrollment.")).to_be_visible()
    note.mark_deleted(by=alice)
    page.reload()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Enrollment of 2 members deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Enrollment restored.")).to_be_visible()
