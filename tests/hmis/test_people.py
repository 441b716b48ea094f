from collections import Counter
from datetime import date
from itertools import islice
from math import gcd

import pytest

from hmis.demo import identity
from hmis.demo.load import SEED
from hmis.demo.names import nicknames, origins
from hmis.demo.people import people
from hmis.demo.person import Difference
from hmis.demo.rng import Rng
from hud.choices import DOBDataQuality, NameDataQuality, RelationshipToHoH, SSNDataQuality
from hud.rules import quality
from hud.rules import ssn as ssn_rules
from hud.text import normalised

TODAY = date(2026, 3, 2)
COUNT = 2000


@pytest.fixture(scope="module")
def population():
    return list(people(SEED, COUNT, today=TODAY))


@pytest.fixture(scope="module")
def demo():
    """As many as the demonstration takes."""
    return list(people(SEED, 274, today=TODAY))


def test_rng_draws_the_same_in_every_python():
    rng = Rng(2026)
    assert [rng.below(1000) for _ in range(8)] == [119, 502, 511, 860, 102, 223, 601, 556]


def test_same_seed_gives_the_same_people(demo):
    assert list(people(SEED, 274, today=TODAY)) == demo


def test_longer_run_begins_with_the_same_people(population, demo):
    assert population[: len(demo)] == demo


def test_another_seed_gives_other_people(demo):
    others = list(people(SEED + 1, len(demo), today=TODAY))
    same = sum(
        (a.first_name, a.last_name, a.dob) == (b.first_name, b.last_name, b.dob)
        for a, b in zip(demo, others, strict=True)
    )
    assert same < 3


def test_people_are_the_same_on_every_day_of_a_year(demo):
    assert list(people(SEED, 274, today=date(2026, 12, 31))) == demo


def test_people_are_older_a_year_later(demo):
    later = list(people(SEED, 20, today=date(2027, 3, 2)))
    assert [one.first_name for one in later] == [one.first_name for one in demo[:20]]
    born = [(a.dob.year, b.dob.year) for a, b in zip(demo, later, strict=False) if a.dob and b.dob]
    assert {b - a for a, b in born} == {1}


def test_numbers_count_up(population):
    assert [one.number for one in population] == list(range(COUNT))


ODD = {
    "no SSN: does not know": lambda one: one.ssn_data_quality == SSNDataQuality.DOES_NOT_KNOW,
    "no SSN: prefers not to answer": lambda one: one.ssn_data_quality == 9,
    "no SSN: not collected": lambda one: one.ssn_data_quality == SSNDataQuality.NOT_COLLECTED,
    "last four of the SSN": lambda one: one.ssn.startswith("xxxxx"),
    "approximate date of birth": lambda one: one.dob_data_quality == DOBDataQuality.PARTIAL,
    "no date of birth": lambda one: one.dob is None,
    "one name": lambda one: one.first_name and not one.last_name,
    "no name": lambda one: not one.first_name and not one.last_name,
    "suffix": lambda one: one.name_suffix,
    "alias": lambda one: one.aliases,
    "nickname": lambda one: (nicknames().get(one.first_name), one.last_name) in one.aliases,
    "own script": lambda one: any(not first.isascii() for first, last in one.aliases),
    "accent": lambda one: not one.last_name.isascii(),
    "hyphen": lambda one: "-" in one.last_name,
    "apostrophe": lambda one: "'" in one.last_name or "'" in one.first_name,
    "two last names": lambda one: " " in one.last_name,
    "twin": lambda one: one.twin_of is not None,
    "no race": lambda one: one.race_none,
    "several races": lambda one: len(one.races) > 1,
    "veteran": lambda one: one.veteran_status == 1,
    "sex not answered": lambda one: one.sex in {8, 9, 99},
    "no telephone": lambda one: not one.home.phone,
    "address": lambda one: one.home.address1,
}


@pytest.mark.parametrize("kind", ODD)
def test_every_odd_kind_is_in_the_demonstration(demo, kind):
    assert any(map(ODD[kind], demo))


@pytest.mark.parametrize("kind", ODD)
def test_no_odd_kind_is_everybody(population, kind):
    assert sum(map(bool, map(ODD[kind], population))) < COUNT * 0.7


@pytest.mark.parametrize("difference", Difference)
def test_every_difference_between_duplicates_is_in_the_demonstration(demo, difference):
    assert any(one.difference == difference for one in demo)


