"""Find Client, exact: 2.2, and who must not be found."""

from datetime import date

import pytest

from clients.models import Client
from clients.search import Criteria, exact_matches
from tests.factories import ClientAliasFactory, UserFactory

BORN = date(1980, 5, 17)
SSN = "219456789"


@pytest.fixture
def john(person):
    john = person("John", "Smith", dob=BORN, ssn=SSN)
    ClientAliasFactory(client=john, first_name="Johnny", last_name="Walker")
    person("Mary", "Jones", dob=date(1975, 1, 2), ssn="318221234")
    return john


def found(user, **boxes):
    return exact_matches(Criteria(**boxes), user).clients


@pytest.mark.parametrize(
    "boxes",
    [
        {"first_name": "Jo", "last_name": "Smi"},
        {"first_name": "jOHN", "last_name": "SMITH"},
        {"first_name": "J", "last_name": "S"},
        {"first_name": "Jo", "last_name": "Sm"},
        {"first_name": "John"},
        {"last_name": "Smit"},
        {"ssn": SSN},
        {"ssn": SSN[-4:]},
        {"dob": BORN},
        {"first_name": "j", "dob": BORN, "ssn": "6789"},
        {"first_name": "Jo", "last_name": "Wal"},
        {"last_name": "wal", "dob": BORN},
        {"last_name": "wal", "ssn": SSN},
    ],
)
def test_every_way_in_finds_the_same_person(alice, john, boxes):
    assert found(alice, **boxes) == [john]


def test_client_id_finds_and_combines_with_a_name(alice, john):
    assert found(alice, client_id=john.pk) == [john]
    assert found(alice, client_id=john.pk, first_name="Jo") == [john]
    assert found(alice, client_id=john.pk, first_name="Ma") == []


@pytest.mark.parametrize(
    "boxes",
    [
        {"first_name": "Jo", "last_name": "Jon"},
        {"first_name": "Jo", "dob": date(1975, 1, 2)},
        {"ssn": SSN, "dob": date(1975, 1, 2)},
        {"last_name": "Smi", "ssn": "1234"},
        {"last_name": "Wal", "ssn": "1234"},
        {"first_name": "ohn"},
        {"first_name": "Johnny", "last_name": "Smith"},
    ],
)
def test_any_combination_narrows(alice, john, boxes):
    assert found(alice, **boxes) == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("jose", "José"),
        ("JOSÉ", "Jose"),
        ("oneil", "O'Neil"),
        ("o'n", "ONeil"),
        ("garcia lo", "García-López"),
        ("soren", "Søren"),
        ("محم", "مُحَمَّد"),
        ("王", "王小明"),
        ("иван", "Иванов"),
    ],
)
def test_case_accents_and_hyphens_do_not_matter(alice, person, typed, name):
    client = person(name, name)
    assert found(alice, first_name=typed) == [client]
    assert found(alice, last_name=typed) == [client]
    assert found(alice, first_name=typed, last_name=typed) == [client]


def test_the_alias_that_was_found_is_named(alice, john):
    (by_alias,) = found(alice, first_name="Jo", last_name="Wal")
    (by_name,) = found(alice, first_name="Jo", last_name="Smi")
    (by_both,) = found(alice, first_name="Jo")
    assert by_alias.matched_alias == "Johnny Walker"
    assert by_name.matched_alias == ""
    assert by_both.matched_alias == ""


def test_partial_ssn_is_found_by_its_last_four(alice, person):
    client = person("Ann", "Lee", ssn="xxxxx4321")
    assert found(alice, ssn="4321") == [client]


@pytest.mark.parametrize("ssn", ["12", "12345", "1234567890", "12a4", "xxxxx6789", "١٢٣٤"])
def test_anything_but_nine_or_four_digits_finds_nobody(alice, john, ssn):
    assert found(alice, ssn=ssn) == []


def test_the_closest_name_comes_first_then_the_alphabet(alice, person):
    names = [("Joan", "Smithson"), ("Jo", "Smithson"), ("John", "Smith"), ("Jo", "Smith")]
    clients = {name: person(*name) for name in names}
    first = found(alice, first_name="Jo", last_name="Smith")[0]
    assert first == clients["Jo", "Smith"]
    adam, zoe = person("Zoe", "Brown"), person("Adam", "Brown")
    assert found(alice, last_name="Brown") == [zoe, adam]


def test_more_than_25_shows_25_and_says_so(alice, person):
    for _ in range(25):
        person("John", "Smith")
    matches = exact_matches(Criteria("Jo", "Smi"), alice)
    assert (len(matches.clients), matches.has_more) == (25, False)
    person("John", "Smith")
    matches = exact_matches(Criteria("Jo", "Smi"), alice)
    assert (len(matches.clients), matches.has_more) == (25, True)


def test_restricted_client_is_found_by_its_own_organization_only(alice, charlie, john):
    Client.objects.update(visibility=Client.Visibility.OWN_ORGANIZATION)
    for boxes in (
        {"first_name": "Jo", "last_name": "Smi"},
        {"last_name": "Walker"},
        {"ssn": SSN},
        {"ssn": "6789"},
        {"dob": BORN},
        {"client_id": john.pk},
    ):
        assert found(alice, **boxes) == [john]
        assert found(charlie, **boxes) == []


def test_administrator_finds_every_client(john):
    Client.objects.update(visibility=Client.Visibility.OWN_ORGANIZATION)
    assert found(UserFactory(is_superuser=True), last_name="Smi") == [john]


def test_deleted_client_is_not_found(alice, john):
    john.mark_deleted(by=alice)
    assert found(alice, last_name="Smi") == []
    assert found(alice, last_name="Wal") == []
    assert found(alice, client_id=john.pk) == []


def test_merged_away_client_is_not_listed_but_its_id_finds_the_survivor(alice, john, person):
    away = person("Jon", "Smith", dob=BORN, ssn=SSN)
    away.merged_into = john
    away.save()
    assert found(alice, last_name="Smi") == [john]
    assert found(alice, ssn=SSN) == [john]
    assert found(alice, client_id=away.pk) == [john]


def test_empty_criteria_find_nobody(alice, john):
    assert Criteria().is_empty
    assert Criteria(first_name="  ", last_name="%").is_empty
    assert found(alice) == []


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "_",
        "\\",
        "%hn",
        "' OR 1=1 --",
        "\x01\x02",
        "😀",
        "\u202e",
        "\u200f",
        "x" * 10_000,
    ],
)
def test_hostile_names_find_nobody_and_break_nothing(alice, john, typed):
    assert john not in found(alice, first_name=typed, last_name="Zzz")
    assert found(alice, last_name=typed) == []


def test_wildcards_are_left_out_like_any_sign(alice, john):
    assert found(alice, first_name="Jo%", last_name="S_m") == [john]


@pytest.mark.parametrize("client_id", [0, -1, 2**31, 2**63 - 1, 2**63, 10**30])
def test_impossible_client_ids_find_nobody(alice, john, client_id):
    assert found(alice, client_id=client_id) == []
