"""What the end of a session tells the browser to forget (ASVS V14.3.1)."""

import pytest

from agencies.actions import end_sessions

ALL, PAGES = '"cache", "storage"', '"cache"'


def test_log_out_clears_the_browser(portal, alice):
    answer = portal(alice).post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == ALL


def test_log_out_keeps_what_another_user_typed_without_a_connection(portal, alice):
    answer = portal(alice).post("/accounts/logout/", {"keep_storage": "1"})
    assert answer["Clear-Site-Data"] == PAGES


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize("address", ["/clients/find/", "/session/"])
def test_end_for_inactivity_clears_pages_and_keeps_unsaved_text(
    portal, alice, settings, time_machine, verb, address
):
    time_machine.move_to("2026-11-22 12:00:00", tick=False)
    browser = portal(alice)
    browser.get("/")
    time_machine.shift(settings.IDLE_TIMEOUT)
    assert getattr(browser, verb)(address)["Clear-Site-Data"] == PAGES


def test_page_that_asks_whether_to_log_out_is_no_log_out(portal, alice, settings, time_machine):
    time_machine.move_to("2026-11-22 12:00:00", tick=False)
    browser = portal(alice)
    browser.get("/")
    time_machine.shift(settings.IDLE_TIMEOUT)
    assert browser.get("/accounts/logout/")["Clear-Site-Data"] == PAGES


def test_end_from_outside_clears_pages(portal, alice):
    browser = portal(alice)
    browser.get("/")
    end_sessions(user=alice)
    assert browser.get("/")["Clear-Site-Data"] == PAGES


def test_pages_before_the_end_are_kept_in_no_cache(portal, alice):
    browser = portal(alice)
    for page in ("/", "/clients/", "/settings/", "/settings/sessions/", "/session/"):
        answer = browser.get(page)
        assert "no-store" in answer["Cache-Control"]
        assert "Clear-Site-Data" not in answer


def test_visitor_who_was_not_logged_in_is_told_nothing(client, db):
    assert "Clear-Site-Data" not in client.get("/")
    assert "Clear-Site-Data" not in client.post("/accounts/logout/")
