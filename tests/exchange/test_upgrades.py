"""FY2024 files come in as FY2026, and what that changes is told."""

import pytest

from exchange.reading.sources import open_source
from exchange.reading.upgrades import year_of
from exchange.validator import report_on
from tests.exchange.breaking import make_fy2024
from tests.exchange.sets import small_set


@pytest.fixture
def source(tmp_path):
    with open_source(make_fy2024(tmp_path)) as opened:
        yield opened


def rows(source, name):
    file = source.files[name]
    return [
        dict(zip(file.standard.header, row.values, strict=True)) | row.others for row in file.rows()
    ]


def test_race_has_its_new_name_and_nobodys_sex_is_guessed(source):
    assert source.year == 2024
    clients = rows(source, "Client")
    before = small_set().rows["Client"]
    assert [one["HispanicLatinao"] for one in clients] == [one["HispanicLatinao"] for one in before]
    assert [one["Sex"] for one in clients] == ["99", "99", "99"]


def test_retired_columns_are_kept_beside_the_record(source):
    assert [row.others for row in source.files["Client"].rows()] == [{"Woman": "1"}] * 3
    first, *_ = source.files["Enrollment"].rows()
    assert first.others == {"SexualOrientation": "1"}


def test_code_without_a_successor_becomes_blank(source):
    assert [one["CounselingReceived"] for one in rows(source, "Exit")] == [""]


def test_report_says_what_became_of_each_column(tmp_path):
    found = {one.message for one in report_on(make_fy2024(tmp_path))}
    assert {
        "HispanicLatinaeo is called HispanicLatinao since FY2026.",
        "Sex is new in FY2026: 99, data not collected, for every row.",
        "Woman is retired since FY2026. It is kept beside the record.",
        "SexualOrientation is retired since FY2026. It is kept beside the record.",
        "FY2026 has no code 99 here any more.",
    } <= found


@pytest.mark.parametrize(
    ("version", "header", "year"),
    [
        ("2026 v1.0", [], 2026),
        ("FY2024 1.6", [], 2024),
        ("1.0", ["PersonalID", "Sex"], 2026),
        ("", ["personalid", "HISPANICLATINAEO"], 2024),
    ],
)
def test_year_is_recognized(version, header, year):
    assert year_of(version, header) == year
