"""Whether a set of files is what HUD's specification asks for: rows, columns, codes, keys.

Violations name a place and a rule, and no value of a client's. Rows are streamed in batches, and of
each column of a batch every different value is looked at once. Keys are kept as hashes, some
80 bytes each, of one file and of those that others refer to.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from exchange.checks import Check, Problem, check_of
from exchange.files import EXPORT, FILES, REFERENCES
from exchange.reading.files import ReadFile
from exchange.reading.sources import Source, open_source
from exchange.violations import Report, Tell, Violation
from hud.spec import Condition, Specification, specification

BATCH = 5_000  # rows
UNHASHED = "1"  # Export.HashStatus
REFERENCE_NAMES = {"ResProjectID": "ProjectID"}
Values = tuple[str, ...]
Finding = tuple[str, int, Problem]  # column, row of the batch, problem


def report_on(source: Path | BinaryIO, password: str = "") -> Report:
    """Validate a folder or a zip; raises RefusedError where it cannot be read."""
    report = Report()
    with open_source(source, password) as opened:
        validate(opened, report.add)
    return report


def validate(source: Source, tell: Tell) -> None:
    """Tell every violation of an open set, what reading it repairs among them."""
    spec = specification()
    for note in source.notes:
        tell(note)
    keys: dict[str, set[int]] = {}
    people: dict[int, int] = {}
    is_hashed = source.export["HashStatus"] != UNHASHED
    for file in in_order(source):
        checks = FileChecks(file, spec, is_hashed)
        rows = file.rows(tell)
        while batch := list(islice(rows, BATCH)):
            numbers = [row.number for row in batch]
            cells = zip(*(row.values for row in batch), strict=True)
            columns = dict(zip(file.standard.header, cells, strict=True))
            for column, row, (rule, message) in (
                *checks.of_values(columns),
                *checks.of_keys(columns, keys, people),
            ):
                tell(Violation(file.name, numbers[row], column, rule, message))
        if file.name not in REFERENCES.values():
            keys.pop(file.name, None)


def in_order(source: Source) -> Iterator[ReadFile]:
    """What a file refers to comes first."""
    return (source.files[name] for name in (EXPORT, *FILES) if name in source.files)


class FileChecks:
    """The checks of one file's batches; each finding is a column, a row of the batch, a problem."""

    def __init__(self, file: ReadFile, spec: Specification, is_hashed: bool) -> None:
        self._name = file.name
        self._key = file.standard.header[0]
        known = spec.files[file.name]
        missing = set(file.missing)
        self._checks: dict[str, Check] = {
            column.name: check_of(self._name, column, known[column.name], spec, is_hashed=is_hashed)
            for column in file.standard
            if column.name not in missing
        }
        self._conditions = [one for one in spec.conditions if one.file == file.name]
        self._references = [
            (column.name, REFERENCES[column.name])
            for column in list(file.standard)[1:]
            if column.name in REFERENCES and column.name not in missing
        ]

    def of_values(self, columns: dict[str, Values]) -> Iterator[Finding]:
        for name, check in self._checks.items():
            yield from found_in(name, columns[name], check)
        for condition in self._conditions:
            problem = ("condition", words_of(condition))
            rows = list(zip(*(columns[name] for name in condition.columns), strict=True))
            bad = {values for values in set(rows) if not condition.allows(*values)}
            for row, values in enumerate(rows if bad else ()):
                if values in bad:
                    yield condition.column, row, problem

    def of_keys(
        self, columns: dict[str, Values], keys: dict[str, set[int]], people: dict[int, int]
    ) -> Iterator[Finding]:
        own = keys.setdefault(self._name, set())
        problem = ("duplicate", f"Another row has this {self._key} already.")
        for row, key in enumerate(map(hash, columns[self._key])):
            if key in own:
                yield self._key, row, problem
            own.add(key)
        for name, other in self._references:
            if other in keys:  # where a file is missing, that was told
                problem = ("orphan", f"{other}.csv has no such {REFERENCE_NAMES.get(name, name)}.")
                absent = {value for value in set(columns[name]) if hash(value) not in keys[other]}
                yield from in_rows(name, columns[name], dict.fromkeys(absent - {""}, problem))
        yield from self._of_people(columns, people)

    def _of_people(self, columns: dict[str, Values], people: dict[int, int]) -> Iterator[Finding]:
        """An enrollment is one person's: other files name both."""
        if "EnrollmentID" not in columns or "PersonalID" not in columns:
            return
        pairs = zip(columns["EnrollmentID"], columns["PersonalID"], strict=True)
        if self._name == "Enrollment":
            people.update((hash(enrollment), hash(person)) for enrollment, person in pairs)
            return
        problem = ("orphan", "The enrollment is another person's.")
        for row, (enrollment, person) in enumerate(pairs):
            if people.get(hash(enrollment), own := hash(person)) != own:
                yield "PersonalID", row, problem


def found_in(name: str, values: Values, check: Check) -> Iterator[Finding]:
    bad = {value: problem for value in set(values) if (problem := check(value))}
    return in_rows(name, values, bad)


def in_rows(name: str, values: Iterable[str], bad: dict[str, Problem]) -> Iterator[Finding]:
    for row, value in enumerate(values if bad else ()):
        if value in bad:
            yield name, row, bad[value]


def words_of(condition: Condition) -> str:
    if condition.refuses:
        return f"This code of the list is not one of {condition.column}."
    rows = " and ".join(
        [f"{name} {code}" for name, code in condition.when.items()]
        + [f"{name} other than {code}" for name, code in condition.unless.items()]
    )
    codes = f"HUD's list {condition.list_number}" if condition.list_number else "its codes"
    return f"With {rows} it is a code of {codes}."
