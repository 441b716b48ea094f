"""Lines of a CSV file that a spreadsheet opens as they are."""

import csv
from collections.abc import Iterable
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"  # by it a spreadsheet knows UTF-8
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """The rows as lines; no cell is taken for a formula."""
    buffer = StringIO()
    csv.writer(buffer).writerows([_safe(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _safe(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
