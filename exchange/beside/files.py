"""Documents of another system, from a folder and a table about them (docs/migrating.md)."""

from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction

from exchange.beside.table import Load, Row, RowError, Tell, rows_of
from files import clamav
from files.actions import stored
from files.inspection import RefusedFileError, inspect
from files.models import ClientFile, Status
from files.models.client_file import Category
from files.store import StoreError
from files.uploads import VIRUS, clean_name, too_large

COLUMNS = ("FileID", "PersonalID", "Path")
CATEGORIES = {str(word).lower(): one for one in Category for word in (one.label, one.value)}


def import_documents(table: Path, folder: Path, *, load: Load, tell: Tell) -> None:
    """File the documents that a table names; RefusedError where it cannot be read at all."""
    load.run(rows_of(table, COLUMNS), "FileID", partial(_write, folder.resolve()), tell)


def _write(folder: Path, row: Row) -> None:
    path = (folder / row.needed("Path")).resolve()
    if not path.is_relative_to(folder):
        raise RowError("Path leads out of the folder.")
    category = CATEGORIES.get(row["Category"].lower(), Category.OTHER if row["Category"] else "")
    record = ClientFile(
        document_name=clean_name(row["DocumentName"] or path.name),
        category=category,
        expires_on=row.day("ExpiresOn"),
    )
    try:
        with path.open("rb") as content:
            _store(row, record, content, path.name)
    except FileNotFoundError:
        raise RowError("There is no file at this Path.") from None
    except OSError as error:
        raise RowError(f"The file at this Path cannot be read: {error.strerror}.") from error
    except RefusedFileError as error:
        raise RowError(error.sentence) from error
    except clamav.NoAnswerError as error:
        raise RowError("The virus scanner gives no answer. Run this again later.") from error
    except StoreError as error:
        raise RowError(error.sentence) from error


def _store(row: Row, record: ClientFile, content: IO[bytes], name: str) -> None:
    size = content.seek(0, 2)
    if size > settings.MAX_UPLOAD_BYTES:
        raise RowError(too_large(size))
    content.seek(0)
    if clamav.is_used() and not clamav.is_clean(content):
        raise RowError(VIRUS)
    findings = inspect(content, name)
    thumbnail = next(iter(findings.pictures), None)
    if row.load.is_dry_run:
        return
    kind, pages, ready = findings.kind, findings.pages, Status.READY
    keep = stored(content=content, kind=kind, pages=pages, thumbnail=thumbnail, status=ready)
    with keep as upload, transaction.atomic():
        record.stored = upload.record()
        row.save(record)
