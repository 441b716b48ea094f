"""Small rules of ASVS 5.0 that no other test is about."""

import socket

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.urls import reverse

from hmis import settings as production
from tests.server_process import ServerProcess

AMBIGUOUS = {
    "length and chunks": "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
    "two lengths": "Content-Length: 0\r\nContent-Length: 30\r\n\r\n",
    "another coding": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a length that is no number": "Content-Length: +6\r\n\r\nabcdef",
    "a space before the colon": "Content-Length : 6\r\n\r\nabcdef",
}


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        process = ServerProcess(HMIS_DEMO="1")
        process.start()
        yield process
        process.kill()


def answers(server, headers: str) -> bytes:
    """All that the server says to a POST with these headers and a second request behind it."""
    second = "GET /health/?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    request = f"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n{headers}{second}"
    with socket.create_connection(("localhost", server.port), 30) as line:
        line.sendall(request.encode())
        line.settimeout(30)
        found = b""
        try:
            while part := line.recv(65536):
                found += part
        except TimeoutError:
            pass
        return found


@pytest.mark.parametrize("headers", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_request_of_uncertain_length_is_refused_and_the_line_closed(server, headers):
    found = answers(server, headers)
    assert found.startswith((b"HTTP/1.1 400", b"HTTP/1.1 411", b"HTTP/1.1 501")), found[:200]
    assert found.count(b"HTTP/1.1 ") == 1


def test_passwords_are_hashed_with_pbkdf2_and_enough_rounds():
    """ASVS 11.4.2: OWASP asks for 600,000 rounds of PBKDF2 with SHA-256."""
    assert not hasattr(production, "PASSWORD_HASHERS")  # Django's own, which grow with it
    assert PBKDF2PasswordHasher.algorithm == "pbkdf2_sha256"
    assert PBKDF2PasswordHasher.iterations >= 600_000


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/.env", "/static/", "/static/hmis/", "/static/../.git/config"),
        *("/media/", "/static/%2e%2e/manage.py", "/hmis/settings.py", "/.hmis/keys.env"),
    ],
)
def test_no_source_and_no_folder_is_served(portal, alice, path):
    answer = portal(alice).get(path)
    assert answer.status_code == 404
    assert b"Index of" not in answer.content


def test_every_page_has_the_log_out(portal, alice, john):
    for path in (reverse("home"), reverse("settings"), john.get_absolute_url()):
        assert reverse("account_logout") in portal(alice).get(path).text


def test_parameters_of_the_address_are_not_those_of_the_form(portal, alice, john):
    """ASVS 15.3.7: where a form is posted, the address answers nothing for it."""
    browser = portal(alice)
    url = reverse("clients:find")
    answer = browser.post(f"{url}?last_name=Smith", {"last_name": ["Nobody", "Zzz"]})
    assert answer.status_code == 302
    assert "No records found." in browser.get(answer["Location"]).text
    assert browser.post(f"{url}?last_name=Smith", {}).status_code == 200
