"""A session ends SESSION_HOURS after the log-in, however much it is used (ASVS V7.3.2)."""

import pytest

from tests.pages import messages

HOUR = 3600


@pytest.fixture
def clock(time_machine, settings, engine):
    settings.SESSION_COOKIE_AGE, settings.IDLE_TIMEOUT = 12 * HOUR, 30 * 60
    time_machine.move_to("2026-11-22 12:00:00", tick=False)
    return time_machine


@pytest.fixture
def browser(clock, log_in, alice):
    return log_in(alice)


def test_twelve_hours_do_not_slide_with_continuous_use(browser, clock):
    for _ in range(12 * 4 - 1):  # to 15 minutes before the end
        clock.shift(15 * 60)
        assert browser.post("/session/").status_code == 200
    clock.shift(15 * 60)
    answer = browser.get("/clients/")
    assert answer["Location"] == "/accounts/login/?next=/clients/"


@pytest.mark.parametrize("days", [2])
def test_session_of_earlier_days_is_gone_although_it_was_used(browser, clock, days):
    for _ in range(days * 24 * 2):
        clock.shift(29 * 60)
        browser.post("/session/")
    assert browser.post("/session/").status_code == 401


def test_log_in_after_the_end_begins_twelve_hours_and_leads_back(browser, clock, log_in, alice):
    clock.shift(12 * HOUR)
    asked = browser.get("/clients/")
    log_in_page = asked["Location"]
    answer = browser.post(log_in_page, {"login": alice.email, "password": "pass-phrase-for-tests"})
    assert answer["Location"] == "/clients/"
    clock.shift(29 * 60)
    assert browser.get("/clients/").status_code == 200


def test_seconds_left_are_those_of_the_end_that_comes_first(browser, clock):
    for _ in range(47):
        clock.shift(15 * 60)
        browser.post("/session/")
    clock.shift(5 * 60)
    assert browser.post("/session/").json()["seconds_left"] == 10 * 60
    assert browser.get("/session/").json()["is_final"]


def test_cookie_ends_with_the_browser(browser):
    assert browser.cookies["sessionid"]["expires"] == ""


def test_idle_end_stays(browser, clock):
    clock.shift(30 * 60)
    page = browser.get("/", follow=True)
    assert messages(page) == ["You were logged out because you were not active for a while."]


@pytest.mark.parametrize("seconds", [61, HOUR, 30 * 24 * HOUR])
def test_session_of_the_future_ends(browser, clock, seconds):
    """By a clock that was set back it would last as much longer."""
    clock.shift(-seconds)
    assert browser.post("/session/").status_code == 401
    assert browser.get("/clients/").status_code == 302


def test_session_that_was_used_in_the_future_ends(browser, clock):
    clock.shift(HOUR // 3)
    assert browser.post("/session/").status_code == 200
    clock.shift(-HOUR // 6)  # after the log-in
    assert browser.post("/session/").status_code == 401


def test_clocks_of_two_servers_may_differ_by_a_minute(browser, clock):
    clock.shift(-60)
    assert browser.get("/clients/").status_code == 200
