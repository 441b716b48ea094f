"""3.01 name, 3.03 date of birth, 3.04 race, 3.07 veteran status, and their data quality."""

from datetime import date

import pytest

from hud.anniversaries import anniversary, full_years
from hud.choices import DOBDataQuality, NameDataQuality, SSNDataQuality
from hud.rules import dob, names, quality, veteran
from hud.rules.issues import Level

TODAY = date(2026, 3, 15)
LEAP_DAY = date(2004, 2, 29)


def levels(issues):
    return [(issue.level, issue.rule, issue.field) for issue in issues]


@pytest.mark.parametrize(
    ("first", "last"), [(None, None), ("", " "), ("-", "?"), ("\x00", "\u200b")]
)
def test_name_needs_first_or_last(first, last):
    assert levels(names.issues(first, last)) == [(Level.ERROR, "3.01", "first_name")]


@pytest.mark.parametrize(
    ("first", "last"), [("Ann", None), (None, "Smith"), ("李", ""), ("X" * 10_000, "")]
)
def test_one_name_passes(first, last):
    assert names.issues(first, last) == []
    assert not names.is_complete(first, last)


@pytest.mark.parametrize("chosen", [8, 9, 99])
def test_no_name_passes_when_the_user_says_why(chosen):
    assert names.issues("", "", chosen=chosen) == []


@pytest.mark.parametrize("chosen", [None, 1, 2])
def test_no_name_cannot_be_full_or_partial(chosen):
    assert names.issues("", "", chosen=chosen)


def test_name_is_complete_with_first_and_last():
    assert names.is_complete("Ann", "Smith")


@pytest.mark.parametrize(
    ("first", "last", "chosen", "expected"),
    [
        ("Ann", "Smith", None, NameDataQuality.FULL),
        ("Ann", "Smith", 9, NameDataQuality.FULL),
        ("Ann", "", 1, NameDataQuality.PARTIAL),
        ("", "Smith", 9, NameDataQuality.PARTIAL),
        ("", "", 8, NameDataQuality.DOES_NOT_KNOW),
        ("", "", 9, NameDataQuality.PREFERS_NOT_TO_ANSWER),
        ("", "", 1, NameDataQuality.NOT_COLLECTED),
        (None, None, None, NameDataQuality.NOT_COLLECTED),
    ],
)
def test_name_quality_is_derived(first, last, chosen, expected):
    assert quality.of_name(first, last, chosen) is expected


@pytest.mark.parametrize(
    ("ssn", "chosen", "expected"),
    [
        ("227-93-0267", 99, SSNDataQuality.FULL),
        ("0267", 1, SSNDataQuality.PARTIAL),
        ("666930267", 1, SSNDataQuality.PARTIAL),
        ("", 9, SSNDataQuality.PREFERS_NOT_TO_ANSWER),
        ("xxxxxxxxx", 2, SSNDataQuality.NOT_COLLECTED),
        (None, None, SSNDataQuality.NOT_COLLECTED),
    ],
)
def test_ssn_quality_is_derived(ssn, chosen, expected):
    assert quality.of_ssn(ssn, chosen) is expected


@pytest.mark.parametrize(
    ("born", "chosen", "expected"),
    [
        (date(1990, 7, 24), 8, DOBDataQuality.FULL),
        (None, 8, DOBDataQuality.DOES_NOT_KNOW),
        (None, None, DOBDataQuality.NOT_COLLECTED),
    ],
)
def test_dob_quality_is_derived(born, chosen, expected):
    assert quality.of_dob(born, chosen) is expected


def test_approximate_values_are_partial_though_they_look_complete():
    assert quality.of_dob(date(1990, 1, 1), approximate=True) is DOBDataQuality.PARTIAL
    assert quality.of_name("Little", "Bear", approximate=True) is NameDataQuality.PARTIAL
    assert quality.of_ssn("227930267", approximate=True) is SSNDataQuality.PARTIAL


def test_approximate_says_nothing_about_a_blank():
    assert quality.of_dob(None, 9, approximate=True) is DOBDataQuality.PREFERS_NOT_TO_ANSWER


def test_dob_in_the_future_is_an_error():
    assert levels(dob.issues(date(2026, 3, 16), today=TODAY)) == [(Level.ERROR, "3.03", "dob")]


@pytest.mark.parametrize("born", [None, TODAY, date(1990, 7, 24), date(1906, 3, 15)])
def test_dob_up_to_120_years_ago_passes(born):
    assert dob.issues(born, today=TODAY) == []


@pytest.mark.parametrize("born", [date(1906, 3, 14), date(1, 1, 1)])
def test_dob_more_than_120_years_ago_is_an_error(born):
    assert levels(dob.issues(born, today=TODAY)) == [(Level.ERROR, "3.03", "dob")]


def test_dob_limit_on_a_leap_day():
    today = date(2020, 2, 29)
    assert dob.issues(date(1900, 3, 1), today=today) == []
    assert dob.issues(date(1900, 2, 28), today=today)


def test_dob_equal_to_the_start_date_is_a_warning():
    found = dob.issues(date(2026, 1, 5), today=TODAY, entry_date=date(2026, 1, 5))
    assert levels(found) == [(Level.WARNING, "3.03", "dob")]


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2000, 3, 15), date(2026, 3, 14), 25),
        (date(2000, 3, 15), date(2026, 3, 15), 26),
        (LEAP_DAY, date(2022, 2, 28), 17),
        (LEAP_DAY, date(2022, 3, 1), 18),
        (LEAP_DAY, date(2024, 2, 29), 20),
        (TODAY, TODAY, 0),
        (None, TODAY, None),
        (date(2026, 3, 16), TODAY, None),
    ],
)
def test_age_in_full_years(born, on, years):
    assert dob.age(born, on) == years


@pytest.mark.parametrize(
    ("on", "adult"),
    [(date(2022, 2, 28), False), (date(2022, 3, 1), True), (date(2003, 1, 1), None)],
)
def test_leap_day_child_is_adult_on_the_first_of_march(on, adult):
    assert dob.is_adult(LEAP_DAY, on) is adult


def test_age_unknown_is_neither_adult_nor_child():
    assert dob.is_adult(None, TODAY) is None


def test_anniversary_of_a_leap_day():
    assert anniversary(LEAP_DAY, 2026) == date(2026, 3, 1)
    assert anniversary(LEAP_DAY, 2028) == date(2028, 2, 29)
    assert full_years(LEAP_DAY, date(2028, 2, 28)) == 23


def test_veteran_under_18_is_a_warning():
    found = veteran.issues(1, is_adult=False)
    assert levels(found) == [(Level.WARNING, "3.07", "veteran_status")]


@pytest.mark.parametrize(
    ("status", "adult"), [(1, True), (1, None), (0, False), (8, False), (99, False), (None, False)]
)
def test_veteran_status_passes_otherwise(status, adult):
    assert veteran.issues(status, is_adult=adult) == []
