"""Find Client, near matches: 2.4."""

from datetime import date

import pytest

from clients.models import Client
from clients.search import Criteria, exact_matches, near_matches
from tests.factories import ClientAliasFactory

BORN = date(1980, 3, 4)
SSN = "219456789"

SPELLING = "Similar spelling"
SOUND = "Name sounds alike"
NICKNAME = "Nickname"
SWAPPED = "First and last name swapped"
PART = "One part of a double name"
DAY_MONTH = "Day and month swapped"
SAME_DOB = "Same date of birth"
OTHER_DOB = "Different date of birth"


def near(user, **boxes):
    """The reasons by client, of those whom a page would list under the exact ones."""
    criteria = Criteria(**boxes)
    exact = [client.pk for client in exact_matches(criteria, user).clients]
    matches = near_matches(criteria, user, exclude=exact)
    listed = exact + [match.client.pk for match in matches]
    assert len(listed) == len(set(listed)), "listed twice"
    return {match.client: match.reasons for match in matches}


@pytest.mark.parametrize(
    ("typed", "on_record", "reasons"),
    [
        (("Jhon", "Smith"), ("John", "Smith"), (SPELLING,)),
        (("Michael", "Smiht"), ("Michael", "Smith"), (SPELLING,)),
        (("Micheal", "Smith"), ("Michael", "Smith"), None),
        (("Maria", "Hernandes"), ("María", "Hernández"), None),
        (("Maria", "Rodrigez"), ("Maria", "Rodríguez"), None),
        (("Maria", "Rodriges"), ("Maria", "Rodríguez"), None),
        (("Jennifer", "Andersson"), ("Jennifer", "Anderson"), None),
        (("Katherine", "Miler"), ("Katherine", "Miller"), None),
        (("Bob", "Smith"), ("Robert", "Smith"), (NICKNAME,)),
        (("Robert", "Smith"), ("Bob", "Smith"), (NICKNAME,)),
        (("Pepe", "Torres"), ("José", "Torres"), (NICKNAME,)),
        (("Lupe", "Diaz"), ("Guadalupe", "Díaz"), (NICKNAME,)),
        (("Chuy", "Diaz"), ("Jesús", "Diaz"), (NICKNAME,)),
        (("Bob", "Smi"), ("Robert", "Smith"), (NICKNAME,)),
        (("Bob", "Smiht"), ("Robert", "Smith"), (NICKNAME, SPELLING)),
        (("John", "Smyth"), ("John", "Smith"), (SOUND,)),
        (("Steven", "Hall"), ("Stephen", "Hall"), None),
        (("Jo", "Smyth"), ("John", "Smith"), (SOUND,)),
        (("Smith", "John"), ("John", "Smith"), (SWAPPED,)),
        (("Smi", "Jo"), ("John", "Smith"), (SWAPPED,)),
        (("Smith", "Bob"), ("Robert", "Smith"), (SWAPPED, NICKNAME)),
        (("Maria", "Lopes"), ("Maria", "Garcia-Lopez"), None),
        (("", "Lopes"), ("Maria", "Garcia-Lopez"), None),
        (("Maria", "Garcia Lopez"), ("Maria", "Lopez"), (PART,)),
        (("Maria", "Garcia Lopez"), ("Maria", "Garcia"), (PART,)),
        (("Carlso", "Ruiz"), ("Juan Carlos", "Ruiz"), None),
        (("Ana", "Saint James"), ("Ana", "St. James"), (SPELLING,)),
        (("Ana", "Saint"), ("Ana", "Saynt"), None),
        (("Ana", "St James"), ("Ana", "Saint-James"), (SPELLING,)),
        (("Ana", "MacDonald"), ("Ana", "McDonald"), (SPELLING,)),
        (("Ana", "McDonald"), ("Ana", "Mac Donald"), (SPELLING,)),
        (("Ana", "Mueller"), ("Ana", "Müller"), None),
        (("Ana", "Müller"), ("Ana", "Mueller"), None),
        (("Ana", "Schaeffer-Goebel"), ("Ana", "Schäffer Göbel"), (SPELLING,)),
        (("محمذ", "حسين"), ("محمد", "حسين"), (SPELLING,)),
        (("", "Hernandes"), ("Luis", "Hernandez"), None),
        (("Smith", ""), ("John", "Smith"), (SWAPPED,)),
    ],
)
def test_near_names_are_listed_with_their_reason(alice, person, typed, on_record, reasons):
    client = person(*on_record)
    person("Xavier", "Quigley")
    matches = near(alice, first_name=typed[0], last_name=typed[1])
    assert list(matches) == [client]
    assert matches[client]
    if reasons:
        assert matches[client] == reasons


