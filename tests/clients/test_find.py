"""Find Client's boxes and the global search (1.6, 2.1, 2.8); what is found has tests of its own."""

import pytest
from django.db import connection

from clients.forms.find import FindClientForm, boxes_from_text
from clients.models import Client, ClientSearch
from tests.factories import ClientFactory
from tests.pages import errors

FIND, SEARCH = "/clients/", "/search/"
LONG = "Enter at most 200 characters; these are 10000."
NO_DATE = "Enter a date that exists, as MM/DD/YYYY, or only its year, or month and year."
NUMBER = "A Client ID is a number. Enter only its digits."
DIGITS = "Enter all nine digits of the SSN, or only the last four."


@pytest.mark.parametrize(
    ("typed", "box", "sentence"),
    [
        ({}, "__all__", "Fill at least one box to search."),
        ({"last_name": "   "}, "__all__", "Fill at least one box to search."),
        ({"first_name": "x" * 10_000}, "first_name", LONG),
        ({"last_name": "x" * 10_000}, "last_name", LONG),
        ({"first_name": "\x00"}, "first_name", "Null characters are not allowed."),
        (
            {"dob": "02/30/1990"},
            "dob",
            NO_DATE,
        ),
        (
            {"dob": "00/00/0000"},
            "dob",
            NO_DATE,
        ),
        ({"dob": "1/1/0001"}, "dob", NO_DATE),
        (
            {"dob": "x" * 10_000},
            "dob",
            NO_DATE,
        ),
        ({"ssn": "123"}, "ssn", DIGITS),
        ({"ssn": "12345"}, "ssn", DIGITS),
        ({"ssn": "abcd"}, "ssn", DIGITS),
        ({"client_id": "x"}, "client_id", NUMBER),
        ({"client_id": "-1"}, "client_id", NUMBER),
        ({"client_id": "1.5"}, "client_id", NUMBER),
        ({"client_id": "9" * 19}, "client_id", NUMBER),
    ],
)
def test_box_that_cannot_be_searched_says_why(typed, box, sentence):
    form = FindClientForm(typed)
    assert not form.is_valid()
    assert sentence in form.errors[box]


@pytest.mark.parametrize(
    "typed",
    [
        {"client_id": "9" * 18},
        {"client_id": "#12"},
        {"client_id": "٩" * 18},
        {"first_name": "😀"},
        {"first_name": "\u202e\u0007"},
        {"last_name": "%_\\"},
        {"last_name": "محمد"},
        {"dob": "12/31/9999"},
        {"ssn": "000000000"},
        {"ssn": "0000"},
    ],
)
def test_odd_search_finds_nobody_and_says_so(portal, alice, john, typed):
    page = portal(alice).post(FIND, typed, follow=True)
    assert page.status_code == 200
    assert "No records found." in page.content.decode()


def test_refused_search_keeps_what_was_typed(portal, alice):
    page = portal(alice).post(FIND, {"last_name": "Smi", "ssn": "1"})
    assert errors(page)["ssn"] == [DIGITS]
    assert 'value="Smi"' in page.content.decode()
    assert not ClientSearch.objects.exists()


@pytest.mark.parametrize(
    ("text", "boxes"),
    [
        ("12", {"client_id": "12"}),
        ("#12", {"client_id": "#12"}),
        ("٣٤", {"client_id": "34"}),
        ("123-12-1234", {"ssn": "123-12-1234"}),
        ("123 12 1234", {"ssn": "123 12 1234"}),
        ("123121234", {"ssn": "123121234"}),
        ("ssn 1234", {"ssn": "1234"}),
        ("SSN1234", {"ssn": "1234"}),
        ("***-**-1234", {"ssn": "1234"}),
        ("•••-••-1234", {"ssn": "1234"}),
        ("5/17/1980", {"dob": "5/17/1980"}),
        ("1980-05-17", {"dob": "1980-05-17"}),
        ("May 17, 1980", {"dob": "May 17, 1980"}),
        ("05/1980", {"dob": "05/1980"}),
        ("Smith, John", {"first_name": "John", "last_name": "Smith"}),
        ("Smith,", {"first_name": "", "last_name": "Smith"}),
        ("Smith Jr., John", {"first_name": "John", "last_name": "Smith"}),
        ("Smith, John, Jr", {"first_name": "John", "last_name": "Smith"}),
        ("John Smith", {"first_name": "John", "last_name": "Smith"}),
        ("John Smith III", {"first_name": "John", "last_name": "Smith"}),
        ("Mary Ann Smith", {"first_name": "Mary Ann", "last_name": "Smith"}),
        ("Van Heerdenburg", {"first_name": "", "last_name": "Van Heerdenburg"}),
        ("Ana de la Cruz", {"first_name": "Ana", "last_name": "de la Cruz"}),
        ("Jr", {"first_name": "", "last_name": "Jr"}),
        ("  Smith ", {"first_name": "", "last_name": "Smith"}),
        ("", {"first_name": "", "last_name": ""}),
        ("02/30/1990", {"first_name": "", "last_name": "02/30/1990"}),
    ],
)
def test_global_search_sorts_what_is_typed_into_the_boxes(text, boxes):
    found = boxes_from_text(text)
    assert found.pop("line", text.strip()) == " ".join(text.split())
    assert found == boxes


