"""What the steps of an import share: the connection, whose data, the report and the counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from exchange.violations import Kind, Report, Violation

if TYPE_CHECKING:
    from agencies.models import Organization, User
    from exchange.models import SourceSystem

Progress = Callable[[str, int, int], None]  # the file, rows done, rows of the whole set
ROWS_KEPT = 100  # of a kind of finding


@dataclass
class Counts:
    """What became of the rows of one file."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def refused(self) -> int:
        return self.rows - self.new - self.changed - self.unchanged


def _with_params(statement: str, params: Sequence[Any] | None) -> tuple[str, Sequence[Any]]:
    """The history of a write adds parameters of its own, so that a % must be a doubled one."""
    return (statement, params) if params is not None else (statement.replace("%", "%%"), ())


@dataclass
class Work:
    """One import on its way.

    Args:
        by: the user in whose name it writes what no user of the files wrote.
        organization: whose data alone are imported; None for the whole site.
        system: the system that the files come from.
        systems: the ids of those by whose keys rows are found, the first one first.
        is_own: whether the files were exported here, so that their keys are our own.
        hash_status: Export.HashStatus; `is_hashed` once names or SSNs were found to be.
        missing: by file, the columns that it has not.
        unread: by file, the columns with cells that were left out; a row has their names in
            `_unread`. Of rows that are here already they are as they were.
    """

    by: "User"
    organization: "Organization | None"
    system: "SourceSystem"
    systems: list[int]
    is_own: bool
    progress: Progress
    hash_status: str = ""
    is_hashed: bool = False
    missing: dict[str, list[str]] = field(default_factory=dict)
    unread: dict[str, set[str]] = field(default_factory=dict)
    report: Report = field(default_factory=lambda: Report(ROWS_KEPT))
    counts: dict[str, Counts] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    rows: int = 0
    done: int = 0

    def sql(self, statement: str, params: Sequence[Any] | None = None) -> int:
        """Run a statement; return how many rows it was about."""
        with connection.cursor() as cursor:
            cursor.execute(*_with_params(statement, params))
            return cursor.rowcount

    def rows_of(self, query: str, params: Sequence[Any] | None = None) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(*_with_params(query, params))
            return cursor.fetchall()

    def value(self, query: str, params: Sequence[Any] | None = None) -> Any:
        return self.rows_of(query, params)[0][0]

    def create(self, name: str, columns: str) -> None:
        """Make an empty temporary table."""
        self.tables.append(name)
        self.sql(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")

    def table(self, name: str, query: str, params: Sequence[Any] | None = None) -> None:
        """Make a temporary table of what a query finds."""
        self.tables.append(name)
        self.sql(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}", params)
        self.sql(f"ANALYZE {name}")

    def drop(self) -> None:
        """Drop the temporary tables, before the transaction does."""
        self.sql(f"DROP TABLE {', '.join(self.tables)}")

    def tell(self, violation: Violation) -> None:
        self.report.add(violation)

    def tell_rows(self, kind: Kind, count: int, rows: Sequence[int] | None) -> None:
        """Report so many rows of one kind, of which some are named."""
        if count:
            self.report.counts[kind] += count
            kept = self.report.rows.setdefault(kind, [])
            kept.extend((rows or ())[: self.report.rows_kept - len(kept)])

    def refuse(self, table: str, condition: str, kind: Kind) -> None:
        """Take out the rows of a staging table that meet a condition, and report them."""
        query = f"""
            WITH gone AS (DELETE FROM {table} t WHERE {condition} RETURNING t._row)
            SELECT count(*), (array_agg(_row ORDER BY _row))[:{ROWS_KEPT}] FROM gone
        """
        self.tell_rows(kind, *self.rows_of(query)[0])

    def note(self, table: str, condition: str, kind: Kind) -> int:
        """Report the rows of a staging table that meet a condition; return how many."""
        query = f"""
            SELECT count(*), (array_agg(_row ORDER BY _row))[:{ROWS_KEPT}]
            FROM {table} t WHERE {condition}
        """
        count, rows = self.rows_of(query)[0]
        self.tell_rows(kind, count, rows)
        return count
