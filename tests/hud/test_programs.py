"""Every program question x funding source x project type x audience, against HUD's manuals.

The table below is written from the program manuals (PATH, RHY, VA, HOPWA, CoC and ESG, FY2026),
not from the dictionary.
"""

from datetime import date
from itertools import product

import pytest

from hud.choices import ProjectType
from hud.columns import csv_file
from hud.elements import ELEMENTS, FIELDS, ancestors, applies, of_programs
from hud.lists import code_list
from hud.programs import Grant, funders_between
from hud.rules import programs

FUNDERS = [code for code, _ in code_list("2.06.1").values]
ES, TH, PSH, OUTREACH, SSO, PREVENTION, RRH = 0, 2, 3, 4, 6, 12, 13
RHY, GPD, HOPWA = range(22, 27), (37, 38, 39, 40, 41, 42, 45), range(13, 20)
DAY = date(2026, 3, 2)
EVERYBODY, HEAD, HEAD_AND_ADULTS, ADULTS = "all", "head", "head and adults", "adults"


def of_va(funder: int, kind: int) -> bool:
    """HUD-VASH, the residential programs of VA, and SSVF's two kinds of housing."""
    return funder in (20, 27, 30, *GPD) or (funder == 33 and kind in (PREVENTION, RRH))


def indoors(funder: int, kind: int) -> bool:
    return funder in RHY and kind != OUTREACH


def housed(funder: int, kind: int) -> bool:
    return indoors(funder, kind) and kind != PREVENTION


def housing_at_exit(funder: int, kind: int) -> bool:
    prevention = funder in (1, 2, 3, 4, 5, 6, 7, 43, 44, 56, 8, 9, 10, 11, 53) and kind == 12
    return prevention or (funder in HOPWA and kind in (ES, TH, PSH, SSO, PREVENTION))


def of_ssvf(funder: int, kind: int) -> bool:
    return funder == 33 and kind in (PREVENTION, RRH)


# element: (of whom, in which projects, whether it is sensitive)
MANUALS = {
    "P3": (HEAD_AND_ADULTS, lambda funder, kind: funder == 21, False),
    "R1": (HEAD_AND_ADULTS, indoors, False),
    "R2": (EVERYBODY, lambda funder, kind: funder == 22, False),
    "R11": (HEAD_AND_ADULTS, indoors, True),
    "R12": (HEAD_AND_ADULTS, indoors, True),
    "R13": (HEAD_AND_ADULTS, indoors, True),
    "R15": (HEAD_AND_ADULTS, lambda funder, kind: funder in RHY, True),
    "R16": (HEAD_AND_ADULTS, lambda funder, kind: funder in RHY, True),
    "R17": (HEAD_AND_ADULTS, housed, False),
    "R18": (HEAD_AND_ADULTS, indoors, True),
    "R19": (HEAD_AND_ADULTS, housed, True),
    "R20": (HEAD_AND_ADULTS, indoors, False),
    "V1": (ADULTS, of_va, False),
    "V4": (HEAD, of_ssvf, False),
    "V6": (HEAD, of_va, False),
    "V7": (HEAD, lambda funder, kind: funder == 33 and kind == PREVENTION, True),
    "V9": (HEAD, lambda funder, kind: funder == 20, False),
    "V10": (HEAD, of_ssvf, True),
    "W5": (EVERYBODY, housing_at_exit, False),
}
FILES = ("Client", "Enrollment", "Exit")


def test_every_element_of_clients_enrollments_and_exits_is_in_the_table():
    assert {one.number for file in FILES for one in of_programs(file)} == set(MANUALS)


@pytest.mark.parametrize("number", MANUALS)
def test_element_is_asked_by_the_programs_that_hud_names(number):
    audience, is_asked_by, is_sensitive = MANUALS[number]
    element = ELEMENTS[number]
    assert element.is_sensitive is is_sensitive
    assert element.heading
    for kind in ProjectType.values:
        assert not element.is_for(kind)
        for funder in FUNDERS:
            assert element.is_for(kind, [34, funder]) is is_asked_by(funder, kind), (funder, kind)
    funder, kind = next(one for one in product(FUNDERS, ProjectType.values) if is_asked_by(*one))
    for is_head, born in product((True, False), (date(1990, 1, 1), date(2015, 1, 1))):
        is_adult = born.year < 2000
        expected = {
            EVERYBODY: True,
            HEAD: is_head,
            HEAD_AND_ADULTS: is_head or is_adult,
            ADULTS: is_adult,
        }[audience]
        who = {"is_head": is_head, "dob": born, "project_type": kind, "today": DAY}
        days = {"answered_on": DAY, "entry_date": DAY}
        grants = [Grant(funder, DAY, DAY)]
        assert element.is_asked_of(**who, **days, grants=grants) is expected
        assert not element.is_asked_of(**who, **days)
        over = [Grant(funder, date(2020, 1, 1), date(2026, 3, 1))]
        assert not element.is_asked_of(**who, **days, grants=over)