def test_global_search_opens_a_client_by_id(portal, alice, john):
    for typed in (str(john.pk), f"#{john.pk}", f" {john.pk} "):
        assert portal(alice).post(SEARCH, {"q": typed})["Location"] == john.get_absolute_url()


def test_global_search_opens_the_client_that_a_merged_one_became(portal, alice, harbor, john):
    gone = ClientFactory(organization=harbor, created_by=alice, merged_into=john)
    answer = portal(alice).post(SEARCH, {"q": str(gone.pk)})
    assert answer["Location"] == john.get_absolute_url()


def test_global_search_finds_anything_else_as_find_client_does(portal, alice, john):
    for typed in ("jo smi", "Smith, J", "5/17/1980", "123-12-1234", "ssn 1234"):
        page = portal(alice).post(SEARCH, {"q": typed}, follow=True)
        assert [client.pk for client in page.context["matches"].clients] == [john.pk], typed


def test_global_search_for_an_id_that_is_not_there_finds_nothing(portal, charlie, john):
    Client.objects.filter(pk=john.pk).update(visibility="own")
    for typed in (str(john.pk), "9" * 18):
        page = portal(charlie).post(SEARCH, {"q": typed}, follow=True)
        assert "No records found." in page.content.decode()


@pytest.mark.parametrize("typed", [None, "", "\x00", "9" * 30, "²", "#", ",", "x" * 10_000, "😀"])
def test_global_search_takes_anything(portal, alice, john, typed):
    data = {} if typed is None else {"q": typed}
    assert portal(alice).post(SEARCH, data, follow=True).status_code == 200


def test_search_stands_under_a_random_id_and_encrypted(portal, alice, john):
    # Long enough that no ciphertext holds it by chance.
    typed = {"first_name": "Johnny", "last_name": "Smithson"}
    typed |= {"dob": "05/17/1980", "ssn": "123121234"}
    address = portal(alice).post(FIND, typed)["Location"]
    search = ClientSearch.objects.get()
    assert address == f"/clients/find/{search.pk}/"
    assert search.criteria == typed
    with connection.cursor() as cursor:
        cursor.execute("SELECT row::text FROM clients_clientsearch AS row")
        (row,) = cursor.fetchone()
    assert not [value for value in typed.values() if value in row]


def test_nothing_personal_stands_in_a_url_or_title(portal, alice, john):
    browser = portal(alice)
    found = browser.post(FIND, {"last_name": "Smi"})["Location"]
    pages = [found, john.get_absolute_url(), f"{john.get_absolute_url()}edit/"]
    for page in pages:
        html = browser.get(page).content.decode()
        title = html.partition("<title>")[2].partition("</title>")[0]
        ends = html.split('href="')[1:]
        addresses = [part.partition('"')[0] for part in ends]
        for personal in ("Smith", "John", "05/17/1980", "123121234"):
            assert personal not in title
            assert not [address for address in addresses if personal in address]


def test_results_are_sent_alone_to_htmx(portal, alice, john):
    browser = portal(alice)
    found = browser.post(FIND, {"last_name": "Smi"})["Location"]
    html = browser.get(found, headers={"HX-Request": "true"}).content.decode()
    assert "Smith, John" in html
    assert "<html" not in html
