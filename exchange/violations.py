"""What was found in a file of the exchange: a place, a rule, a sentence, and never a value."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Violation(NamedTuple):
    """One finding.

    Args:
        file: HUD's name of the file, "" for the set as a whole.
        row: as a spreadsheet numbers it: the header is row 1; None for the file as a whole.
        column: HUD's name of the column, "" for the row as a whole.
        rule: a word to count by, such as "type" or "orphan".
        message: a sentence for people, without anybody's data.
    """

    file: str
    row: int | None
    column: str
    rule: str
    message: str


Tell = Callable[[Violation], None]
Say = Callable[[int | None, str, str, str], None]  # within a file: row, column, rule, message


class Kind(NamedTuple):
    """What findings are counted by."""

    file: str
    column: str
    rule: str
    message: str


# Rules of what is worth to know and no violation: what older data hold, what is kept beside HUD's.
NOTES = frozenset({"ignored", "kept", "retired", "upgrade"})


class Report:
    """Findings, counted by kind; of each kind the first rows alone are kept."""

    def __init__(self, rows_kept: int = 100) -> None:
        self.rows_kept = rows_kept
        self.counts: Counter[Kind] = Counter()
        self.rows: dict[Kind, list[int]] = {}

    def add(self, violation: Violation) -> None:
        kind = Kind(violation.file, violation.column, violation.rule, violation.message)
        self.counts[kind] += 1
        rows = self.rows.setdefault(kind, [])
        if violation.row is not None and len(rows) < self.rows_kept:
            rows.append(violation.row)

    @property
    def total(self) -> int:
        """How many violations of HUD's specification there are, those that reading repairs too."""
        return sum(count for kind, count in self.counts.items() if kind.rule not in NOTES)

    def __iter__(self) -> Iterator[Violation]:
        """One violation a kept row, or one of a kind that has no row."""
        for kind, rows in self.rows.items():
            places: list[int | None] = [*rows] or [None]
            for row in places:
                yield Violation(kind.file, row, kind.column, kind.rule, kind.message)