@pytest.mark.parametrize(
    ("typed", "on_record"),
    [
        (("Gary", "Smith"), ("Mary", "Smith")),
        (("Gary", "Hall"), ("Gary", "Hill")),
        (("Lee", "Li"), ("Ashley", "Liman")),
        (("Jo", "Smi"), ("Anna", "Smith")),
        (("John", "Smith"), ("Nathan", "Smith")),
        (("Mark", "Smith"), ("Mary", "Smith")),
        (("Jose", "Diaz"), ("Rose", "Diaz")),
        (("John", "Smith"), ("Jane", "Jones")),
        (("John", "Lee"), ("John", "Lopez")),
        (("Ann", "Li"), ("Ann", "Lu")),
        (("Jo", "Smi"), ("Robert", "Smith")),
        (("محمد", "حسين"), ("王", "小明")),
        (("محمد", ""), ("فاطمة", "حسين")),
        (("Peter", "Brown"), ("Paul", "Brown")),
        (("Miller", ""), ("Anna", "Muller-Hartmannsweiler")),
    ],
)
def test_what_a_case_worker_would_laugh_at_is_not_listed(alice, person, typed, on_record):
    person(*on_record)
    assert near(alice, first_name=typed[0], last_name=typed[1]) == {}


def test_swapped_day_and_month(alice, person):
    client = person("John", "Smith", dob=date(1980, 4, 3))
    other = person("John", "Smith", dob=date(1955, 3, 4))
    boxes = {"first_name": "Jo", "last_name": "Smi", "dob": BORN}
    assert near(alice, **boxes) == {client: (DAY_MONTH,)}
    found = near(alice, first_name="John", last_name="Smith", dob=BORN)
    assert list(found.items()) == [(client, (DAY_MONTH,)), (other, (OTHER_DOB,))]
    assert near(alice, dob=BORN) == {client: (DAY_MONTH,)}


@pytest.mark.parametrize(
    ("dob", "reason"),
    [
        (date(1981, 3, 4), "One digit of the date of birth differs"),
        (date(1980, 3, 14), "One digit of the date of birth differs"),
        (date(1908, 3, 4), OTHER_DOB),
        (date(1989, 3, 4), "One digit of the date of birth differs"),
        (date(1950, 3, 4), OTHER_DOB),
        (None, "No date of birth on record"),
    ],
)
def test_a_mistake_in_the_date_of_birth(alice, person, dob, reason):
    client = person("John", "Smith", dob=dob)
    matches = near(alice, first_name="John", last_name="Smith", dob=BORN)
    assert matches == {client: (reason,)}


@pytest.mark.parametrize("typed", [BORN, date(1980, 4, 3), date(1955, 1, 1)])
@pytest.mark.parametrize(
    "names", [("Jhon", "Smith"), ("Bob", "Garcia"), ("Smith", "John"), ("Ana", "Garcia")]
)
def test_a_date_of_birth_hides_nobody_whom_the_names_list(alice, person, names, typed):
    person("John", "Smith", dob=date(1990, 12, 31))
    person("Roberto", "García-López", middle_name="Ana")
    person("Robert", "Garcia", dob=date(1951, 2, 1))
    boxes = {"first_name": names[0], "last_name": names[1]}
    by_names = {*exact_matches(Criteria(**boxes), alice).clients, *near(alice, **boxes)}
    with_dob = near(alice, **boxes, dob=typed)
    assert by_names
    assert by_names <= set(with_dob)


