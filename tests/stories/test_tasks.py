"""Tasks: added for a colleague, done from Home, undone; and the calendar under My Settings."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tasks.models import Task
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ProjectFactory
from tests.stories.conftest import heading
from tests.stories.held import hold
from tests.tasks.factories import TaskFactory


@pytest.fixture
def enrollment(john, harbor, alice):
    """John's open enrollment at Harbor's shelter, two weeks old."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    since = timezone.localdate() - timedelta(days=14)
    return EnrollmentFactory(client=john, project=shelter, entry_date=since, created_by=alice)


def test_a_task_goes_from_the_client_to_the_colleagues_home_and_is_done(
    page, at_desk, elsewhere, alice, bob, enrollment, look
):
    tomorrow = timezone.localdate() + timedelta(days=1)
    at_desk(alice).goto(enrollment.client.get_absolute_url())
    expect(page.get_by_role("region", name="Tasks")).to_contain_text("Nothing to do.")
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("link", name="Tasks", exact=True).click()
    expect(heading(page, "Tasks")).to_be_visible()
    look("nothing-to-do")
    page.get_by_role("link", name="Add New Task").first.click()
    expect(page.get_by_label("Assigned to")).to_have_value(str(alice.pk))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Task", exact=True)).to_have_accessible_description(
        re.compile("Enter what is to be done.")
    )
    look("refused")
    page.get_by_label("Task", exact=True).fill("Call about the lease")
    page.get_by_label("Due on").fill(f"{tomorrow:%m/%d/%Y}")
    page.get_by_label("Assigned to").select_option(str(bob))
    page.get_by_label("Enrollment", exact=True).select_option(str(enrollment.pk))
    look("form")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Task for {bob} saved.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Call about the lease")
    for words in (str(bob), f"from {alice}", "Harbor Family Shelter", f"{tomorrow:%m/%d/%Y}"):
        expect(row).to_contain_text(words)
    look("list")

    home = elsewhere(bob)
    home.goto("/")
    mine = home.get_by_role("region", name="My tasks")
    expect(mine).to_contain_text("Call about the lease")
    look("home", home)
    mine.get_by_role("button", name=re.compile("Done.*Call about the lease")).click()
    expect(home.get_by_text("Task done.")).to_be_visible()
    expect(mine).not_to_contain_text("Call about the lease")
    look("done", home)
    home.get_by_role("button", name="Undo").click()
    expect(mine).to_contain_text("Call about the lease")
    assert Task.objects.get().is_open


def test_overdue_tasks_stand_out_and_one_is_deleted_and_restored(page, at_desk, alice, john, look):
    today = timezone.localdate()
    for days, text in [(-2, "Pick up the voucher"), (0, "Sign the lease"), (9, "Visit")]:
        TaskFactory(client=john, text=text, due_on=today + timedelta(days=days))
    at_desk(alice).goto("/tasks/")
    expect(heading(page, "My tasks")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Overdue")
    expect(page.get_by_role("row").nth(2)).to_contain_text("Due today")
    look("my-tasks")
    page.goto(f"/clients/{john.pk}/tasks/")
    page.get_by_label("Actions for Visit").click()
    page.get_by_role("link", name="Delete").click()
    pop_up = page.get_by_role("dialog", name="Delete this task?")
    expect(pop_up).to_be_visible()
    look("delete")
    pop_up.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Task deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row").filter(has_text="Visit")).to_be_visible()


def test_pop_up_stays_that_of_the_row_that_was_pressed_last(page, at_desk, alice, john):
    for text in ("Sign the lease", "Visit"):
        TaskFactory(client=john, text=text)
    at_desk(alice).goto(f"/clients/{john.pk}/tasks/")
    held, _ = hold(page, "**/delete/", times=1)
    page.get_by_label("Actions for Sign the lease").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_label("Actions for Visit").click()
    page.get_by_role("link", name="Delete").click()
    pop_up = page.get_by_role("dialog")
    expect(pop_up).to_contain_text("Visit")
    page.evaluate("document.addEventListener('htmx:afterRequest', () => document.body.id = 'late')")
    held[0].continue_()
    expect(page.locator("#late")).to_be_attached()
    expect(pop_up).to_contain_text("Visit")


def test_the_calendar_is_turned_on_and_off_under_my_settings(page, at_desk, alice, look):
    at_desk(alice).goto("/settings/")
    page.get_by_role("link", name="Calendar of your tasks").click()
    expect(heading(page, "Calendar of Your Tasks")).to_be_visible()
    look("off")
    page.get_by_role("button", name="Turn on").click()
    box = page.get_by_label("Address for your calendar program")
    address = box.input_value()
    assert page.request.get(address).status == 200
    look("on")
    page.get_by_role("button", name="Make a new address").click()
    expect(box).not_to_have_value(address)
    assert page.request.get(address).status == 404
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Turn on")).to_be_visible()
