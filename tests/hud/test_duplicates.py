"""Whether two records are of one person."""

from datetime import date

import pytest

from hud.rules.duplicates import Person, agreeing, same_person

ANN = Person("Ánn-Marie", "O'Neil", "227-93-0267", date(1990, 7, 24))
OTHER = Person("Zoe", "Quist", "464815587", date(1976, 6, 2))


@pytest.mark.parametrize(
    ("record", "agree"),
    [
        (OTHER._replace(ssn="227930267", dob=ANN.dob), ("ssn", "dob")),
        (OTHER._replace(ssn="227930267", first_name="ann marie", last_name="ONEIL"), None),
        (OTHER._replace(dob=ANN.dob, first_name="ANNMARIE", last_name="O\u2019neil"), None),
        (ANN, ("ssn", "name", "dob")),
    ],
)
def test_two_of_three_are_the_same_person(record, agree):
    assert same_person(ANN, record)
    assert same_person(record, ANN)
    assert agree is None or agreeing(ANN, record) == agree


@pytest.mark.parametrize(
    "record",
    [
        OTHER,
        OTHER._replace(ssn=ANN.ssn),
        OTHER._replace(dob=ANN.dob),
        OTHER._replace(first_name="Ann-Marie", last_name="O'Neil"),
        Person(),
    ],
)
def test_one_of_three_is_not_enough(record):
    assert not same_person(ANN, record)


def test_two_blank_records_are_not_one_person():
    assert not same_person(Person(), Person())
    assert not same_person(Person("", "", "", None), Person("-", "?", "xxx", None))


@pytest.mark.parametrize(
    "ssn",
    ["000000000", "111111111", "123456789", "999123456", "078051120", "219099999", "xxxxx0267"],
)
def test_placeholder_and_partial_numbers_do_not_count(ssn):
    assert not same_person(ANN._replace(ssn=ssn), OTHER._replace(ssn=ssn, dob=ANN.dob))


@pytest.mark.parametrize(
    ("born", "same"),
    [(date(1920, 12, 31), False), (date(1900, 1, 1), False), (date(1921, 1, 1), True)],
)
def test_birthdays_of_1920_and_before_do_not_count(born, same):
    assert same_person(ANN._replace(dob=born), OTHER._replace(ssn=ANN.ssn, dob=born)) is same


def test_name_in_part_does_not_count():
    assert not same_person(ANN._replace(last_name=""), ANN._replace(last_name="", ssn=None))


def test_second_name_may_stand_with_either():
    a = Person("Mary Ann", "Smith", None, ANN.dob)
    assert same_person(a, Person("Mary", "Ann Smith", None, ANN.dob))
