"""A dump of what is stored of sessions lets nobody in and names nobody."""

import json

import pytest
from django.db import connection

from agencies.models import UserSession
from agencies.sessions.store import hashed, owners, seal, unseal


def dump() -> str:
    """Everything that the database keeps of sessions, as text."""
    text = []
    with connection.cursor() as cursor:
        for table in ("agencies_usersession", "django_session", "hmis_cache"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            text += [row[0] for row in cursor.fetchall()]
    return "\n".join(row for row in text if "allauth:rl" not in row)  # limits of attempts


@pytest.fixture
def browser(engine, log_in, alice):
    browser = log_in(alice)
    browser.get("/")
    return browser


def test_key_of_the_cookie_is_not_what_is_stored(browser, client):
    key = browser.cookies["sessionid"].value
    assert key not in dump()
    assert hashed(key) in dump()
    for stolen in (row.key_hash for row in UserSession.objects.all()):
        client.cookies["sessionid"] = stolen
        assert client.get("/").status_code == 302


def test_stored_session_does_not_say_who(browser, alice, engine):
    rows = UserSession.objects.all()
    assert [row.owner for row in rows] == owners(alice.pk)
    text = dump()
    assert "_auth_user_id" not in text
    for name in (alice.email, "Alice", "127.0.0.1"):
        assert name not in text
    if engine.endswith("database"):
        assert all(row.data.startswith("gAAAA") for row in rows)


def test_data_opens_in_its_own_row_alone():
    sealed = seal({"user": 1}, "a" * 64)
    assert unseal(sealed, "a" * 64) == {"user": 1}
    assert unseal(sealed, "b" * 64) == {}
    assert unseal("forged", "a" * 64) == {}


def test_session_survives_a_new_secret_key_with_the_old_one_as_fallback(browser, settings):
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-secret-key" * 3, [old]
    assert browser.get("/").status_code == 200


def test_session_ends_with_its_secret_key(browser, settings):
    settings.SECRET_KEY = "another-secret-key" * 3
    assert browser.get("/").status_code == 302


def test_key_changes_at_the_log_in(engine, client, log_in, alice):
    client.post("/accounts/password/reset/", {"email": ""})
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    log_in(alice, client)
    assert client.cookies["sessionid"].value != session.session_key
    other = type(client)()
    other.cookies["sessionid"] = session.session_key
    assert other.get("/").status_code == 302
    assert len(client.cookies["sessionid"].value) == 32


def test_old_cookie_is_worth_nothing_after_the_log_out(browser, client):
    client.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert client.get("/").status_code == 200
    browser.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_session_is_read_and_saved_by_one_statement_each(
    settings, log_in, alice, django_assert_num_queries
):
    settings.SESSION_ENGINE = "agencies.sessions.database"
    browser = log_in(alice)
    session = browser.session
    with django_assert_num_queries(1):
        assert session["began"]
    session["more"] = json.dumps([1])
    with django_assert_num_queries(1):
        session.save()


def test_expired_sessions_are_deleted(engine, log_in, alice, bob, time_machine, settings):
    from django.core.management import call_command

    time_machine.move_to("2026-11-22 12:00:00", tick=False)
    log_in(alice)
    time_machine.shift(settings.SESSION_COOKIE_AGE + 1)
    log_in(bob)
    call_command("clearsessions")
    assert [one.owner for one in UserSession.objects.exclude(owner="")] == owners(bob.pk)
