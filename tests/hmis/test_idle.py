"""A session that nobody uses ends; looking how long is left is no use of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pages import messages

SESSION = "/session/"
TIMEOUT = 30 * 60


@pytest.fixture
def clock(time_machine, settings):
    settings.IDLE_TIMEOUT = TIMEOUT
    time_machine.move_to("2026-11-22 12:00:00", tick=False)
    return time_machine


@pytest.fixture
def browser(clock, portal, alice):
    browser = portal(alice)
    browser.get("/")
    return browser


def is_logged_in(browser) -> bool:
    return "_auth_user_id" in browser.session


def seconds_left(browser) -> int:
    return browser.get(SESSION).json()["seconds_left"]


def test_session_ends_when_nobody_uses_it(browser, clock):
    clock.shift(TIMEOUT)
    page = browser.get("/", follow=True)
    assert page.redirect_chain[0][0].startswith("/accounts/login/")
    assert messages(page) == ["You were logged out because you were not active for a while."]
    assert not is_logged_in(browser)


def test_session_lasts_until_then(browser, clock):
    clock.shift(TIMEOUT - 1)
    assert browser.get("/").status_code == 200


def test_each_page_starts_the_time_again(browser, clock):
    for _ in range(3):
        clock.shift(TIMEOUT - 1)
        assert browser.get("/").status_code == 200
    assert seconds_left(browser) == TIMEOUT


@pytest.mark.parametrize("passed", [0, 59, 600, TIMEOUT - 1])
def test_seconds_left_are_told_without_prolonging_the_session(browser, clock, alice, passed):
    clock.shift(passed)
    for _ in range(2):
        assert browser.get(SESSION).json() == {
            "seconds_left": TIMEOUT - passed,
            "user": alice.pk,
            "is_final": False,
        }
    clock.shift(TIMEOUT - passed)
    assert browser.get(SESSION).status_code == 401


def test_staying_prolongs_the_session(browser, clock):
    clock.shift(TIMEOUT - 1)
    assert browser.post(SESSION).json()["seconds_left"] == TIMEOUT
    clock.shift(TIMEOUT - 1)
    assert browser.get("/").status_code == 200


def test_ended_session_is_not_prolonged(browser, clock):
    clock.shift(TIMEOUT)
    answer = browser.post(SESSION)
    assert (answer.status_code, answer.json()) == (401, {"seconds_left": 0})
    assert not is_logged_in(browser)


def test_session_of_nobody_is_told(client, db):
    assert client.get(SESSION).json() == {"seconds_left": 0}
    assert client.post(SESSION).status_code == 401


def session_writes(browser, page) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get(page)
    writes = ("UPDATE", "INSERT")
    sql = [query["sql"] for query in queries]
    return sum(one.startswith(writes) and "agencies_usersession" in one for one in sql)


def test_reading_writes_the_session_once_a_minute_at_most(browser, clock):
    assert session_writes(browser, "/") == 0
    clock.shift(59)
    assert session_writes(browser, "/clients/") == 0
    clock.shift(1)
    assert session_writes(browser, "/clients/") == 1
    assert session_writes(browser, "/clients/") == 0
    clock.shift(600)
    assert session_writes(browser, SESSION) == 0


def test_form_sent_too_late_leads_to_the_log_in_and_changes_nothing(browser, clock, alice):
    clock.shift(TIMEOUT)
    answer = browser.post("/menu/find-client/pin/")
    assert answer["Location"].startswith("/accounts/login/")
    alice.refresh_from_db()
    assert alice.pinned == []


def test_page_tells_the_browser_the_limits(browser, settings):
    html = browser.get("/").content.decode()
    assert f'data-idle-timeout="{TIMEOUT}"' in html
    assert f'data-idle-warning="{settings.IDLE_WARNING}"' in html
