"""Services of many clients, of many days, and rows that are taken out of a note (R6.4, R6.8)."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from casenotes.models import Service
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory, ServiceTypeFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.stories.conftest import heading


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")


@pytest.fixture
def meal(harbor):
    return ServiceTypeFactory(organization=harbor, name="Meal")


@pytest.fixture
def enrollment(john, shelter, alice):
    return EnrollmentFactory(client=john, project=shelter, created_by=alice, updated_by=alice)


def test_one_service_is_recorded_for_many_clients_and_undone(
    page, at_desk, alice, bob, harbor, shelter, meal, enrollment, look
):
    for name in ("Abel", "Baker", "Carter"):
        client = ClientFactory(organization=harbor, created_by=alice, last_name=name)
        other = EnrollmentFactory(client=client, project=shelter, created_by=alice)
    ServiceFactory(enrollment=other, service_type=meal, date=timezone.localdate(), created_by=bob)
    at_desk(alice).goto("/clients/")
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.locator("summary", has_text="Enrollments").click()
    menu.get_by_role("link", name="Attendance").click()
    expect(heading(page, "Attendance")).to_be_visible()
    look("attendance")
    page.get_by_label("Clients", exact=True).select_option("Harbor Family Shelter")
    expect(page).to_have_url(re.compile(r"attendance/\?"))  # filters apply on change
    page.get_by_label("Service", exact=True).select_option("Meal (count)")
    carter = page.get_by_role("row").filter(has_text="Carter")
    expect(carter).to_contain_text("Already recorded by Bob")
    page.get_by_role("button", name="Tick all").click()
    expect(page.get_by_text("3 of 4 ticked")).to_be_visible()
    expect(carter.get_by_role("checkbox")).not_to_be_checked()
    page.get_by_role("row").filter(has_text="Baker").get_by_role("checkbox").uncheck()
    look("attendance-ticked")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Meal recorded for 2 clients.")).to_be_visible()
    assert Service.objects.count() == 3
    look("attendance-saved")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 services deleted.")).to_be_visible()
    assert Service.objects.count() == 1


def test_service_of_every_week_is_recorded_and_undone(
    page, at_desk, alice, john, meal, enrollment, look
):
    at_desk(alice).goto(f"/clients/{john.pk}/services/add/")
    page.get_by_label("Service", exact=True).select_option("Meal (count)")
    page.get_by_label("Date", exact=True).fill(f"{enrollment.entry_date:%m/%d/%Y}")
    page.get_by_label("Repeats").select_option("Every month")
    page.get_by_label("Until").fill(f"{timezone.localdate():%m/%d/%Y}")
    look("repeats")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("days saved.")).to_be_visible()
    assert Service.objects.count() > 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("services deleted.")).to_be_visible()
    assert not Service.objects.exists()
    page.get_by_text("Recently deleted").click()
    look("recently-deleted")


def test_rows_are_taken_out_of_a_note_before_and_after_it_was_saved(
    page, at_desk, alice, john, meal, enrollment, look
):
    note = CaseNoteFactory(client=john, created_by=alice, updated_by=alice, title="First visit")
    stored = ServiceFactory(note=note, enrollment=enrollment, service_type=meal, created_by=alice)
    at_desk(alice).goto(f"{note.get_absolute_url()}edit/")
    for _ in range(2):
        page.get_by_role("button", name="Add service").click()
    row = [page.get_by_role("group", name=f"Service {number}") for number in (1, 2, 3)]
    row[1].get_by_label("Service").select_option("Meal (count)")
    row[2].get_by_role("button", name="Delete").click()
    expect(row[2]).to_have_count(0)
    expect(page.get_by_role("button", name="Add service")).to_be_focused()
    row[1].get_by_role("button", name="Delete").click()
    expect(row[1].get_by_role("button", name="Restore")).to_be_focused()
    row[0].get_by_role("button", name="Delete").click()
    expect(row[0]).to_contain_text("Meal (count) is deleted when you save.")
    look("taken-out")
    row[0].get_by_role("button", name="Restore").click()
    expect(row[0].get_by_label("Service")).to_be_focused()
    row[0].get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Case note saved. 1 service deleted.")).to_be_visible()
    assert not Service.objects.exists()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 service restored.")).to_be_visible()
    assert Service.objects.get() == stored
