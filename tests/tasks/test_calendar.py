"""The private calendar: nothing about anybody, for whoever has its address alone."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from agencies import actions as accounts
from agencies.models import SecurityEvent
from hmis.account_events import password_was_reset
from records.models import Visibility
from tasks.calendar import folded
from tasks.models import CalendarFeed
from tests.factories import ClientFactory, UserFactory
from tests.tasks.conftest import TODAY
from tests.tasks.factories import CalendarFeedFactory, TaskFactory

SETTINGS = reverse("tasks:calendar_settings")
GONE = b"Not found.\n"


@pytest.fixture
def feed(alice):
    return CalendarFeedFactory(user=alice)


@pytest.fixture
def read(db):
    """A function that reads an address as a calendar program does, without a session."""

    def get(address, **headers):
        return Browser().get(address, headers=headers)

    return get


def unfolded(answer) -> list[str]:
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def test_calendar_says_task_the_day_and_a_link_and_nothing_else(read, feed, john, task):
    answer = read(feed.get_absolute_url())
    assert answer.status_code == 200
    address = f"http://testserver/tasks/{task.public_id}/"
    assert unfolded(answer) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//HMIS//Tasks//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Tasks",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        f"UID:{task.public_id}",
        "DTSTAMP:20260302T170000Z",
        "DTSTART;VALUE=DATE:20260309",
        "SUMMARY:Task",
        f"DESCRIPTION:Log in to see it: {address}",
        f"URL:{address}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_no_line_is_longer_than_programs_read(read, feed, task):
    lines = read(feed.get_absolute_url()).content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert list(folded("x" * 150)) == ["x" * 75, " " + "x" * 74, " x"]


def test_calendar_has_the_own_open_tasks_alone(read, feed, alice, bob, john, bridge):
    TaskFactory(client=john, assigned_to=bob)
    done, deleted = TaskFactory(client=john), TaskFactory(client=john)
    done.mark_done(by=alice)
    deleted.mark_deleted(by=alice)
    TaskFactory(client=john, due_on=TODAY - timedelta(days=91))
    hidden = ClientFactory(organization=bridge, visibility=Visibility.OWN_ORGANIZATION)
    TaskFactory(client=hidden, assigned_to=alice)
    assert "BEGIN:VEVENT" not in unfolded(read(feed.get_absolute_url()))


def test_answer_is_kept_by_its_reader_alone_and_asked_for_again_cheaply(read, feed, task):
    answer = read(feed.get_absolute_url())
    assert answer["Cache-Control"] == "private, max-age=900"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    again = read(feed.get_absolute_url(), if_none_match=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    TaskFactory(client=task.client)
    assert read(feed.get_absolute_url(), if_none_match=answer["ETag"]).status_code == 200


def test_reading_it_begins_no_session(read, feed):
    assert not read(feed.get_absolute_url()).cookies


def wrong(feed) -> list[str]:
    token = feed.token
    key, _, signature = token.partition(".")
    other = CalendarFeedFactory()
    return [
        "x",
        key,
        f"{key}.",
        f"{key}.{signature[:-1]}",
        f"{other.key.hex}.{signature}",
        f"{feed.key}.{signature}",
        token.upper(),
        f"{key}.{'é' * 20}",
    ]


def test_wrong_address_is_not_there(read, feed):
    for token in wrong(feed):
        answer = read(reverse("tasks:calendar", args=[token]))
        assert (answer.status_code, answer.content) == (404, GONE), token
        assert answer["Cache-Control"] == "private, no-store"


def test_address_is_of_no_use_without_the_secret_of_the_server(read, feed, settings):
    address = feed.get_absolute_url()
    settings.SECRET_KEY, old = "another secret of the server", settings.SECRET_KEY
    assert read(address).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read(address).status_code == 200


@pytest.mark.parametrize("end", ["deactivated", "without access", "turned off", "new address"])
def test_calendar_that_is_over_is_not_there(read, portal, feed, alice, end):
    address = feed.get_absolute_url()
    if end == "deactivated":
        alice.is_active = False
        alice.save()
    elif end == "without access":
        alice.memberships.all().delete()
    elif end == "turned off":
        portal(alice).post(reverse("tasks:turn_calendar_off"))
    else:
        portal(alice).post(reverse("tasks:turn_calendar_on"))
    answer = read(address)
    assert (answer.status_code, answer.content) == (404, GONE)


def test_address_ends_where_an_officer_ends_sessions_or_a_password_is_reset(feed, alice, dana, rf):
    for end in (
        lambda: accounts.end_sessions(user=alice),
        lambda: accounts.deactivate(user=alice),
        lambda: accounts.reset_second_factor(user=alice, identified="in_person", by=dana),
        lambda: password_was_reset(rf.get("/"), alice),
    ):
        CalendarFeed.objects.get_or_create(user=alice)
        end()
        assert not CalendarFeed.objects.exists()


def test_wrong_addresses_are_limited_by_where_they_come_from(read, feed, settings):
    settings.CALENDAR_WRONG_ADDRESSES = 2
    wrong_one = reverse("tasks:calendar", args=["x"])
    assert [read(wrong_one).status_code for _ in range(3)] == [404, 404, 429]
    assert int(read(wrong_one)["Retry-After"]) > 0
    assert read(feed.get_absolute_url()).status_code == 200  # nobody else is locked out


def test_readings_are_limited_by_calendar(read, feed, settings, time_machine):
    settings.CALENDAR_READINGS = 2
    address = feed.get_absolute_url()
    assert [read(address).status_code for _ in range(3)] == [200, 200, 429]
    assert read(CalendarFeedFactory(user__at=[]).get_absolute_url()).status_code == 404
    time_machine.shift(timedelta(hours=1, seconds=1))
    assert read(address).status_code == 200


def test_programs_may_ask_for_its_headers_alone(feed, task):
    answer = Browser().head(feed.get_absolute_url())
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"]


def test_other_verbs_are_refused(feed):
    for verb in ("POST", "PUT", "DELETE"):
        assert Browser().generic(verb, feed.get_absolute_url()).status_code == 405


def test_it_is_turned_on_replaced_and_turned_off_under_my_settings(portal, alice, read):
    browser = portal(alice)
    assert "In your calendar" in browser.get(reverse("tasks:mine")).text
    assert "Turn on" in browser.get(SETTINGS).text
    page = browser.post(reverse("tasks:turn_calendar_on"), follow=True)
    first = page.context["address"]
    assert first in page.text
    assert read(first).status_code == 200
    event = SecurityEvent.objects.get(kind=SecurityEvent.Kind.EXPORTED)
    assert (event.user, event.detail) == (alice, {"page": "tasks:turn_calendar_on"})
    second = browser.post(reverse("tasks:turn_calendar_on"), follow=True).context["address"]
    assert first != second
    page = browser.post(reverse("tasks:turn_calendar_off"), follow=True)
    assert (page.context["address"], CalendarFeed.objects.exists()) == ("", False)


def test_link_of_the_calendar_leads_to_the_task_after_the_log_in(client, portal, alice, task):
    address = reverse("tasks:task", args=[task.public_id])
    assert client.get(address)["Location"].startswith(reverse("account_login"))
    assert portal(alice).get(address)["Location"] == task.get_absolute_url()


def test_link_of_the_calendar_is_not_there_for_others(portal, charlie, task):
    assert portal(charlie).get(reverse("tasks:task", args=[task.public_id])).status_code == 404


def test_address_names_no_user(feed, alice):
    assert not re.search(rf"\b{alice.pk}\b", feed.token.partition(".")[0])
    assert CalendarFeedFactory(user=UserFactory()).token != feed.token
