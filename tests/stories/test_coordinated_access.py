"""Events and CAS notifications, label by label (1.4, 10.1-10.3)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cas.actions.notify import notify_of_event
from cas.models import Event, Notification
from tests.cas.factories import EventFactory, NotificationFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ProjectFactory
from tests.stories.conftest import heading


@pytest.fixture
def enrollment(john, harbor, alice):
    """John's open enrollment at Harbor's shelter, three weeks old; Alice is his case manager."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    since = timezone.localdate() - timedelta(days=21)
    enrollment = EnrollmentFactory(client=john, project=shelter, entry_date=since, created_by=alice)
    CaseAssignmentFactory(
        enrollment=enrollment, case_manager=alice, begins_on=since, created_by=alice
    )
    return enrollment


@pytest.fixture
def referral(enrollment, cass):
    """An event that Cass filed and of which Alice has been notified."""
    event = EventFactory(
        enrollment=enrollment,
        organization=cass.organizations[0],
        created_by=cass,
        event_date=timezone.localdate(),
    )
    notify_of_event(event)
    return event


def bell(page):
    return page.get_by_role("banner").locator("#bell")


def open_bell(page):
    bell(page).locator("> summary").click()
    expect(bell(page).get_by_text("Dismiss All")).to_be_visible()


def row_of(page, name):
    return page.get_by_role("row").filter(has_text=name)


def press(page, row, action):
    row.get_by_label("Actions for").click()
    row.get_by_role("button", name=action).click()


def test_a_referral_is_recorded_and_its_result_reaches_the_case_manager(
    page, at_desk, cass, alice, charlie, enrollment, john, elsewhere, look
):
    at_desk(cass).goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_text("Coordinated Access", exact=True).click()
    menu.get_by_role("link", name="Events").click()
    expect(heading(page, "Events")).to_be_visible()
    look("nothing-yet")
    page.get_by_role("main").get_by_role("link", name="Add New Event").first.click()
    location = page.get_by_label("Location of Crisis Housing or Permanent Housing Referral")
    expect(location).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what happened.")
    page.locator("select[name=what]").select_option("Referral to PSH project resource opening")
    location.fill("Ropewalk Lane")
    look("form")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Event saved. Notified: {alice}.")).to_be_visible()
    expect(row_of(page, "Referral to PSH")).to_contain_text("Ropewalk Lane")
    look("list")

    row_of(page, "Referral to PSH").get_by_label("Actions for").click()
    page.get_by_role("link", name="Record result").click()
    expect(page.get_by_role("heading", name="Record result")).to_be_visible()
    look("result")
    page.get_by_label("Unsuccessful referral: no show").check()
    page.get_by_role("button", name="Save").click()
    expect(row_of(page, "Referral to PSH")).to_contain_text("no show")
    page.get_by_role("link", name="Referral to PSH").click()
    look("event")

    other = elsewhere(alice)
    other.goto("/")
    expect(bell(other)).to_contain_text("2 new")
    open_bell(other)
    look("bell", page=other)
    bell(other).get_by_role("link", name="No show").click()
    expect(heading(other, "Referral to PSH project resource opening")).to_be_visible()
    expect(bell(other)).to_contain_text("1 new")

    stranger = elsewhere(charlie)
    stranger.goto(f"/clients/{john.pk}/cas/")
    expect(bell(stranger).locator(".count")).to_have_count(0)
    expect(row_of(stranger, "Referral to PSH")).to_be_visible()
    row_of(stranger, "Referral to PSH").get_by_label("Actions for").click()
    expect(stranger.get_by_role("link", name="Open", exact=True)).to_be_visible()
    expect(stranger.get_by_role("link", name="Edit", exact=True)).to_have_count(0)


def test_an_event_is_deleted_and_restored(page, at_desk, cass, referral, john):
    at_desk(cass).goto(f"/clients/{john.pk}/cas/")
    row_of(page, "Emergency Shelter").get_by_label("Actions for").click()
    page.get_by_role("link", name="Delete").click()
    pop_up = page.get_by_role("dialog", name="Delete this event?")
    pop_up.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Event deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row_of(page, "Emergency Shelter")).to_be_visible()
    assert Event.objects.get() == referral


def test_bell_by_keyboard_snooze_dismiss_and_undo(page, at_desk, alice, referral, john, look):
    NotificationFactory(recipient=alice, client=john, kind="missing")
    at_desk(alice).goto("/")
    summary = bell(page).locator("> summary")
    summary.focus()
    page.keyboard.press("Enter")
    missing = bell(page).get_by_role("listitem").filter(has_text="Documents missing")
    missing.get_by_text("Snooze").focus()
    page.keyboard.press("Enter")
    look("snooze")
    missing.get_by_role("button", name="for 3 days").focus()
    page.keyboard.press("Enter")
    expect(bell(page).get_by_text("Snoozed for 3 days.")).to_be_visible()
    expect(bell(page).get_by_role("listitem")).to_have_count(1)
    expect(bell(page)).to_contain_text("1 new")
    expect(bell(page).get_by_role("link", name="View Notifications")).to_be_focused()

    bell(page).get_by_role("button", name="Dismiss", exact=False).nth(1).focus()
    page.keyboard.press("Enter")
    expect(bell(page).get_by_text("1 notification dismissed.")).to_be_visible()
    expect(bell(page).locator(".count")).to_have_count(0)
    expect(bell(page).get_by_role("button", name="Undo")).to_be_focused()
    look("dismissed")
    page.keyboard.press("Enter")
    expect(bell(page).get_by_text("Restored.")).to_be_visible()
    expect(bell(page)).to_contain_text("1 new")
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()


