"""What spreadsheets and databases write for dates, read as HUD writes them."""

import pytest

from exchange.reading.cells import as_iso
from exchange.violations import Report, Violation


@pytest.mark.parametrize(
    ("text", "type_", "iso"),
    [
        ("2/7/2023", "D", "2023-02-07"),
        ("02-07-2023 12:00:00", "T", "2023-02-07 12:00:00"),
        ("2023/2/7", "D", "2023-02-07"),
        ("20230207", "D", "2023-02-07"),
        ("2023-02-07 00:00:00", "D", "2023-02-07"),
        ("2023-02-07T08:09:10.123Z", "T", "2023-02-07 08:09:10"),
        ("2023-02-07T08:09:10-05:00", "T", "2023-02-07 08:09:10"),
        ("2023-02-07", "T", "2023-02-07 00:00:00"),
        ("2/7/2023 12:05 AM", "T", "2023-02-07 00:05:00"),
        ("2/7/2023 12:05:06 pm", "T", "2023-02-07 12:05:06"),
        ("2/7/2023 3:05 PM", "T", "2023-02-07 15:05:00"),
        ("2024-2-29", "D", "2024-02-29"),
    ],
)
def test_date_is_read_as_it_was_meant(text, type_, iso):
    assert as_iso(text, type_) == iso


@pytest.mark.parametrize(
    "text", ["13/7/2023", "2023-02-29", "7.2.23", "spring", "2023-02-07 25:00", "2023-02-07 noon"]
)
def test_what_is_no_date_stays_for_the_validator(text):
    assert as_iso(text, "D") == text


def test_report_counts_all_and_keeps_the_first_rows():
    report = Report(rows_kept=2)
    for row in (5, 6, 7):
        report.add(Violation("Exit", row, "ExitDate", "type", "It is not a date."))
    report.add(Violation("User", None, "", "missing", "User.csv is missing."))
    assert report.total == 4
    assert [one.row for one in report] == [5, 6, None]