def test_the_nearer_date_of_birth_comes_first(alice, person):
    other = person("John", "Smith", dob=date(1955, 7, 9))
    unknown = person("John", "Smith")
    digit = person("John", "Smith", dob=date(1981, 3, 4))
    misspelt = person("Jhon", "Smiht", dob=BORN)
    found = near(alice, first_name="John", last_name="Smith", dob=BORN)
    assert list(found) == [misspelt, digit, unknown, other]


def test_many_of_another_date_do_not_hide_those_without_one(alice, person):
    for _ in range(30):
        person("John", "Smith", dob=date(1955, 7, 9))
    unknown = person("John", "Smith")
    assert next(iter(near(alice, first_name="John", last_name="Smith", dob=BORN))) == unknown


def test_nobody_else_is_born_that_day(alice, person):
    """Beside the same date of birth, names say enough that say nothing alone."""
    client = person("Jacqueline", "Oxenbridge", dob=BORN)
    person("Peter", "Quigley", dob=BORN)
    boxes = {"first_name": "Jaklyn", "last_name": "Osenbrid"}
    assert near(alice, **boxes) == {}
    assert near(alice, **boxes, dob=BORN) == {client: (SPELLING, SAME_DOB)}


def test_same_date_of_birth_with_another_ssn_is_listed_and_marked(alice, person):
    client = person("John", "Smith", dob=BORN, ssn=SSN)
    boxes = {"first_name": "John", "last_name": "Miller", "ssn": "555121234"}
    assert near(alice, **boxes) == {}
    matches = near(alice, **boxes, dob=BORN)
    assert matches == {client: ("Same first name", SAME_DOB, "Different SSN")}


@pytest.mark.parametrize(
    ("typed", "on_record"),
    [
        (("Xohn", "Smith"), ("John", "Smith")),
        (("John", "Xmith"), ("John", "Smith")),
        (("Nichael", "Smith"), ("Michael", "Smith")),
        (("Jon", "Kohnson"), ("Jon", "Johnson")),
        (("Mary", "Ann Smith"), ("Mary Ann", "Smith")),
        (("Mary Ann", "Smith"), ("Mary", "Ann Smith")),
        (("Juan Carlos", "Lopez"), ("Juan", "Lopez")),
        (("Juan C.", "Lopez"), ("Juan", "Lopez")),
        (("Ana", "Garcialopez"), ("Ana", "García López")),
        (("Ana", "Garcia-Lopes"), ("Ana", "García López")),
        (("Cruz", "Ana"), ("Ana", "Cruz")),
        (("Curz", "Ana"), ("Ana", "Cruz")),
    ],
)
@pytest.mark.parametrize("dob", [None, BORN, date(1962, 11, 23)])
def test_mistakes_of_a_form_find_the_person(alice, person, typed, on_record, dob):
    client = person(*on_record, dob=BORN)
    criteria = Criteria(*typed, dob=dob)
    exact = exact_matches(criteria, alice).clients
    assert [*exact, *near(alice, first_name=typed[0], last_name=typed[1], dob=dob)] == [client]


@pytest.mark.parametrize(
    ("typed", "middle"), [("Robert", "James"), ("James", "James"), ("Robert James", "James")]
)
def test_middle_name_typed_or_missing(alice, person, typed, middle):
    client = person("Robert", "Leeworth", middle_name=middle, dob=BORN)
    for dob in (None, BORN):
        criteria = Criteria(typed, "Leeworth", dob=dob)
        assert exact_matches(criteria, alice).clients == [client]
    assert list(near(alice, first_name=typed, last_name="Leeworth", dob=date(1962, 11, 2)))


@pytest.fixture
def big_table(monkeypatch):
    """Takes the table for one of so many clients that any number of bearers is few among them."""
    monkeypatch.setattr("clients.search.sources.ONE_IN", -1)
    monkeypatch.setattr("clients.search.kept.KEPT", {})


