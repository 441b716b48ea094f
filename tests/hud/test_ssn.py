"""3.02 Social Security Number."""

import csv
from pathlib import Path

import pytest

from hud.choices import SSNDataQuality
from hud.rules.issues import Level
from hud.rules.ssn import clean, invalid_reason, is_partial, is_valid, issues

SAMPLE = Path(__file__).parents[1] / "data" / "hmis_csv_fy2026_sample" / "Client.csv"
GOOD = "227930267"


@pytest.mark.parametrize(
    "text",
    [
        "227930267",
        "227-93-0267",
        "227 93 0267",
        " 227.93.0267\n",
        "227\u201393\u20110267",
        "227\u00a093\u20070267",
        "\u0662\u0662\u0667\u0669\u0663\u0660\u0662\u0666\u0667",
        "\uff12\uff12\uff17\uff0d\uff19\uff13\uff0d\uff10\uff12\uff16\uff17",
        "\x00227\x0793\u200b0267\u202c",
    ],
)
def test_ssn_is_cleaned_however_it_was_typed(text):
    assert clean(text) == GOOD
    assert is_valid(text)


@pytest.mark.parametrize("text", [None, "", "   ", "---", "xxx-xx-xxxx", "\x00\u200b"])
def test_nothing_known_is_blank(text):
    assert clean(text) == ""
    assert invalid_reason(text) is None
    assert not is_valid(text)
    assert not is_partial(text)


@pytest.mark.parametrize("text", ["0267", "xxxxx0267", "XXX-XX-0267", "x x x x x 0267"])
def test_last_four_are_stored_as_partial(text):
    assert clean(text) == "xxxxx0267"
    assert is_partial(text)
    assert invalid_reason(text) is None
    assert not is_valid(text)


@pytest.mark.parametrize("text", ["227xxxxxx", "xxx930267", "22793026x"])
def test_any_known_part_is_partial_and_not_invalid(text):
    assert is_partial(text)
    assert invalid_reason(text) is None


@pytest.mark.parametrize("text", ["xxxxx0000", "xxx00xxxx", "666xxxxxx", "9xxxxxxxx", "000xx1234"])
def test_partial_ssn_with_an_impossible_part_is_invalid(text):
    assert invalid_reason(text)


@pytest.mark.parametrize("text", ["227-93-0267", "0267", "x1", "***-**-0267", None, "\u0663"])
def test_clean_is_idempotent(text):
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "text",
    ["1", "123", "12345", "22793026", "2279302671", "22793O267", "abc", "x0267", "0" * 10_000],
)
def test_ssn_that_is_not_nine_digits_is_invalid(text):
    assert invalid_reason(text) == "Enter nine digits, or only the last four."


@pytest.mark.parametrize("text", ["***-**-0267", "•••-••-0267", "###-##-0267"])
def test_masked_ssn_sent_back_is_not_taken_for_a_partial_one(text):
    assert invalid_reason(text)


def test_ssn_with_area_000_is_invalid():
    assert "first three" in invalid_reason("000930267")


def test_ssn_with_area_666_is_invalid():
    assert "first three" in invalid_reason("666930267")


@pytest.mark.parametrize("area", ["900", "950", "999"])
def test_ssn_with_area_900_to_999_is_invalid(area):
    assert "first three" in invalid_reason(f"{area}930267")


@pytest.mark.parametrize("area", ["001", "665", "667", "899"])
def test_ssn_beside_the_forbidden_areas_is_valid(area):
    assert is_valid(f"{area}930267")


def test_ssn_with_group_00_is_invalid():
    assert "fourth and fifth" in invalid_reason("227000267")


def test_ssn_with_serial_0000_is_invalid():
    assert "last four" in invalid_reason("227930000")


@pytest.mark.parametrize("digit", range(10))
def test_ssn_of_one_repeated_digit_is_invalid(digit):
    assert "one digit nine times" in invalid_reason(str(digit) * 9)


@pytest.mark.parametrize("start", range(10))
@pytest.mark.parametrize("step", [1, -1])
def test_ssn_that_runs_up_or_down_is_invalid_wrapping_too(start, step):
    run = "".join(str((start + step * place) % 10) for place in range(9))
    assert "count up or down" in invalid_reason(run)


def test_run_of_eight_is_no_run():
    assert is_valid("123456780")


def test_219099999_is_invalid_with_a_sentence_of_its_own():
    assert "pamphlet" in invalid_reason("219-09-9999")


def test_078051120_is_invalid_with_a_sentence_of_its_own():
    assert "wallets" in invalid_reason("078-05-1120")


def test_invalid_ssn_blocks_under_its_rule():
    (issue,) = issues("666930267", quality=8)
    assert (issue.level, issue.rule, issue.field) == (Level.ERROR, "3.02", "ssn")


def test_partial_ssn_called_full_is_an_error():
    (issue,) = issues("xxxxx0267", quality=SSNDataQuality.FULL)
    assert issue.message == "Enter all nine digits, or mark the number as partial."


@pytest.mark.parametrize("quality", [None, 2, 8, 9, 99])
def test_partial_ssn_passes_with_any_other_quality(quality):
    assert issues("0267", quality=quality) == []


@pytest.mark.parametrize("quality", [None, 1, 2, 8, 9, 99])
def test_blank_ssn_always_passes(quality):
    assert issues(None, quality=quality) == []


def test_no_message_repeats_the_number():
    for ssn in ["219099999", "666930267", "12345"]:
        assert ssn not in invalid_reason(ssn)


def test_sample_has_46_blank_and_13_invalid_numbers():
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["SSN"], int(row["SSNDataQuality"])) for row in csv.DictReader(file)]
    assert sum(not clean(ssn) for ssn, _ in rows) == 46
    assert sum(bool(issues(ssn, quality=quality)) for ssn, quality in rows) == 13
