"""Whatever is sent, the answer is a page that says what to do, and never an error of ours."""

import random

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse

from clients.models import ClientSearch
from hmis.handler import Handler
from tests.factories import AlertFactory, ClientFactory, InterestedOtherFactory

FORM = "application/x-www-form-urlencoded"
TEXTS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "x" * 10_000,
    "\u202e\u2066gnp.exe",
    "محمد \u200f",
    "שלום",
    "😀👩‍👩‍👧🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "\ufffd\ufffe\uffff",
    "\U0010ffff",
    "9" * 30,
    "-1",
    "1e999",
    "NaN",
    "0x1F",
    "02/30/1990",
    "00/00/0000",
    "13/45/2020",
    "1/1/0001",
    "12/31/9999",
    "'; DROP TABLE clients_client; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% now 'Y' %}",
    "%s%n%x",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "true",
    "[]",
    '{"a": 1}',
]
FIELDS = [
    *("first_name", "middle_name", "last_name", "name_suffix", "name_data_quality"),
    *("ssn", "ssn_data_quality", "remove_ssn", "dob", "dob_data_quality", "sex"),
    *("race_ethnicity", "additional_race_ethnicity", "aliases_first", "aliases_last"),
    *("phone", "email", "address1", "address2", "city", "state", "zip", "visibility"),
    *("version", "opened", "conflicting", "choose_phone", "choose_aliases", "choose_ssn"),
    *("organization", "form_token", "someone_else", "back", "next", "q", "client_id"),
    *("text", "begins_on", "ends_on", "type_description", "relationship", "is_aware"),
    *("home_phone", "work_phone", "cell_phone", "client_1", "client_2", "comment"),
    *("login", "password", "oldpassword", "password1", "password2", "code"),
]


@pytest.fixture
def places(alice, harbor):
    """The address of every view that takes a POST."""
    client = ClientFactory(
        organization=harbor, created_by=alice, ssn="123121234", ssn_data_quality=1
    )
    other, alert = InterestedOtherFactory(client=client), AlertFactory(client=client)
    search = ClientSearch(user=alice)
    search.criteria = {"last_name": "Smi"}
    search.save()
    of_client = ["edit", "reveal_ssn", "add_alert", "add_interested_other"]
    rows = {"alert": alert.pk, "interested_other": other.pk}
    return {
        "settings": "/settings/",
        "search": "/search/",
        "pin": "/menu/find-client/pin/",
        "session": "/session/",
        "find": "/clients/",
        "add": f"/clients/add/?search={search.pk}",
        "report": "/duplicates/report/",
        "log-in": "/accounts/login/",
        "password": "/accounts/password/change/",
        "reset": "/accounts/password/reset/",
        **{name: reverse(f"clients:{name}", args=[client.pk]) for name in of_client},
        **{
            f"{action}_{row}": reverse(f"clients:{action}_{row}", args=[client.pk, pk])
            for row, pk in rows.items()
            for action in ("edit", "delete", "restore")
        },
    }


@pytest.mark.parametrize("seed", range(2))
def test_random_junk_in_every_field_of_every_form(portal, alice, harbor, places, seed):
    rng = random.Random(seed)  # the same junk at each run
    browser = portal(alice)
    for name, address in places.items():
        for good in ({}, {"organization": str(harbor.pk)}, {"last_name": "Smith"}):
            data = {field: rng.choices(TEXTS, k=rng.choice([1, 1, 1, 3])) for field in FIELDS}
            data = {field: data[field] for field in FIELDS if rng.random() < 0.8}
            answer = browser.post(address, data | good)
            assert answer.status_code < 500, (name, data)


@pytest.mark.parametrize("text", TEXTS)
def test_same_junk_in_every_field(portal, alice, places, text):
    browser = portal(alice)
    for name in ("add", "edit", "add_interested_other", "add_alert", "report", "find", "search"):
        answer = browser.post(places[name], dict.fromkeys(FIELDS, text))
        assert answer.status_code in (200, 302), name


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"last_name=%FF%FE", FORM),
        (b"last_name=%ED%A0%80&text=%ED%B0%80", FORM),
        (b"last_name=\xff\xfe\x00", FORM),
        (b"last_name=%", FORM),
        (b"&&&===&=", FORM),
        (b"\x00" * 100, FORM),
        (b'{"last_name": "\\u0000\\ud800"}', "application/json"),
        (b"{", "application/json"),
        (b"junk", "multipart/form-data"),
        (b"junk", "multipart/form-data; boundary=x"),
        (
            b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\n\xff\x00\r\n--x--",
            "multipart/form-data; boundary=x",
        ),
        (
            b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\n+2AA-\r\n--x--",
            "multipart/form-data; boundary=x; charset=utf-7",
        ),
        (b"last_name=+2AA-", f"{FORM}; charset=utf-7"),
        (b"last_name=x", f"{FORM}; charset=nonsense"),
        (b"last_name=x", "text/plain"),
        (b"last_name=x", ""),
        (b"last_name=x", "\xff/\x00"),
    ],
)
def test_body_that_cannot_be_read(portal, alice, places, body, content_type):
    browser = portal(alice)
    for name in ("add", "find", "search", "settings", "add_alert", "log-in"):
        address = places[name]
        answer = browser.generic("POST", address, body, content_type=content_type)
        assert answer.status_code < 500, address


