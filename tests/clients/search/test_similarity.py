"""What is alike and what is not, without a database."""

from datetime import date

import pytest

from clients.models.names import deletion_variants
from clients.names import last_part, name_parts
from clients.search.similarity import (
    alike_dobs,
    alike_names,
    day_and_month_swapped,
    dobs_like,
    nicknames,
    ssns_like,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jhon", "john"),
        ("micheal", "michael"),
        ("hernandes", "hernandez"),
        ("jon", "john"),
        ("smih", "smith"),
        ("rodrigez", "rodriguez"),
        ("guadaluppe", "guadalupe"),
        ("иванов", "иваноф"),
    ],
)
def test_a_misspelling_is_alike_either_way(one, other):
    assert alike_names(one, other).reason == "Similar spelling"
    assert alike_names(other, one).reason == "Similar spelling"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mary", "gary"),
        ("mary", "mark"),
        ("jose", "rose"),
        ("ann", "amy"),
        ("ed", "al"),
        ("smith", "jones"),
        ("王小明", "李小明"),
        ("محمد", "حسين"),
    ],
)
def test_another_name_is_not_alike(one, other):
    assert alike_names(one, other) is None


def test_only_first_names_have_nicknames():
    assert alike_names("bob", "robert", first=True).reason == "Nickname"
    assert alike_names("bob", "robert") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bob", "robert"),
        ("bill", "william"),
        ("liz", "elizabeth"),
        ("beth", "elizabeth"),
        ("pepe", "jose"),
        ("paco", "francisco"),
        ("pancho", "francisco"),
        ("lupe", "guadalupe"),
        ("chuy", "jesus"),
        ("nacho", "ignacio"),
        ("peggy", "margaret"),
        ("memo", "guillermo"),
        ("kike", "enrique"),
        ("chayo", "rosario"),
    ],
)
def test_nicknames_go_both_ways(one, other):
    assert other in nicknames(one)
    assert one in nicknames(other)


def test_two_names_with_one_nickname_are_not_one_person():
    assert "nathan" not in nicknames("john")
    assert "albert" not in nicknames("alan")
    assert "rob" in nicknames("bob")


def test_nobody_is_a_nickname_of_himself():
    assert "robert" not in nicknames("robert")
    assert nicknames("") == nicknames("xyzzy") == frozenset()


def test_a_generation_apart_is_no_misspelling():
    assert alike_dobs(date(1960, 3, 4), date(1990, 3, 4)) is None
    assert alike_dobs(date(1980, 3, 4), date(1990, 3, 4)).reason.startswith("One digit")
    assert alike_dobs(date(1987, 3, 4), date(1978, 3, 4)).reason.startswith("Two digits")


@pytest.mark.parametrize(
    "day",
    [
        date(1980, 3, 4),
        date(2000, 2, 29),
        date(1999, 12, 31),
        date(1980, 1, 1),
        date(1, 1, 1),
        date(9999, 12, 31),
    ],
)
def test_dates_that_are_alike_are_few_and_all_alike(day):
    dates = dobs_like(day)
    assert dates[0] == day
    assert len(dates) == len(set(dates)) < 50
    assert all(alike_dobs(day, other) for other in dates)


def test_day_and_month():
    assert day_and_month_swapped(date(1980, 3, 4)) == date(1980, 4, 3)
    assert day_and_month_swapped(date(1980, 3, 13)) is None
    assert day_and_month_swapped(date(1980, 4, 4)) is None


def test_ssns_of_one_wrong_digit_are_at_most_ninety():
    numbers = ssns_like("219456789")
    assert len(numbers) == 1 + 81 + 8
    assert len(ssns_like("111111112")) <= 90
    assert all(len(number) == 9 for number in numbers)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("García-López", ["garcia", "lopez"]),
        ("de la Cruz", ["cruz"]),
        ("Mary Ann", ["mary", "ann"]),
        ("Smith", []),
        ("O'Neil", []),
        ("Smith Jr.", ["smith"]),
        ("", []),
        (" - ", []),
        ("😀 😀", []),
        ("van der Berg\u2013Müller", ["berg", "muller"]),
    ],
)
def test_parts_of_a_double_name(name, parts):
    assert name_parts(name) == parts
    assert last_part(name) == (parts[-1] if parts else "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("smith", "smiht"),
        ("smith", "smth"),
        ("smith", "smyth"),
        ("smith", "smitth"),
        ("محمد", "محمذ"),
        ("rodriges", "rodriguez"),
        ("hernandez", "fernandes"),
    ],
)
def test_variants_of_two_names_meet(one, other):
    assert set(deletion_variants(one)) & set(deletion_variants(other))


def test_variants_stay_few():
    assert deletion_variants("") == []
    assert len(deletion_variants("x" * 200)) == 2
    assert len(deletion_variants("abcdefghijklmnopqrst")) == 1 + 20 + 190
    assert all(-(2**31) <= number < 2**31 for number in deletion_variants("abcdefghijklmnopqrst"))
