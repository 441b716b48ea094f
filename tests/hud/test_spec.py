"""HUD's own specification, and where it differs from what our models are made of."""

import pytest

from hud.columns import csv_files
from hud.lists import code_lists
from hud.spec import OPTIONAL, specification

SPEC = specification()
# Lists that HUD's draft calls otherwise than its list of lists does.
SAME_LIST = {"W5.A-B": "W5.AB", "V3.4": "V3.3", "V8.2": "V8.1", "W2.2": "V2.3"}
# 3.12.1 is the list of all living situations; conditions leave out those that a column lacks.
SITUATIONS = {
    ("Enrollment", "LivingSituation"): "3.917",
    ("Exit", "Destination"): "3.12",
    ("CurrentLivingSituation", "CurrentLivingSituation"): "4.12",
}


def pairs():
    for name, file in SPEC.files.items():
        for column in file:
            if ours := csv_files()[name].find(column.name):
                yield (name, column.name), column, ours


def test_it_has_522_columns_783_codes_and_20_conditions():
    assert sum(map(len, SPEC.files.values())) == 522
    assert sum(map(len, SPEC.lists.values())) == 783
    assert len(SPEC.conditions) == 20


def test_columns_of_ours_are_its_columns_but_for_c4_and_one_letter():
    def names(files):
        return {(name, column.name) for name, file in files.items() for column in file}

    assert names(SPEC.files) - names(csv_files()) == {
        *(("Enrollment", name) for name in OPTIONAL),
        ("Exit", "WorkplaceViolenceThreats"),
    }
    assert names(csv_files()) - names(SPEC.files) == {("Exit", "WorkPlaceViolenceThreats")}


def test_columns_stand_in_its_order():
    for name, file in SPEC.files.items():
        known = [column.name.lower() for column in file if column.name not in OPTIONAL]
        assert known == [column.name.lower() for column in csv_files()[name]]


def test_types_and_lengths_are_its_own():
    assert not {
        place: (column, ours)
        for place, column, ours in pairs()
        if column.type != ours.type
        or (column.max_length != ours.max_length and (column.max_length or place[1] != "ExportID"))
    }


def test_columns_that_may_be_blank_are_its_own():
    assert {place for place, column, ours in pairs() if column.null != ours.null} == set()


def test_columns_have_its_lists():
    different = {
        place: (column.list_number, ours.list_number)
        for place, column, ours in pairs()
        if SAME_LIST.get(column.list_number, column.list_number) != ours.list_number
    }
    assert different == {
        **{place: ("3.12.1", ours) for place, ours in SITUATIONS.items()},
        # Without the list of CoC codes: the shape of the code is asked for.
        **dict.fromkeys(
            (("ProjectCoC", "CoCCode"), ("Inventory", "CoCCode"), ("Enrollment", "EnrollmentCoC")),
            (None, "2.03.1"),
        ),
        ("Export", "SourceType"): (None, "1.9"),
    }


def test_lists_have_its_codes():
    different = {}
    for number, codes in SPEC.lists.items():
        if ours := code_lists().get(SAME_LIST.get(number, number)):
            keys = {str(key) for key, _ in ours.values}
            if keys != codes:
                different[number] = (codes - keys, keys - codes)
    assert different == {"2.06.1": (set(), {"32"}), "R11.A": (set(), {"99"})}
    unknown = {number for number in SPEC.lists if SAME_LIST.get(number, number) not in code_lists()}
    assert unknown == {"3.12.1", "R3.1"}  # R3.1 was retired with its column


def test_living_situations_are_those_of_the_list_that_conditions_leave():
    for (file, column), number in SITUATIONS.items():
        [condition] = [c for c in SPEC.conditions if (c.file, c.column) == (file, column)]
        assert condition.refuses
        assert condition.codes <= SPEC.lists["3.12.1"]
        ours = {str(key) for key, _ in code_lists()[number].values}
        assert SPEC.lists["3.12.1"] - condition.codes == ours


def test_conditions_name_columns_of_their_files():
    for condition in SPEC.conditions:
        assert all(name in SPEC.files[condition.file] for name in condition.columns)


def of(column, index=0):
    return [condition for condition in SPEC.conditions if condition.column == column][index]


@pytest.mark.parametrize(
    ("condition", "values", "is_allowed"),
    [
        (of("LivingSituation"), ("116",), True),
        (of("LivingSituation"), ("312",), False),
        (of("LivingSituation"), ("",), True),
        (of("DisabilityResponse", 0), ("10", "3"), True),
        (of("DisabilityResponse", 0), ("10", "4"), False),
        (of("DisabilityResponse", 0), ("5", "4"), True),  # the next one's matter
        (of("DisabilityResponse", 1), ("5", "3"), False),
        (of("DisabilityResponse", 1), ("10", "3"), True),
        (of("DisabilityResponse", 1), ("", "3"), False),
        (of("SubTypeProvided", 0), ("144", "3", "1"), True),
        (of("SubTypeProvided", 0), ("144", "3", "77"), False),
        (of("SubTypeProvided", 0), ("144", "4", "77"), True),
        (of("SubTypeProvided", 0), ("141", "3", "77"), True),
        (of("SubsidyInformation", 1), ("2", "11"), True),
        (of("SubsidyInformation", 1), ("2", "1"), False),
    ],
)
def test_condition_allows_what_it_says(condition, values, is_allowed):
    assert condition.allows(*values) is is_allowed
