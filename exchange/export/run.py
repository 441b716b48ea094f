"""Writes an export: one state of the database, streamed file by file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from secrets import token_hex
from typing import Any

from cryptography.fernet import InvalidToken
from django.db.models import F, TextField, Value
from django.db.models.functions import NullIf
from django.utils import timezone

from agencies.models import User
from clients.encryption import decrypt
from exchange.export import rights, targets
from exchange.export.about import row_about
from exchange.export.columns import kept_columns, selected
from exchange.export.identities import hashed_ssn
from exchange.export.refusals import ExportRefusedError
from exchange.export.scope import Scope
from exchange.export.snapshot import Snapshot, snapshot
from exchange.files import EXPORT, FILES, NOBODY, File
from hud.columns import csv_file
from records.model_fields import new_key

LINES_AT_ONCE = 2000
NINE_DIGITS = 9


@dataclass(frozen=True)
class Progress:
    """What has been written of a file.

    Args:
        number: of the file, the first is 1.
        rows: written so far.
        is_done: whether that is all of it.
    """

    file: str
    number: int
    of: int
    rows: int
    is_done: bool


def run(  # noqa: PLR0913 - all of them by name
    *,
    target: Path,
    by: User | None = None,
    projects: Iterable[int] | None = None,
    organizations: Iterable[int] | None = None,
    start: date | None = None,
    end: date | None = None,
    is_complete: bool = False,
    is_hashed: bool = False,
    source: int | None = None,
    password: str = "",
) -> Iterator[Progress]:
    """Write HUD's 24 files into a folder, or into a zip where the target ends in .zip.

    What may not be done is refused at once; the work is done while the progress is taken. Whoever
    closes it earlier stops the export, and nothing is left of it.

    Args:
        by: the officer; None for the shell, which exports for the whole site.
        projects, organizations: ids; left out, all of the officer's, or of the site.
        start, end: the first and last day of the period; left out, everything.
        is_complete: with deleted rows.
        is_hashed: names and SSNs as HUD hashes them.
        source: the id of a system that rows were imported from, to have the columns of its files
            that HUD does not know once more, behind HUD's.
        password: encrypts a zip (AES-256).

    Raises PermissionDenied, and ExportRefusedError with a sentence for people.
    """
    targets.check(target, password=password)
    asked = rights.Asked(projects, organizations, start, end, is_complete, is_hashed, source)
    scope = rights.scope_for(by, asked)
    return _Export(scope, by=by, is_hashed=is_hashed, source=source).written(target, password)


class _Export:
    def __init__(self, scope: Scope, *, by: User | None, is_hashed: bool, source: int | None):
        self.scope, self.by, self.is_hashed, self.source = scope, by, is_hashed, source
        self.export_id = new_key()
        self.at = timezone.now()
        self.marker = f"ssn-{token_hex(16)}"  # in no row

    def written(self, target: Path, password: str) -> Iterator[Progress]:
        rights.keep_on_record(self.scope, by=self.by, is_hashed=self.is_hashed)
        # The access log is committed before the export gets its name.
        with targets.writing(target, password=password) as folder, snapshot() as state:
            if self.by:
                rights.log_clients(self.scope, state, by=self.by)
            state.only_read()
            yield from self._files(state, folder)

    def _files(self, state: Snapshot, folder: targets.Folder | targets.Zip) -> Iterator[Progress]:
        for number, name in enumerate([EXPORT, *FILES], 1):
            rows = 0
            header, lines = self._about() if name == EXPORT else self._content(FILES[name], state)
            with folder.file(f"{name}.csv") as file:
                file.write(_text([header]))
                for batch in _batches(lines):
                    if rows:
                        yield Progress(name, number, len(FILES) + 1, rows, is_done=False)
                    file.write(b"\r\n".join(batch) + b"\r\n")
                    rows += len(batch)
            yield Progress(name, number, len(FILES) + 1, rows, is_done=True)

    def _about(self) -> tuple[list[str], Iterator[bytes]]:
        about = row_about(
            self.scope,
            export_id=self.export_id,
            by=self.by,
            at=self.at,
            is_hashed=self.is_hashed,
        )
        return csv_file(EXPORT).header, iter([_line(about)])

    def _content(self, file: File, state: Snapshot) -> tuple[list[str], Iterator[bytes]]:
        """The header of a file, and its lines without their ends."""
        columns = selected(
            file,
            export_id=self.export_id,
            marker=self.marker,
            is_hashed=self.is_hashed,
            readers=self.scope.readers,
        )
        kept = kept_columns(file, self.source, using=state.alias) if self.source else {}
        columns += kept.values()
        rows = self.scope.rows(file)
        header = [*file.csv.header, *kept]
        if file.name == "Client":
            token = NullIf(F("ssn"), Value(""), output_field=TextField())
            return header, self._with_ssns(state.copied(rows.values_list(token, *columns)))
        lines: Iterator[bytes] = (
            bytes(line[:-1]) for line in state.copied(rows.values_list(*columns))
        )
        return header, chain(lines, self._nobody(state)) if file.name == "User" else lines

    def _with_ssns(self, lines: Iterable[Any]) -> Iterator[bytes]:
        """Lines that begin with an encrypted SSN, with it where it belongs."""
        marker = self.marker.encode()
        for line in lines:
            token, _, rest = bytes(line[:-1]).partition(b",")
            yield rest.replace(marker, self._ssn(token), 1) if token else rest

    def _ssn(self, token: bytes) -> bytes:
        try:
            ssn = decrypt(token.decode())
        except InvalidToken:
            raise ExportRefusedError(
                "An SSN cannot be read: SSN_ENCRYPTION_KEYS lacks the key that it was written with."
            ) from None
        if self.is_hashed:
            return hashed_ssn(ssn).encode()
        if len(ssn) > NINE_DIGITS:
            return b""  # words of a source are no SSN
        return ssn.encode() if ssn.isalnum() else _line([ssn])

    def _nobody(self, state: Snapshot) -> Iterator[bytes]:
        """The user of rows that no user wrote, where there are any."""
        perhaps = (self.scope.rows(file) for file in FILES.values() if is_nobodys_perhaps(file))
        if any(rows.using(state.alias).filter(updated_by=None).exists() for rows in perhaps):
            moment = f"{timezone.localtime(self.at):%Y-%m-%d %H:%M:%S}"
            values = {"UserID": NOBODY, "UserLastName": "HMIS", "ExportID": self.export_id}
            values |= dict.fromkeys(("DateCreated", "DateUpdated"), moment)
            yield _line([values.get(column.name, "") for column in FILES["User"].csv])


def is_nobodys_perhaps(file: File) -> bool:
    """Whether a row of the file may be of no user."""
    written_by = [place for place in file if place.refers_to == "User"]
    return any(file.model._meta.get_field(place.own_field).null for place in written_by)


def _batches(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(lines, LINES_AT_ONCE)):
        yield batch


def _line(cells: Iterable[Any]) -> bytes:
    return _text([cells])[:-2]


def _text(rows: Iterable[Iterable[Any]]) -> bytes:
    buffer = StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
