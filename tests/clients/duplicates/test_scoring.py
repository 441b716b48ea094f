"""Who is taken for one person, and who is not: among a million clients."""

from datetime import date

import pytest

from clients.duplicates.frequencies import RARE, TermFrequencies
from clients.duplicates.person import Name
from clients.duplicates.scoring import ASKED, LISTED, weigh
from tests.clients.duplicates.conftest import BORN, SSN, somebody

HOME = {"address1": "12 Oak St", "city": "Riverton", "zip": "60101", "phone": "(312) 555-0101"}
SHELTER = {"address1": "1 Shelter St"}
FATHER = date(1952, 7, 21)


def listed(one, two, frequencies) -> bool:
    match = weigh(one, two, frequencies)
    assert weigh(two, one, frequencies).weight == pytest.approx(match.weight)
    return match.weight >= LISTED


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (somebody("john", "smith", BORN), somebody("john", "smith", BORN)),
        (somebody("john", "smith", None, SSN), somebody("john", "smith", None, SSN)),
        (somebody("peter", "brown", BORN, SSN), somebody("john", "smith", BORN, SSN)),
        (somebody("robert", "quillen", BORN), somebody("bob", "quillen", BORN)),
        (somebody("robert", "quillen", BORN), somebody("robret", "quilen", BORN)),
        (somebody("robert", "quillen", BORN), somebody("quillen", "robert", BORN)),
        (somebody("robert", "quillen", BORN), somebody("robert", "quillen", date(1980, 4, 3))),
        (
            somebody("robert", "quillen", BORN, SSN),
            somebody("robert", "quillen", None, "219456798"),
        ),
        (
            somebody("robert", "quillen", BORN, SSN),
            somebody("robert", "quillen", None, "xxxxx6789"),
        ),
        (somebody("robert", "quillen", **HOME), somebody("robert", "quillen", **HOME)),
        (
            somebody("robert", "quillen", BORN),
            somebody("bobby", "zimmer", BORN, aliases=[Name("robert", "quillen", "")]),
        ),
    ],
)
def test_one_person_misspelled_is_listed(one, two, million):
    assert listed(one, two, million)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        # Strangers of one name
        (somebody("john", "smith"), somebody("john", "smith")),
        (somebody("john", "smith", BORN), somebody("john", "smith")),
        (somebody("john", "smith", BORN), somebody("john", "smith", date(1971, 9, 9))),
        (somebody("john", "smith", None, SSN), somebody("john", "smith", None, "301552211")),
        (somebody("john", "smith", **SHELTER), somebody("john", "smith", **SHELTER)),
        # A birthday in common
        (somebody("mary", "ito", BORN), somebody("gary", "fox", BORN)),
        # Placeholders agree with nothing
        (somebody("ann", "lee", None, "999999999"), somebody("may", "fox", None, "999999999")),
        (somebody("ann", "lee", date(1900, 1, 1)), somebody("ann", "fox", date(1900, 1, 1))),
        # Families
        (somebody("john", "smith", BORN, **HOME), somebody("john", "smith", FATHER, **HOME)),
        (somebody("anna", "smith", BORN, **HOME), somebody("mary", "smith", FATHER, **HOME)),
        (
            somebody("anna", "smith", BORN, **HOME),
            somebody("anton", "smith", date(1982, 5, 6), **HOME),
        ),
        (
            somebody("anna", "smith", BORN, SSN, **HOME),
            somebody("mary", "smith", BORN, "219456711", **HOME),
        ),
        (
            somebody("anna", "smith", BORN, **HOME, sex=0),
            somebody("john", "smith", BORN, **HOME, sex=1),
        ),
    ],
)
def test_strangers_and_relatives_are_not_listed(one, two, million):
    assert not listed(one, two, million)


def test_twins_of_whom_nothing_else_is_known_are_a_question_and_no_more(million):
    """They and one person under two first names look the same: an officer is asked, at the end."""
    one, two = somebody("anna", "smith", BORN, **HOME), somebody("mary", "smith", BORN, **HOME)
    match = weigh(one, two, million)
    assert LISTED <= match.weight < 1
    assert "Different first name" in match.against
    surer = weigh(one, somebody("anna", "smith", BORN), million)
    assert surer.weight > match.weight + 5


def test_father_is_told_from_his_son_by_the_suffix_too(million):
    born = date(1980, 3, 4)
    senior = somebody("john", "smith", born, name_suffix="Sr.")
    assert (
        not weigh(
            senior, somebody("john", "smith", date(1981, 3, 4), name_suffix="Jr."), million
        ).weight
        >= LISTED
    )


def test_rare_name_says_more_than_a_common_one(million):
    common = weigh(somebody("john", "smith"), somebody("john", "smith"), million, least=-50)
    rare = weigh(somebody("zebulon", "quillen"), somebody("zebulon", "quillen"), million, least=-50)
    assert rare.weight > common.weight + 8


def test_same_name_says_less_among_more_people():
    one = somebody("zebulon", "quillen")
    weights = [
        weigh(one, one, TermFrequencies(size), least=-50).weight for size in (10_000, 1_000_000)
    ]
    assert weights[0] > weights[1]


def test_without_statistics_every_name_is_taken_for_a_rare_one():
    assert TermFrequencies().frequency("last", "smith") == RARE


def test_reasons_hold_no_data(million):
    one = somebody("robert", "quillen", BORN, SSN, **HOME)
    two = somebody("bob", "quillen", BORN, "219456798", **HOME)
    match = weigh(one, two, million)
    assert match.reasons == (
        "Same last name",
        "Nickname",
        "Same date of birth",
        "Two digits of the SSN swapped",
        "Same address",
        "Same phone",
    )
    assert 0.99 < match.score <= 1


def test_twins_with_two_ssns_are_asked_about_and_not_listed():
    one, two = somebody("anna", "smith", BORN, SSN), somebody("mary", "smith", BORN, "301552211")
    assert ASKED <= weigh(one, two, TermFrequencies(), least=ASKED).weight < LISTED
