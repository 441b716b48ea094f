"""What the standard has no file for, from a simple CSV (docs/migrating.md).

Each row is a transaction of its own, and a row that came in before is left alone: running it again
goes on where it ended.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import pghistory
from django.core.exceptions import ValidationError
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from agencies.models import Organization, User
from clients.locks import lock_clients
from clients.models import Client, ClientAccess, ClientRecord
from enrollments.models import Enrollment
from exchange.imports.keys import LONGEST_KEY
from exchange.models import SourceKey, SourceSystem
from exchange.reading.files import LONGEST_CELL
from exchange.reading.refusals import RefusedError
from exchange.reading.text import Utf8
from records.conflicts import concurrent_change
from records.constraints import check_deferred, constraint_messages
from records.model_fields import has_key
from records.typed_dates import typed_date

YES = {"1", "yes", "y", "true"}
KNOWN, NEW, REFUSED = "here already", "new", "refused"
STALE = concurrent_change("merged this client, or undid a merge,", "Run the import again.")
csv.field_size_limit(LONGEST_CELL)
Found = TypeVar("Found", Client, Enrollment, Organization)
Tell = Callable[[int, str], None]


PEOPLE = Client.objects.select_related("organization", "merged_into__organization")
ENROLLMENTS = Enrollment.objects.select_related("organization")


class RowError(Exception):
    """A row cannot be taken; the text says why and quotes nothing of it."""


class DryRunError(Exception):
    """Rolls back what would have been written."""


@dataclass
class Load:
    """One run over one table.

    Args:
        file: what `SourceKey` calls the kind of row.
        page: what the access log calls the run.
        system: where the keys in the table come from.
        by: in whose name rows of unknown users are filed.
    """

    file: str
    page: str
    system: SourceSystem
    by: User
    is_dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    authors: dict[str, User] = field(default_factory=dict)
    organizations: dict[str, Organization | None] = field(default_factory=dict)

    def run(
        self, rows: Iterator[dict[str, str]], key: str, write: "Callable[[Row], None]", tell: Tell
    ) -> Counter[str]:
        """Write each row that is not here yet; `tell` is given the number and why of others.

        Args:
            key: the column that holds the row's own key.
        """
        for number, cells in enumerate(rows, 2):
            row = Row(cells, self)
            try:
                outcome = self._take(row, key, write)
            except (RowError, ValidationError) as error:
                outcome = REFUSED
                tell(number, " ".join(getattr(error, "messages", error.args)))
            self.counts[outcome] += 1
        return self.counts

    def _take(self, row: "Row", key: str, write: "Callable[[Row], None]") -> str:
        row.key = row.needed(key)
        if len(row.key) > LONGEST_KEY:
            raise RowError(f"{key} is longer than {LONGEST_KEY} characters.")
        keys = SourceKey.objects.filter(system=self.system, file=self.file, key=row.key)
        if keys.exists():
            return KNOWN
        row.find()
        with pghistory.context(user=row.author.pk, organization=row.organization.pk):
            write(row)
        return NEW


@dataclass
class Row:
    """One row, and whom it is about."""

    cells: dict[str, str]
    load: Load
    key: str = ""
    person: Client = field(init=False)
    client: Client = field(init=False)
    enrollment: Enrollment | None = None
    organization: Organization = field(init=False)
    author: User = field(init=False)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column.lower(), "").strip()

    def needed(self, column: str) -> str:
        if not (text := self[column]):
            raise RowError(f"{column} is blank.")
        return text

    def day(self, column: str) -> date | None:
        """The date of a column; RowError for a text that is none."""
        if not (text := self[column]):
            return None
        day = typed_date(text, today=timezone.localdate())
        if day is None:
            raise RowError(f"{column} is not a date.")
        return day

    def says_yes(self, column: str) -> bool:
        return self[column].lower() in YES

    def find(self) -> None:
        """Look up the client, the enrollment, the organization and the author."""
        text = self.needed("PersonalID")
        person = self._of(PEOPLE, "Client", text, has_key("personal_id", [text]))
        if person is None:
            raise RowError("There is no client with this PersonalID. Import Client.csv first.")
        self.person, self.client = person, person.merged_into or person
        if self.client.date_deleted is not None:
            raise RowError("The client with this PersonalID was merged into one who was deleted.")
        if text := self["EnrollmentID"]:
            self.enrollment = self._of(
                ENROLLMENTS, "Enrollment", text, has_key("enrollment_id", [text])
            )
            if self.enrollment is None or self.enrollment.client_id != self.client.pk:
                raise RowError("This client has no enrollment with this EnrollmentID.")
        self.organization = self._organization()
        self.author = self._author()

    def _author(self) -> User:
        email, authors = self["Author"].lower(), self.load.authors
        if email not in authors:
            named = User.objects.filter(email=email).first() if email else None
            authors[email] = named or self.load.by
        return authors[email]

    def _organization(self) -> Organization:
        text, known = self["Organization"], self.load.organizations
        if not text:
            return (self.enrollment or self.client).organization
        if text not in known:
            named = Organization.objects.filter(
                Q(organization_name__iexact=text) | Q(organization_common_name__iexact=text)
            )
            places, own = Organization.objects.all(), Q(organization_id=text)
            known[text] = named.first() or self._of(places, "Organization", text, own)
        if (found := known[text]) is None:
            raise RowError("There is no organization of this name or OrganizationID.")
        return found

    def _of(self, rows: QuerySet[Found], file: str, key: str, own: Q) -> Found | None:
        """One of the rows by its key in the source, or else by our own."""
        keys = SourceKey.objects.filter(system=self.load.system, file=file, key=key)
        return rows.filter(pk__in=keys.values("row_id")).first() or rows.filter(own).first()

    def save(self, record: ClientRecord) -> None:
        """Write the record, its key and who wrote; ValidationError or RowError says why not.

        In one transaction, the client's row is locked first, as every writer does (docs/locks.md).
        """
        with suppress(DryRunError), constraint_messages():
            lock_clients([self.client.pk])
            if not self._is_as_found():
                raise RowError(STALE)
            record.client, record.organization = self.client, self.organization
            record.stamp(by=self.author)
            # What it refers to has been read.
            record.full_clean(exclude=[one.name for one in record._meta.fields if one.is_relation])
            record.validate_constraints()
            record.save()
            keys = {"system": self.load.system, "file": self.load.file, "key": self.key}
            SourceKey.objects.create(**keys, row_id=record.pk)
            ClientAccess.objects.create(
                client=self.client,
                user=self.load.by,
                organization=self.organization,
                kind=ClientAccess.Kind.CHANGE,
                page=self.load.page,
            )
            if self.load.is_dry_run:
                check_deferred()
                raise DryRunError

    def _is_as_found(self) -> bool:
        """Whether client and enrollment belong together as they did before the lock.

        What was merged away since needs no look: the database files it with who remains.
        """
        if self.client == self.person and not self.enrollment:
            return True
        people = Client.objects.filter(pk=self.person.pk, merged_into=self.person.merged_into)
        if self.enrollment:
            theirs = Enrollment.objects.filter(pk=self.enrollment.pk, client=self.client)
            people = people.filter(Exists(theirs))
        return people.exists()


def rows_of(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a CSV file by header name, in lower case.

    Args:
        columns: those without which nothing can be done.

    Raises:
        RefusedError: with a sentence, where the file cannot be read or lacks a column.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise RefusedError(f"{path.name} cannot be opened: {error.strerror}.") from error
    with raw, io.TextIOWrapper(io.BufferedReader(Utf8(raw)), "utf-8", newline="") as text:
        reader = csv.DictReader(text)
        try:
            header = [name.strip().lower() for name in reader.fieldnames or ()]
        except csv.Error as error:
            raise RefusedError(f"{path.name} has no header that can be read.") from error
        if missing := [name for name in columns if name.lower() not in header]:
            raise RefusedError(f"{path.name} has no column {missing[0]}.")
        reader.fieldnames = header
        try:
            for cells in reader:
                yield {name: text or "" for name, text in cells.items() if isinstance(name, str)}
        except csv.Error as error:
            raise RefusedError(f"{path.name} is damaged after line {reader.line_num}.") from error