@pytest.mark.parametrize(
    "query",
    [
        "?search=%00",
        "?search=%ED%A0%80",
        "?client=%00",
        "?client=" + "9" * 40,
        "?next=%00",
        "?next=" + "x" * 5000,
        "?%00=1",
        "?" + "&".join(f"a{number}=" for number in range(2000)),
        "?search=1&search=2",
        "?page=-1&filter[]=%FF",
    ],
)
def test_junk_in_the_address(portal, alice, places, query):
    browser = portal(alice)
    pages = ["/", "/clients/add/", "/admin/", "/accounts/login/", *places.values()]
    for page in pages:
        address = page.partition("?")[0] + query
        assert browser.get(address).status_code < 500, address
    assert Browser().get(f"/accounts/login/{query}").status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/clients/%00/",
        "/clients/%D9%A1/",
        "/clients/-1/",
        "/clients/1e3/",
        f"/clients/{'9' * 5000}/",
        f"/clients/{'9' * 30}/edit/",
        "/clients/find/%00/",
        "/menu/%00/pin/",
        "/duplicates/99999999999999999999/",
        "/%FF/",
        "/%ED%A0%80/",
        "//clients/",
        "/clients/../admin/",
        f"/{'x' * 10_000}",
        "/accounts/password/reset/key/1-%00/",
        "/accounts/confirm-email/%00/",
        "/admin/agencies/user/%00/change/",
    ],
)
def test_odd_path(portal, alice, dana, path):
    for browser in (portal(alice), portal(dana), Browser()):
        assert browser.get(path).status_code < 500
        assert browser.post(path).status_code < 500


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "other"])
@pytest.mark.parametrize("value", ["\x00" * 32, "x" * 4000, "\xff", "a\x00b", '"', "{}"])
def test_junk_in_a_cookie(client, db, name, value):
    client.cookies[name] = value
    for address in ("/", "/accounts/login/", "/health/", "/session/"):
        assert client.get(address).status_code < 500
    assert client.post("/accounts/login/", {"login": "a@b.example"}).status_code < 500


@pytest.mark.parametrize("value", ["junk", "9" * 40, "\x00", "😀"])
def test_junk_in_the_session(portal, alice, value):
    browser = portal(alice)
    session = browser.session
    session["organization"] = value
    session.save()
    assert browser.get("/").status_code == 200


def test_too_many_fields_are_too_large(portal, alice, places):
    data = [f"field{number}=" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)]
    for checks_csrf in (False, True):
        browser = Browser(enforce_csrf_checks=checks_csrf)
        browser.force_login(alice)
        browser.get("/")
        for name in ("add", "edit", "find", "report", "settings"):
            page = browser.post(places[name], "&".join(data), content_type=FORM)
            assert page.status_code == 413, name
            assert "That is too large to send" in page.content.decode()


def test_body_over_the_limit_is_too_large(portal, alice, places):
    body = "last_name=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for checks_csrf in (False, True):
        browser = Browser(enforce_csrf_checks=checks_csrf)
        browser.force_login(alice)
        browser.get("/")
        page = browser.post(places["edit"], body, content_type=FORM)
        assert page.status_code == 413
        assert "nothing was saved" in page.content.decode()


def test_header_that_names_another_host_is_refused(client, db):
    for host in ("evil.example", "a b", "["):
        assert client.get("/accounts/login/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "content_type",
    [
        f"{FORM}; charset*=nonsense''x",
        f"{FORM}; charset=\x00",
        f"{FORM}; charset=nonsense",
        f"{FORM}; charset=hex",
        f"{FORM}; charset=\xff",
        f"{FORM}; filename*=nonsense''%ff",
    ],
)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_character_set_that_does_not_exist_gets_a_page_of_ours(content_type, verb, db):
    """Through the application that servers run: Django fails before its own error pages."""
    body = b"login=x"
    environ = RequestFactory().generic(verb, "/accounts/login/", body).environ
    said = []
    answer = Handler()(
        environ | {"CONTENT_TYPE": content_type}, lambda status, headers: said.append(status)
    )
    assert said == ["400 Bad Request"]
    assert b"<h1>" in b"".join(answer)
