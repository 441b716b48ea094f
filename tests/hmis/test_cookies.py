"""The cookies of the portal: which, how they are bound, and that they name nobody (ASVS V3.3)."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.hmis.test_deployment import django
from tests.pages import messages

COOKIES = """
import json, django
django.setup()
from django.conf import settings
from django.http import HttpResponse
from hmis.middleware.replica import RECENT_WRITE
names = {name: getattr(settings, name) for name in dir(settings) if "_COOKIE_" in name}
print(json.dumps(names | {"RECENT_WRITE": RECENT_WRITE, "storage": settings.MESSAGE_STORAGE}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    done = django("-c", COOKIES, tmp_path=tmp_path_factory.mktemp("production"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_cookie_is_bound_to_the_host_and_to_https(production):
    for name in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert production[f"{name}_NAME"].startswith("__Host-")
        assert production[f"{name}_SECURE"] is True
        assert production[f"{name}_PATH"] == "/"
        assert production[f"{name}_DOMAIN"] is None
    assert production["RECENT_WRITE"].startswith("__Host-")


def test_cookies_come_along_from_this_site_and_by_its_links_alone(production):
    assert production["SESSION_COOKIE_SAMESITE"] == production["CSRF_COOKIE_SAMESITE"] == "Lax"


def test_script_reads_the_form_token_and_not_the_session(production):
    assert production["SESSION_COOKIE_HTTPONLY"] is True
    assert production["CSRF_COOKIE_HTTPONLY"] is False


def test_messages_stay_on_the_server(production):
    assert production["storage"].endswith("SessionStorage")


def test_message_of_a_redirect_is_in_no_cookie(portal, alice, harbor):
    browser = portal(alice)
    answer = browser.post("/settings/", {"organization": harbor.pk})
    assert answer.status_code == 302
    assert set(browser.cookies) <= {"sessionid", "csrftoken"}
    assert "Harbor" not in str(browser.cookies)
    assert messages(browser.get(answer["Location"])) == ["You are now working for Harbor Services."]
    assert messages(browser.get("/")) == []


def test_message_costs_one_write_where_it_is_left_and_one_where_it_is_shown(portal, alice, harbor):
    def writes(send) -> int:
        with CaptureQueriesContext(connection) as queries:
            send()
        return sum(
            query["sql"].startswith("UPDATE") and "agencies_usersession" in query["sql"]
            for query in queries
        )

    browser = portal(alice)
    browser.get("/")
    assert writes(lambda: browser.post("/settings/", {"organization": harbor.pk})) == 1
    assert writes(lambda: browser.get("/")) == 1
    assert writes(lambda: browser.get("/")) == 0


def test_page_names_the_cookie_of_the_form_token(portal, alice, settings):
    settings.CSRF_COOKIE_NAME = "__Host-csrftoken"
    page = portal(alice).get("/")
    assert 'data-csrf-cookie="__Host-csrftoken"' in page.content.decode()
    assert "__Host-csrftoken" in page.cookies
