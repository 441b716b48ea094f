"""A date is read as people type and paste it, in every date field."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from clients.forms.fields import PartialDateField
from records.form_fields import DateField
from records.typed_dates import typed_date

TODAY = date(2026, 11, 29)
DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    "text",
    [
        "11/01/2026",
        "11/1/2026",
        " 11 / 01 / 2026 ",
        "11/1/26",
        "11-1-26",
        "11.1.26",
        "20261101",
        "11012026",
        "11/012026",
        "2026-11-01",
        "2026/11/1",
        "2026.11.01",
        "2026-11-01 00:00:00",
        "2026-11-01T00:00:00Z",
        "11/1/2026 12:00:00 AM",
        "Nov 1, 2026",
        "November 1 2026",
        "1 Nov 2026",
        "1-Nov-2026",
    ],
)
def test_date_is_read_however_it_is_written(text):
    assert typed_date(text, today=TODAY) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "2026", "11/2026", "20/26/1101", "13/01/2026", "02/30/2026", "1/1/0001"),
        *("2026-13-01", "00000000", "110126", "1112026", "0001-01-01", "x" * 10_000, "11/1/126"),
    ],
)
def test_what_is_no_one_date_is_refused(text):
    assert typed_date(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "ahead", "year"),
    [
        ("1/1/46", 20, 2046),
        ("1/1/47", 20, 1947),
        ("11/29/26", 0, 2026),
        ("11/30/26", 0, 1926),
        ("5/12/77", 0, 1977),
        ("5/12/00", 0, 2000),
    ],
)
def test_year_of_two_digits_is_never_far_in_the_future(text, ahead, year):
    assert typed_date(text, today=TODAY, years_ahead=ahead).year == year


def test_every_date_field_reads_what_is_pasted():
    assert DateField().clean("20261101") == DAY
    assert DateField().clean("\uff12\uff10\uff12\uff16-11-01") == DAY
    with pytest.raises(ValidationError, match="MM/DD/YYYY"):
        DateField().clean("20/26/1101")
    assert PartialDateField().clean("19770512") == date(1977, 5, 12)