def test_bearers_of_a_rare_name_are_listed(alice, person, big_table):
    client = person("Katelyn", "Satterley")
    person("Peter", "Brown")
    assert near(alice, first_name="Bailey", last_name="Satterley") == {client: ("Same last name",)}
    assert near(alice, first_name="Bailey", last_name="Saterley") == {client: (SOUND,)}
    assert near(alice, first_name="Katelyn", last_name="Quill") == {client: ("Same first name",)}


def test_names_that_many_bear_say_nothing_alone(alice, person, big_table):
    for number in range(26):
        person(f"Peter{number}", "Brown")
    assert near(alice, first_name="Maria", last_name="Brown") == {}


def test_in_a_small_table_no_name_is_rare(alice, person):
    person("Katelyn", "Satterley")
    assert near(alice, first_name="Bailey", last_name="Satterley") == {}


def test_date_of_birth_speaks_for_a_name_that_differs(alice, person):
    married = person("Maria", "Thompson", dob=BORN)
    person("Peter", "Quigley", dob=BORN)
    matches = near(alice, first_name="Maria", last_name="Gonzalez", dob=BORN)
    assert matches == {married: ("Same first name", SAME_DOB)}


def test_misspelt_name_beside_the_same_date_of_birth(alice, person):
    client = person("John", "Smith", dob=BORN)
    matches = near(alice, first_name="Jhon", last_name="Smiht", dob=BORN)
    assert matches == {client: (SPELLING, SAME_DOB)}


@pytest.mark.parametrize(
    ("ssn", "reason"),
    [
        ("219456788", "One digit of the SSN differs"),
        ("219465789", "Two digits of the SSN swapped"),
        ("219456879", "Two digits of the SSN swapped"),
        ("129456788", None),
    ],
)
def test_a_mistake_in_the_ssn(alice, person, ssn, reason):
    client = person("John", "Smith", ssn=SSN)
    assert near(alice, ssn=ssn) == ({client: (reason,)} if reason else {})


@pytest.mark.parametrize(
    ("ssn", "reason"),
    [
        ("319456789", None),
        ("291456789", None),
        ("219465789", None),
        ("219456788", "One digit of the SSN differs"),
        ("219456879", "Two digits of the SSN swapped"),
    ],
)
def test_who_may_not_reveal_ssns_does_not_find_one_by_digits_that_are_not_seen(
    alice, person, ssn, reason
):
    """About 2,200 searches cover all first five digits, where each finds its neighbors."""
    alice.memberships.update(may_reveal_ssn=False)
    client = person("John", "Smith", ssn=SSN)
    assert near(alice, ssn=ssn) == ({client: (reason,)} if reason else {})


def test_who_may_not_reveal_ssns_finds_a_name_beside_the_same_last_four(alice, person):
    alice.memberships.update(may_reveal_ssn=False)
    client = person("John", "Smith", ssn=SSN)
    matches = near(alice, first_name="Jhon", last_name="Smith", ssn="319456789")
    assert matches == {client: (SPELLING, "Same last four digits of the SSN")}


def test_same_last_four_needs_a_similar_name(alice, person):
    client = person("John", "Smith", ssn=SSN)
    person("Mary", "Quigley", ssn="318226789")
    matches = near(alice, first_name="Jon", last_name="Smith", ssn="555126789")
    assert list(matches) == [client]
    assert "Same last four digits of the SSN" in matches[client]
    assert near(alice, ssn="555126789") == {}


def test_same_ssn_under_another_name(alice, person):
    client = person("Mary", "Jones", ssn=SSN)
    matches = near(alice, first_name="Peter", last_name="Brown", ssn=SSN)
    assert matches == {client: ("Same SSN",)}


def test_another_ssn_is_another_person(alice, person):
    person("John", "Smith", ssn=SSN)
    assert near(alice, first_name="Jon", last_name="Smith", ssn="555121234") == {}