def test_dismiss_all_from_the_bell_is_undone_on_the_list(page, at_desk, alice, referral, john):
    NotificationFactory(recipient=alice, client=john, kind="missing")
    at_desk(alice).goto("/")
    open_bell(page)
    bell(page).get_by_role("button", name="Dismiss All").click()
    expect(bell(page).get_by_text("2 notifications dismissed.")).to_be_visible()
    bell(page).get_by_role("link", name="View Notifications").click()
    expect(heading(page, "Notifications")).to_be_visible()
    expect(page.get_by_role("cell", name="Dismissed")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("cell", name="New")).to_have_count(2)


def test_view_notifications_filters_snoozes_and_dismisses(
    page, at_desk, alice, bridge, referral, john, look
):
    now = timezone.now()
    NotificationFactory(recipient=alice, client=john, kind="removed", dismissed_at=now)
    hidden = NotificationFactory(recipient=alice, kind="inactive", opened_at=now)
    hidden.client.visibility = "own"
    hidden.client.save()
    at_desk(alice).goto("/notifications/")
    expect(row_of(page, "Inactivity")).to_contain_text("A client you no longer have access to")
    look("all")
    press(page, row_of(page, "Referred or matched"), "Snooze until tomorrow")
    expect(row_of(page, "Referred or matched")).to_contain_text("Snoozed")
    press(page, row_of(page, "Referred or matched"), "Dismiss")
    expect(page.get_by_text("1 notification dismissed.")).to_be_visible()
    page.get_by_label("State").select_option("Dismissed")
    expect(page).to_have_url(re.compile("state=dismissed"))
    expect(page.get_by_role("cell", name="Dismissed")).to_have_count(2)
    look("filtered")
    page.get_by_label("Kind").select_option("Removed from the queue")
    expect(page.get_by_role("cell", name="Dismissed")).to_have_count(1)
    press(page, row_of(page, "Removed from the queue"), "Restore")
    expect(page.get_by_text("No notifications found")).to_be_visible()
    page.goto(hidden.get_absolute_url())
    expect(page.get_by_text("You no longer have access to this client")).to_be_visible()
    look("no-client")


def test_preferences(page, at_desk, alice, look):
    at_desk(alice).goto("/settings/")
    page.get_by_role("main").get_by_role("link", name="Notification preferences").click()
    expect(page.get_by_label("At once")).to_be_checked()
    page.get_by_label("As a daily digest").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Preferences saved.")).to_be_visible()
    expect(page.get_by_label("As a daily digest")).to_be_checked()
    look("preferences")


def test_link_of_another_user_is_not_there(page, at_desk, bob, referral, watch):
    at_desk(bob)
    watch.expects(404)
    answer = page.goto(Notification.objects.get().get_absolute_url())
    assert answer.status == 404


def test_all_of_it_without_javascript(page, elsewhere, cass, alice, enrollment, john):
    page = elsewhere(cass, java_script_enabled=False)
    page.goto(f"/clients/{john.pk}/cas/add/")
    page.locator("select[name=what]").select_option("Documents missing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Notified: {alice}.")).to_be_visible()

    page = elsewhere(alice, java_script_enabled=False)
    page.goto("/")
    expect(bell(page)).to_contain_text("1 new")
    bell(page).locator("> summary").click()
    bell(page).get_by_role("link", name="View Notifications").click()
    press(page, row_of(page, "Documents missing"), "Snooze for 1 week")
    expect(row_of(page, "Documents missing")).to_contain_text("Snoozed")
    press(page, row_of(page, "Documents missing"), "Dismiss")
    page.get_by_role("button", name="Undo").click()
    expect(row_of(page, "Documents missing")).to_contain_text("Snoozed")
    NotificationFactory(recipient=alice, client=john, kind="removed")
    page.reload()
    page.get_by_role("button", name="Dismiss All").click()
    expect(row_of(page, "Removed from the queue")).to_contain_text("Dismissed")
    press(page, row_of(page, "Documents missing"), "Dismiss")
    expect(row_of(page, "Documents missing")).to_contain_text("Dismissed")
    press(page, row_of(page, "Documents missing"), "Restore")
    row_of(page, "Documents missing").get_by_role("link", name="Documents missing").click()
    expect(heading(page, "Documents missing")).to_be_visible()
