"""Error pages say what to do, logged in and out, and the page for our own errors needs nothing."""

from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import Http404
from django.test import Client as Browser

from hmis.views import health, home
from tests.factories import AlertFactory, ClientFactory


@pytest.fixture
def breaks(monkeypatch):
    """A function that makes the page for the load balancer, open to all, raise an error."""

    def with_error(error):
        database = Mock()
        database.cursor.side_effect = error
        monkeypatch.setattr(health, "connection", database)

    return with_error


def browsers(alice):
    inside = Browser(raise_request_exception=False)
    inside.force_login(alice)
    return [inside, Browser(raise_request_exception=False)]


def test_page_that_does_not_exist(alice):
    for browser in browsers(alice):
        page = browser.get("/nowhere/")
        assert page.status_code == 404
        assert "Page not found" in page.content.decode()


def test_address_of_a_button_leads_on_where_it_is_opened_as_a_page(portal, alice, harbor):
    alert = AlertFactory(client=ClientFactory(organization=harbor, created_by=alice))
    page = portal(alice).get(f"/clients/{alert.client_id}/alerts/{alert.pk}/restore/")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    html = page.content.decode()
    assert "Nothing was changed" in html
    assert f'href="/clients/{alert.client_id}/">Client Dashboard</a>' in html


def test_page_that_one_may_not_use_says_so(portal, charlie, harbor, alice):
    alert = AlertFactory(client=ClientFactory(organization=harbor, created_by=alice))
    page = portal(charlie).get(f"/clients/{alert.client_id}/alerts/{alert.pk}/edit/")
    assert page.status_code == 403
    html = page.content.decode()
    assert "You cannot do that" in html
    assert "Change organization" in html
    assert "Smith" not in html
    assert "You do not have permission to do this." not in html  # it says why, and that alone


def test_refusal_without_a_reason_says_what_to_do(alice, breaks):
    breaks(PermissionDenied())
    page = browsers(alice)[0].get("/health/")
    assert page.status_code == 403
    assert "You do not have permission to do this." in page.text


def test_what_was_typed_into_a_record_deleted_meanwhile_is_given_back(portal, alice, harbor):
    alert = AlertFactory(client=ClientFactory(organization=harbor, created_by=alice))
    alert.mark_deleted(by=alice)
    page = portal(alice).post(
        f"/clients/{alert.client_id}/alerts/{alert.pk}/edit/",
        {"text": "Call <b>before</b> visiting", "begin": "1/1/2026", "password": "a b c"},
    )
    assert page.status_code == 404
    assert page.context["typed"] == [("Text", "Call <b>before</b> visiting")]
    html = page.content.decode()
    assert "It was not saved" in html
    assert "Call &lt;b&gt;before&lt;/b&gt; visiting</textarea>" in html


def test_what_was_typed_into_a_record_that_was_closed_meanwhile_is_given_back(
    portal, charlie, alice, harbor
):
    alert = AlertFactory(client=ClientFactory(organization=harbor, created_by=alice))
    page = portal(charlie).post(
        f"/clients/{alert.client_id}/alerts/{alert.pk}/edit/", {"text": "Call before visiting"}
    )
    assert page.status_code == 403
    assert "Call before visiting</textarea>" in page.content.decode()


def test_page_that_took_nothing_shows_nothing_typed(alice):
    """Another site may have sent it: an address without a view is not guarded by a token."""
    for browser in browsers(alice):
        page = browser.post("/nowhere/", {"text": "Call this number"})
        assert page.status_code == 404
        assert "Call this number" not in page.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Http404("secret"), 404, "Page not found"),
        (PermissionDenied("<Only> theirs"), 403, "&lt;Only&gt; theirs"),  # our words, for the user
        (SuspiciousOperation("secret"), 400, "That request could not be read"),
        (RuntimeError("secret"), 500, "Something went wrong on our side"),
    ],
)
def test_each_error_has_its_page_logged_in_and_out(alice, breaks, error, status, words):
    both = browsers(alice)
    breaks(error)
    for browser in both:
        page = browser.get("/health/")
        assert page.status_code == status
        html = page.content.decode()
        assert words in html
        assert "secret" not in html
        assert "Traceback" not in html


def test_form_without_its_csrf_token_says_that_it_expired(alice):
    for user in (alice, None):
        browser = Browser(enforce_csrf_checks=True)
        if user:
            browser.force_login(user)
        page = browser.post("/accounts/login/" if user is None else "/search/", {"q": "x"})
        assert page.status_code == 403
        assert "This form has expired" in page.content.decode()
        assert "Nothing was saved" in page.content.decode()


def test_page_for_our_errors_needs_no_database(monkeypatch, settings):
    """Not even to know who is asking: the connection is refused to whatever tries."""

    def no_database(*args, **options):
        raise RuntimeError("no database")

    monkeypatch.setattr(connection, "ensure_connection", no_database)
    browser = Browser(raise_request_exception=False)
    browser.cookies["sessionid"] = "x" * 32
    page = browser.get("/")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.content.decode()


def test_health_tells_when_the_database_does_not_answer(client, db, breaks, caplog):
    assert client.get("/health/").json()["database"] == "ok"
    breaks(OperationalError("certificate verify failed"))
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "down", "database": "does not answer"},
    )
    lines = [line.getMessage() for line in caplog.records]
    assert lines == ["503 GET /health/: database does not answer: certificate verify failed"]


def test_error_within_a_page_shows_nothing_of_it(alice, monkeypatch):
    def fails(*args, **options):
        raise RuntimeError("secret")

    monkeypatch.setattr(home, "render", fails)
    page = browsers(alice)[0].get("/")
    assert page.status_code == 500
    assert "secret" not in page.content.decode()
    assert "tell the help desk" in page.content.decode()
