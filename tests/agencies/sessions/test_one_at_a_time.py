"""A user is logged in at one place at a time, where ONE_SESSION_PER_USER says so (ASVS V7.1.2)."""

import contextlib
import threading

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection

from agencies.models import EndReason, UserSession
from agencies.sessions import actions
from hmis import accounts
from tests.agencies.sessions.conftest import LOG_IN, PASSWORD
from tests.pages import messages

ANOTHER_COMPUTER = "You were logged out because you logged in on another computer."


def is_in(browser) -> bool:
    return browser.get("/").status_code == 200


def test_new_log_in_ends_the_other_session_and_says_why(engine, one_session, log_in, alice, bob):
    first, bobs = log_in(alice), log_in(bob)
    second = log_in(alice)
    page = first.get("/clients/", follow=True)
    assert page.redirect_chain == [("/accounts/login/?next=/clients/", 302)]
    assert messages(page) == [ANOTHER_COMPUTER]
    assert not is_in(first)
    assert is_in(second)
    assert is_in(bobs)


def test_reason_is_said_once(engine, one_session, log_in, alice):
    first = log_in(alice)
    log_in(alice)
    first.get("/", follow=True)
    assert messages(first.get(LOG_IN)) == []


def test_page_that_asks_how_long_is_left_hears_why(engine, one_session, log_in, alice):
    first = log_in(alice)
    log_in(alice)
    answer = first.get("/session/")
    assert (answer.status_code, answer.json()) == (
        401,
        {"seconds_left": 0, "why": ANOTHER_COMPUTER},
    )
    assert messages(first.get(LOG_IN)) == [ANOTHER_COMPUTER]


def test_without_the_setting_both_stay(engine, log_in, alice):
    first, second = log_in(alice), log_in(alice)
    assert is_in(first)
    assert is_in(second)


def test_wrong_password_ends_nobodys_session(engine, one_session, log_in, alice, client):
    first = log_in(alice)
    client.post(LOG_IN, {"login": alice.email, "password": "wrong"})
    assert is_in(first)


def test_request_under_way_does_not_bring_an_ended_session_back(engine, one_session, log_in, alice):
    first = log_in(alice)
    under_way = first.session
    assert under_way["began"]  # it has been read
    log_in(alice)
    under_way["seen"] = 1
    under_way.save()
    assert not is_in(first)


def test_changing_the_key_does_not_bring_an_ended_session_back(
    engine, one_session, log_in, alice, client
):
    first = log_in(alice)
    under_way = first.session
    assert under_way["began"]
    second = log_in(alice)
    under_way.cycle_key()
    assert under_way.is_empty()
    under_way["more"] = 1
    under_way.save()
    client.cookies["sessionid"] = under_way.session_key
    assert not is_in(client)
    assert is_in(second)


def test_changing_the_key_keeps_the_session(engine, log_in, alice, client):
    session = log_in(alice).session
    old = session.session_key
    session.cycle_key()
    session.save()
    client.cookies["sessionid"] = session.session_key
    assert is_in(client)
    client.cookies["sessionid"] = old
    assert not is_in(client)


def test_session_that_was_logged_out_is_not_saved_again(engine, log_in, alice):
    browser = log_in(alice)
    under_way = browser.session
    assert under_way["began"]
    browser.post("/accounts/logout/")
    under_way["seen"] = 1
    with pytest.raises(UpdateError):
        under_way.save()


def test_one_session_can_be_ended(engine, log_in, alice, bob):
    first, second = log_in(alice), log_in(alice)
    [other] = [one for one in actions.sessions_of(alice, second.session) if not one.is_this]
    assert not actions.end_one(user=bob, number=other.number, reason=EndReason.ENDED_ELSEWHERE)
    assert is_in(first)
    assert actions.end_one(user=alice, number=other.number, reason=EndReason.ENDED_ELSEWHERE)
    assert not is_in(first)
    assert is_in(second)
    assert [one.is_this for one in actions.sessions_of(alice, second.session)] == [True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("store", ["agencies.sessions.database", "agencies.sessions.cache"])
def test_of_two_log_ins_at_once_exactly_one_survives(
    alice, client, settings, monkeypatch, store, one_session
):
    settings.SESSION_ENGINE = store
    both_are_in = threading.Barrier(2)
    begin = actions.begin

    def begin_together(request, user):
        begin(request, user)
        # What does not wait for the other's end meets it here.
        with contextlib.suppress(threading.BrokenBarrierError):
            both_are_in.wait(timeout=0.7)

    monkeypatch.setattr(accounts.sessions, "begin", begin_together)
    browsers = [type(client)() for _ in range(2)]

    def come_in(browser):
        try:
            browser.post(LOG_IN, {"login": alice.email, "password": PASSWORD})
        finally:
            connection.close()

    threads = [threading.Thread(target=come_in, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [is_in(browser) for browser in browsers].count(True) == 1
    assert UserSession.objects.filter(ended_as="another_log_in").count() == 1
