import csv
from io import StringIO

import pytest

from records.csv_text import csv_text


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_taken_for_a_formula(begin):
    (row,) = csv.reader(StringIO(csv_text([[f"{begin}1+1"]]), newline=""))
    assert row == [f"'{begin}1+1"]


def test_cells_come_back_as_they_were():
    rows = [["Smith, John", None, 7], ['say "hi"', "two\nlines", "é"]]
    read = list(csv.reader(StringIO(csv_text(rows), newline="")))
    assert read == [["Smith, John", "", "7"], ['say "hi"', "two\nlines", "é"]]