def test_alias_is_a_near_match_once_and_is_named(alice, person):
    client = person("Jonathan", "Walker")
    ClientAliasFactory(client=client, first_name="John", last_name="Smith")
    ClientAliasFactory(client=client, first_name="Johnny", last_name="Smith")
    (match,) = near_matches(Criteria("Jhon", "Smith"), alice)
    assert match.client == client
    assert match.client.matched_alias == "John Smith"


def test_exact_ones_are_not_near_even_beyond_the_first_25(alice, person):
    for _ in range(30):
        person("Robert", "Smith")
    assert near(alice, first_name="Rob", last_name="Smi") == {}
    assert near(alice, first_name="Robert", last_name="Smith") == {}


def test_at_most_25_the_best_first(alice, person):
    for _ in range(30):
        person("Jonah", "Smiths")
    best = person("John", "Smith", dob=BORN)
    matches = near_matches(Criteria("Jhon", "Smith", dob=BORN), alice)
    assert matches[0].client == best
    for letter in "abcd":
        for _ in range(10):
            person(f"Jonah{letter}", "Smiths")
    typed = Criteria("Jonahz", "Smiths")
    for listed, shown in ((0, 25), (7, 18), (25, 10)):
        assert len(near_matches(typed, alice, exclude=range(-listed, 0))) == shown


def test_one_name_leaves_room_for_the_others(alice, person):
    for _ in range(12):
        person("Robert", "Smith")
    bobby = person("Rob", "Smyth")
    matches = near_matches(Criteria("Bob", "Smith"), alice)
    assert len(matches) == 11
    assert matches[3].client == bobby


def test_swapped_beginnings_are_noise_where_plenty_is_found(alice, person):
    for _ in range(12):
        person("Mark", "Jones")
    person("Joan", "Martin")
    assert near(alice, first_name="Mar", last_name="Jo") == {}


def test_one_name_has_no_near_matches_where_plenty_is_found(alice, person):
    person("Maria", "Lopes")
    for _ in range(9):
        person("Luis", "Lopez")
    assert near(alice, last_name="Lopez")
    person("Luis", "Lopez")
    assert near(alice, last_name="Lopez") == {}
    assert near(alice, first_name="Maria", last_name="Lopez")


def test_restricted_deleted_and_merged_clients_are_not_near(alice, charlie, person):
    restricted = person(
        "John", "Smith", dob=BORN, ssn=SSN, visibility=Client.Visibility.OWN_ORGANIZATION
    )
    ClientAliasFactory(client=restricted, first_name="Zebulon", last_name="Quartermain")
    deleted, away = person("John", "Smith"), person("John", "Smith")
    deleted.mark_deleted(by=alice)
    away.merged_into = restricted
    away.save()
    for boxes in (
        {"first_name": "Jhon", "last_name": "Smith"},
        {"first_name": "Smi", "last_name": "Jo"},
        {"first_name": "Jhon", "last_name": "Smith", "dob": BORN},
        {"dob": date(1980, 4, 3)},
        {"ssn": "219456788"},
        {"first_name": "Zebulon", "last_name": "Quatermain"},
        {"first_name": "Zebulon", "last_name": "Quatermain", "dob": BORN},
    ):
        assert list(near(alice, **boxes)) == [restricted]
        assert near(charlie, **boxes) == {}


@pytest.mark.parametrize(
    "typed",
    [
        "%%%%%",
        "____",
        "\\\\\\\\",
        "\x01\x02\x03\x04",
        "😀😀😀😀",
        "\u202eabcd",
        "x" * 10_000,
        "'; --",
    ],
)
def test_hostile_names_break_nothing(alice, person, typed):
    person("😀", "王小明")
    person("John", "Smith")
    assert near(alice, first_name=typed, last_name=typed) == {}
    assert near(alice, last_name=typed, dob=BORN, ssn="555121234") == {}


@pytest.mark.parametrize("boxes", [{}, {"client_id": 1}, {"ssn": "12"}, {"dob": date(1, 1, 2)}])
def test_nothing_to_go_by_finds_nobody(alice, person, boxes):
    person("John", "Smith")
    assert near(alice, **boxes) == {}
