"""The results of Find Client: their order, their pages, and what a page costs of a limit."""

from datetime import date

import pytest

from agencies.models import LimitedUse
from clients.search import Criteria, Order, exact_matches
from clients.search.exact import POOL, SHOWN


@pytest.fixture
def smiths(person):
    """Three, whose orders by name, number and date of birth all differ."""
    zoe = person("Zoe", "Smith", dob=date(1990, 1, 2))
    adam = person("Adam", "Smithers", dob=None)
    kim = person("Kim", "Smith", dob=date(1970, 1, 2))
    return {"zoe": zoe, "adam": adam, "kim": kim}


def names(alice, order):
    found = exact_matches(Criteria(last_name="Smi"), alice, order=order).clients
    return [client.first_name.lower() for client in found]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (None, ["kim", "zoe", "adam"]),
        ("name", ["kim", "zoe", "adam"]),
        ("-name", ["adam", "zoe", "kim"]),
        ("id", ["zoe", "adam", "kim"]),
        ("-id", ["kim", "adam", "zoe"]),
        ("dob", ["kim", "zoe", "adam"]),
        ("-dob", ["zoe", "kim", "adam"]),
        ("ssn", ["kim", "zoe", "adam"]),
        ("-", ["kim", "zoe", "adam"]),
    ],
)
def test_results_stand_in_the_order_that_was_chosen(alice, smiths, sort, expected):
    assert names(alice, Order.of(sort)) == expected


def test_whole_names_stand_first_then_the_alphabet(alice, person):
    for first in ("Joanna", "Jo", "Joan"):
        person(first, "Smith")
    found = exact_matches(Criteria("Jo", "Smi"), alice).clients
    assert [client.first_name for client in found] == ["Jo", "Joan", "Joanna"]
    person("Aaron", "Smithson")
    found = exact_matches(Criteria(last_name="Smithson"), alice).clients
    assert [client.last_name for client in found] == ["Smithson"]


@pytest.fixture
def many(person):
    return [person("John", "Smith") for _ in range(SHOWN + 3)]


@pytest.mark.parametrize("number", ["2", "3", "99", 2])
def test_second_page_has_the_rest(alice, many, number):
    found = exact_matches(Criteria("Jo", "Smi"), alice, number=number)
    assert [client.pk for client in found.clients] == [one.pk for one in many[SHOWN:]]
    assert not found.has_more


@pytest.mark.parametrize("number", ["0", "-1", "x", "", None, "9" * 5000, "1.5"])
def test_page_that_does_not_exist_is_one_that_does(alice, many, number):
    assert exact_matches(Criteria("Jo", "Smi"), alice, number=number).clients


def test_all_that_were_found_are_counted(alice, many):
    found = exact_matches(Criteria("Jo", "Smi"), alice)
    assert len(found.ids) == SHOWN + 3
    assert not found.is_cut


def test_search_that_may_have_more_says_so(alice, person):
    for _ in range(POOL):
        person("John", "Smith")
    assert exact_matches(Criteria("Jo", "Smi"), alice).is_cut


def test_heads_lead_to_their_order_and_back(portal, alice, smiths):
    browser = portal(alice)
    found = browser.post("/clients/", {"last_name": "Smi"})["Location"]
    assert 'href="?sort=dob"' in browser.get(found).text
    page = browser.get(f"{found}?sort=dob").text
    assert 'aria-sort="ascending"' in page
    assert 'href="?sort=-dob"' in page
    assert "?sort=-&" not in page
    assert 'href="?sort="' not in page


def test_pages_keep_the_order(portal, alice, many):
    browser = portal(alice)
    found = browser.post("/clients/", {"last_name": "Smi"})["Location"]
    assert "28 clients found" in browser.get(found).text
    page = browser.get(f"{found}?sort=-id").text
    assert 'href="?sort=-id&amp;page=2"' in page
    assert f">{many[0].pk}<" not in page
    assert f">{many[0].pk}<" in browser.get(f"{found}?sort=-id&page=2").text


def test_further_page_counts_as_a_search(portal, alice, many, monkeypatch):
    counted = []
    monkeypatch.setattr(
        "clients.views.find.limits.require", lambda user, kind: counted.append((user.pk, kind))
    )
    browser = portal(alice)
    found = browser.post("/clients/", {"last_name": "Smi"})["Location"]
    browser.get(found)
    assert counted == []
    browser.get(f"{found}?page=2")
    assert counted == [(alice.pk, LimitedUse.SEARCHES)]
    browser.get(f"{found}?sort=-dob")
    assert len(counted) == 2, "another order names other people"


def test_near_matches_stand_on_the_first_page_alone(portal, alice, many, person):
    person("Jon", "Smyth")
    browser = portal(alice)
    found = browser.post("/clients/", {"first_name": "John", "last_name": "Smith"})["Location"]
    assert browser.get(found).context["near"]
    assert not browser.get(f"{found}?page=2").context["near"]


def test_somebody_elses_search_has_no_pages(portal, alice, bob, many):
    found = portal(alice).post("/clients/", {"last_name": "Smi"})["Location"]
    assert portal(bob).get(f"{found}?page=2&sort=name").status_code == 404