def test_columns_of_the_files_are_all_in_the_dictionary_but_keys_and_metadata():
    """The questions of 3.xx stand in it too; names and numbers of a person are no questions."""
    others = {
        "Enrollment": {"los_under_threshold", "relationship_to_hoh", "entry_date"},
        "Exit": {"exit_date"},
    }
    metadata = {"date_created", "date_updated", "user_id", "date_deleted", "export_id"}
    keys = {"enrollment_id", "exit_id", "personal_id", "project_id", "household_id"}
    for file, known in others.items():
        missing = {one.field for one in csv_file(file)} - set(FIELDS) - metadata - keys
        assert missing == known


@pytest.mark.parametrize("file", FILES)
def test_question_has_the_list_of_its_column(file):
    columns = {one.field: one for one in csv_file(file)}
    for one in of_programs(file):
        column = columns[one.name]
        assert column.element.startswith(one.number), column.name
        listed = [str(code) for code, _ in column.codes.choices] if column.codes else None
        assert (one.answers and [str(code) for code in one.answers.values]) == listed, column.name
        assert bool(one.between) is (column.type == "I" and listed is None), column.name


@pytest.mark.parametrize("file", FILES)
def test_follow_up_applies_under_the_answers_that_ask_for_it(file):
    for one in of_programs(file):
        if not one.follows:
            assert applies(one.name, {})
            continue
        assert not applies(one.name, {})
        for parent, codes in one.follows.items():
            above = dict.fromkeys(ancestors(one.name))
            for up in above:  # answer upwards, so that the parent applies
                above[up] = next(
                    codes[0]
                    for child in (one.name, *above)
                    for name, codes in FIELDS[child].follows.items()
                    if name == up
                )
            for code in FIELDS[parent].answers.values:
                others = dict.fromkeys(set(one.follows) - {parent}, 0)
                is_asked = applies(one.name, above | others | {parent: code})
                assert is_asked is (code in codes), (one.name, parent, code)


def test_follow_up_of_a_question_that_does_not_apply_is_not_asked():
    forced = {"exchange_for_sex": 0, "asked_or_forced_to_exchange_for_sex": 1}
    assert not applies("asked_or_forced_to_exchange_for_sex_past_three_months", forced)
    assert applies(
        "asked_or_forced_to_exchange_for_sex_past_three_months", forced | {"exchange_for_sex": 1}
    )


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), {33}),
        (date(2026, 2, 1), date(2026, 2, 1), {33, 21}),
        (date(2026, 3, 1), date(2026, 3, 1), {21}),
        (date(2025, 1, 1), date(2025, 12, 31), set()),
        (date(2025, 1, 1), date(2030, 1, 1), {33, 21}),
    ],
    ids=str,
)
def test_grant_counts_from_its_first_to_its_last_day(first, last, found):
    grants = [
        Grant(33, date(2026, 1, 1), date(2026, 2, 28)),
        Grant(21, date(2026, 2, 1)),
    ]
    assert funders_between(grants, first, last) == found


@pytest.mark.parametrize(
    ("entered", "separated", "fields"),
    [
        (None, None, []),
        (1990, 1990, []),
        (1990, 1994, []),
        (1994, 1990, ["year_separated"]),
        (2027, None, ["year_entered_service"]),
        (2026, 2027, ["year_separated"]),
    ],
)
def test_years_of_service(entered, separated, fields):
    values = {"year_entered_service": entered, "year_separated": separated}
    found = programs.service_issues(values, today=DAY)
    assert [(one.rule, one.field, one.blocks) for one in found] == [
        ("V1", name, True) for name in fields
    ]


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (date(2026, 1, 31), True),
        (date(2026, 2, 1), False),
        (date(2026, 2, 20), False),
        (date(2026, 2, 21), True),
        (None, False),
    ],
)
def test_status_is_determined_within_the_enrollment(day, refused):
    for name in programs.STATUS_DATES:
        found = programs.status_issues(
            {name: day}, entry_date=date(2026, 2, 1), exit_date=date(2026, 2, 20), today=DAY
        )
        assert bool(found) is refused
    late = {"date_of_path_status": date(2026, 3, 3)}
    assert programs.status_issues(late, entry_date=DAY, exit_date=None, today=DAY)


@pytest.mark.parametrize(
    ("housing", "subsidy", "refused"),
    [(1, 1, False), (1, 4, False), (1, 11, True), (2, 11, False), (2, 1, True), (1, None, False)],
)
def test_subsidy_fits_the_housing_at_exit(housing, subsidy, refused):
    values = {"housing_assessment": housing, "subsidy_information": subsidy}
    assert bool(programs.exit_issues(values, exit_date=DAY, today=DAY)) is refused


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
        (date(2025, 12, 28), False),
        (date(2025, 12, 29), True),
    ],
)
def test_aftercare_is_within_180_days_after_the_exit(day, refused):
    values = {"aftercare_date": day}
    assert bool(programs.exit_issues(values, exit_date=date(2025, 7, 1), today=DAY)) is refused
    assert programs.exit_issues({"aftercare_date": date(2026, 3, 3)}, exit_date=DAY, today=DAY)