def test_near_duplicates_are_few_and_name_their_first_record(population):
    second = [one for one in population if one.duplicate_of is not None]
    assert len(second) in {COUNT // 25 - 1, COUNT // 25}
    for one in second:
        first = population[one.duplicate_of]
        assert first.number < one.number
        assert first.duplicate_of is None
        assert (first.first_name, first.last_name, first.ssn, first.dob) != (
            one.first_name,
            one.last_name,
            one.ssn,
            one.dob,
        )


def records(population, difference):
    return [
        (population[one.duplicate_of], one) for one in population if one.difference == difference
    ]


def test_nickname_replaces_the_first_name(population):
    for first, second in records(population, Difference.NICKNAME):
        assert second.first_name == nicknames()[first.first_name]


def test_swapped_names_are_crosswise(population):
    for first, second in records(population, Difference.SWAPPED_NAMES):
        assert (second.first_name, second.last_name) == (first.last_name, first.first_name)


def test_swapped_date_is_another_date_of_the_same_year(population):
    for first, second in records(population, Difference.SWAPPED_DATE):
        assert (second.dob.day, second.dob.month) == (first.dob.month, first.dob.day)
        assert second.dob != first.dob


def test_typo_leaves_another_key_of_nearly_the_same_length(population):
    for first, second in records(population, Difference.TYPO):
        assert normalised(second.last_name) != normalised(first.last_name)
        assert abs(len(second.last_name) - len(first.last_name)) <= 1


@pytest.mark.parametrize("difference", [Difference.SSN_TYPO, Difference.NEW_LAST_NAME])
def test_two_of_three_still_agree_where_one_was_wrong(population, difference):
    pairs = records(population, difference)
    assert pairs
    for pair in pairs:
        ssn, name, dob = zip(
            *((p.ssn, normalised(p.first_name + p.last_name), p.dob) for p in pair), strict=True
        )
        assert [len(set(values)) for values in (ssn, name, dob)].count(1) >= 2


def test_every_ssn_is_one_that_somebody_may_have(population):
    for one in population:
        assert ssn_rules.issues(one.ssn, quality=one.ssn_data_quality) == []


def test_no_ssn_comes_twice_but_in_a_second_record(population):
    numbers = Counter(
        one.ssn for one in population if ssn_rules.is_valid(one.ssn) and not one.difference
    )
    assert max(numbers.values()) == 1
    areas = identity.AREAS * identity.GROUPS * identity.SERIALS
    assert gcd(identity.STEP, areas) == 1


def test_qualities_are_those_that_the_rules_derive(population):
    for one in population:
        street_name = one.name_data_quality == NameDataQuality.PARTIAL
        assert one.name_data_quality == quality.of_name(
            one.first_name, one.last_name, one.name_data_quality, approximate=street_name
        )
        assert one.ssn_data_quality == quality.of_ssn(one.ssn, one.ssn_data_quality)
        assert one.dob_data_quality == quality.of_dob(
            one.dob,
            one.dob_data_quality,
            approximate=one.dob_data_quality == DOBDataQuality.PARTIAL,
        )


def test_family_shares_address_and_telephone(population):
    members = [one for one in population if one.household != one.number]
    assert len(members) > COUNT / 5
    for one in members:
        head = population[one.household]
        assert head.relationship == RelationshipToHoH.SELF
        assert one.home == head.home


def test_most_children_have_the_last_name_of_the_head(population):
    children = [one for one in population if one.relationship == RelationshipToHoH.CHILD]
    shared = sum(one.last_name == population[one.household].last_name for one in children)
    assert 0.5 < shared / len(children) < 0.95


def test_twins_are_born_on_one_day_and_have_two_names(population):
    for one in population:
        if one.twin_of is not None:
            first = population[one.twin_of]
            assert (one.dob, one.household) == (first.dob, first.household)
            assert one.first_name != first.first_name


def test_contacts_reach_nobody(population):
    for one in population:
        assert not one.home.phone or " 555-01" in one.home.phone
        assert not one.email or (one.email.endswith("@example.org") and one.email.isascii())
        assert not one.home.zip or one.home.zip.startswith("0030")


def test_veterans_are_adults(population):
    for one in population:
        if one.veteran_status == 1 and one.dob:
            assert one.dob <= TODAY.replace(year=TODAY.year - 17)


def test_names_have_a_long_tail():
    names = Counter(one.last_name for one in people(3, 20_000, today=TODAY))
    assert len(names) > 3000
    assert names.most_common(2)[1][1] > 100


def test_names_fit_their_columns_and_leave_a_key():
    for origin in {one.name: one for one in origins()}.values():
        rng = Rng(1)
        for female in (True, False):
            drawn = [origin.first_name(rng, female=female) for _ in range(300)]
            drawn += [origin.last_name(rng) for _ in range(300)]
            assert all(normalised(name) and len(name) <= 50 for name in drawn), origin.name


def test_people_come_one_by_one():
    assert len(list(islice(people(1, 10**9, today=TODAY), 3))) == 3
